"""Takes a voice from a corrected meeting or a short recording. Only the embedding stays; sound is read and left."""

import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from pipeline.documents.minutes_json import read_minutes
from pipeline.editing.desk import corrected
from pipeline.engines.decoder import FfmpegDecoder
from pipeline.engines.detector import SileroDetector
from pipeline.engines.pyannote.voiceprint import VoicePrinter
from pipeline.errors import VoicesError
from pipeline.records.base import Record, Span
from pipeline.records.minutes import Minutes
from pipeline.records.voices import VoiceProfile
from pipeline.stages.reassign_roles import speeches
from pipeline.store.library import Library
from pipeline.store.voices import keep_voice
from pipeline.store.workspace import Workspace
from pipeline.weights.locate import locate


class Person(Record):
    """Whose voice it is, and what was agreed."""

    name: str
    office: str | None
    consent: str


def enroll_recording(folder: Path, person: Person, recording: Path, today: date) -> VoiceProfile:
    """From a recording in which only this person speaks. Raises VoicesError when there is too little speech."""
    with tempfile.TemporaryDirectory() as place:
        waveform = Path(place) / "voice.wav"
        decoder, detector = FfmpegDecoder(), SileroDetector()
        with closing(decoder), closing(detector):
            decoder.open()
            detector.open()
            decoder.decode([recording], waveform, _silent)
            spans = detector.detect(waveform, _silent).spans
        return _kept(folder, person, waveform, spans, recording.name, today)


def enroll_draft(folder: Path, person: Person, draft: Path, speaker: str | None, today: date) -> VoiceProfile:
    """From the folder of a draft, by its minutes.json as it stands now."""
    minutes = read_minutes(draft / "minutes.json")
    return _from_minutes(folder, person, minutes, Workspace(draft), speaker, draft.name, today)


def enroll_meeting(
    folder: Path, person: Person, library: Path, meeting: str, speaker: str | None, today: date
) -> VoiceProfile:
    """From a meeting of a library, by its corrected minutes."""
    opened = Library.open(library)
    try:
        return _from_minutes(
            folder, person, corrected(opened, meeting), opened.workspace(meeting), speaker, meeting, today
        )
    finally:
        opened.close()


def _from_minutes(
    folder: Path, person: Person, minutes: Minutes, workspace: Workspace, speaker: str | None, source: str, today: date
) -> VoiceProfile:
    said = [s for s in speeches(minutes) if (s.speaker == speaker if speaker else s.office == person.office)]
    if not said:
        who = speaker or person.office or "somebody without an office"
        raise VoicesError(f"{source}: nothing in it was said by {who}.", "Name the voice with --speaker (S01, S02 …).")
    spans = [
        Span(start_ms=sentence.words[0].start_ms, end_ms=max(word.end_ms for word in sentence.words))
        for speech in said
        for paragraph in speech.paragraphs
        for sentence in paragraph
        if sentence.words
    ]
    waveforms = sorted(workspace.work_dir.glob("waveform-*.wav"))
    if len(waveforms) != 1:
        raise VoicesError(f"{source}: its sound is not there any more.", "Make its draft again, or use --recording.")
    return _kept(folder, person, waveforms[0], spans, source, today)


def _kept(
    folder: Path, person: Person, waveform: Path, spans: Sequence[Span], source: str, today: date
) -> VoiceProfile:
    print_of = VoicePrinter(locate("campplus")).voiceprint(waveform, spans)
    profile = VoiceProfile(
        name=person.name,
        office=person.office,
        embedding=print_of.embedding,
        network=print_of.network,
        speech_ms=print_of.speech_ms,
        enrolled=today,
        source=source,
        consent=person.consent,
    )
    keep_voice(folder, profile)
    return profile


def _silent(_: float) -> None: ...
