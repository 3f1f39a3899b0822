"""A library with one meeting of four hours (2,500 turns, 60,000 characters), made of the sample's sentences, for the
benchmark of the editor: as drafted, or with a journal of thousands of edits."""

import argparse
import itertools
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pipeline.config.meeting_file import load_meeting
from pipeline.editing.desk import Desk, Submission
from pipeline.records.edits import Confirm, Splice
from pipeline.records.job import DraftOptions, EngineChoice
from pipeline.records.minutes import Block, Minutes, Sentence, Speech
from pipeline.records.words import Word
from pipeline.review.sound import make_sound
from pipeline.run.draft import DraftRequest, draft
from pipeline.run.execute import Silent
from pipeline.store.artifacts import write_artifact
from pipeline.store.library import Library
from pipeline.store.tables.meetings import State

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "audio_samples" / "meeting.opus"
HOURS = 4
TURNS = 2500
CHARACTERS = 60_000


def library_of(folder: Path, edits: int = 0) -> str:
    """Make the library; the id of its meeting."""
    meeting = load_meeting(ROOT / "audio_samples" / "meeting.toml")
    minutes = long_minutes(_drafted(folder / "sample"))
    library = Library.open(folder / "library", create=True)
    row = library.add(meeting, [(SAMPLE, "会議.opus")])
    work = library.workspace(row.id).work_dir
    work.mkdir(parents=True)
    write_artifact(library.workspace(row.id).artifact("compose"), "0" * 64, minutes)
    _write_sound(work / "waveform-long.wav")
    make_sound(work / "waveform-long.wav")
    library.change(row.id, state=State.DRAFT)
    if edits:
        _edit(library, row.id, edits)
    library.close()
    return row.id


def _drafted(out: Path) -> Minutes:
    options = DraftOptions(engines=EngineChoice(replay=ROOT / "tests" / "data" / "replay"))
    meeting = load_meeting(ROOT / "audio_samples" / "meeting.toml")
    draft(DraftRequest(sources=(SAMPLE,), meeting=meeting, out_dir=out, options=options), Silent())
    return Minutes.model_validate_json((out / "minutes.json").read_text(encoding="utf-8"))


def long_minutes(sample: Minutes) -> Minutes:
    """A turn is as many sentences as it takes to have said enough by then; a heading after each 100."""
    said = [
        (speech, sentence)
        for speech in sample.body
        if isinstance(speech, Speech)
        for paragraph in speech.paragraphs
        for sentence in paragraph
        if sentence.text
    ]
    heading = next(block for block in sample.body if block.kind == "heading")
    length_ms = HOURS * 3_600_000
    step_ms = length_ms // TURNS
    body: list[Block] = []
    sentences, characters = itertools.cycle(said), 0
    for number in range(TURNS):
        at = number * step_ms
        if number % 100 == 0:
            body.append(heading.model_copy(update={"id": f"h{number}", "start_ms": at}))
        speech, sentence = next(sentences)
        spoken = [sentence]
        while characters + sum(len(each.text) for each in spoken) < CHARACTERS * (number + 1) / TURNS:
            spoken.append(next(sentences)[1])
        characters += sum(len(each.text) for each in spoken)
        room_ms = step_ms // len(spoken)
        moved = tuple(_moved(each, at + place * room_ms, room_ms) for place, each in enumerate(spoken))
        times = {"start_ms": at, "end_ms": moved[-1].end_ms}
        body.append(speech.model_copy(update={"id": f"b{number:05}", "paragraphs": (moved,), **times}))
    return sample.model_copy(update={"body": tuple(body), "duration_ms": length_ms})


def _moved(sentence: Sentence, at: int, room_ms: int) -> Sentence:
    """The same words within the room there is."""
    span = max(1, sentence.end_ms - sentence.start_ms)
    scale = min(1.0, room_ms / span)

    def time(ms: int) -> int:
        return at + round((ms - sentence.start_ms) * scale)

    def moved(word: Word) -> Word:
        return word.model_copy(update={"start_ms": time(word.start_ms), "end_ms": time(word.end_ms)})

    words = tuple(map(moved, sentence.words))
    return sentence.model_copy(update={"start_ms": at, "end_ms": time(sentence.end_ms), "words": words})


def _write_sound(path: Path) -> None:
    """A tone that swells and fades like speech."""
    rate = 16_000
    second = np.sin(np.arange(rate) * 2 * np.pi * 180 / rate) * np.abs(np.sin(np.arange(rate) * 2 * np.pi * 2.2 / rate))
    minute = b"".join((second * 9000 * (0.3 + 0.7 * abs(np.sin(n)))).astype("<i2").tobytes() for n in range(60))
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, rate, 0, "NONE", ""))
        for _ in range(HOURS * 60):
            out.writeframesraw(minute)


def _edit(library: Library, meeting_id: str, edits: int) -> None:
    """A journal as long work leaves it: bursts of typing and confirmations, all over the meeting."""
    desk = Desk(library, meeting_id)
    for number, submission in enumerate(_submissions(desk, edits)):
        desk.submit(submission, "鈴木" if number % 3 else "佐藤")


def _submissions(desk: Desk, edits: int) -> Iterator[Submission]:
    turns = [entry.id for entry in desk.fold.sheet.entries if isinstance(entry.block, Speech)]
    for number in range(edits):
        turn = turns[number * 7 % len(turns)]
        if number % 4 == 3:
            yield Submission(key=f"e{number}", operations=(Confirm(ids=(turn,)),))
        else:
            splice = Splice(id=turn, at=0, removed="", inserted="直")
            yield Submission(key=f"e{number}", operations=(splice,), group=f"g{number // 3}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--edits", type=int, default=0)
    given = parser.parse_args()
    print(library_of(given.folder, given.edits))
