"""Our own minutes.json: turns with the times of their words."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.documents.minutes_json import read_minutes
from pipeline.evaluate.transcription import Piece, Transcription, Utterance
from pipeline.records.minutes import Explanation, Heading, Minutes, Sentence, Speech


def read_minutes_json(path: Path) -> Transcription:
    """Raises TranscriptFileError."""
    return minutes_of(read_minutes(path), path.name)


def minutes_of(minutes: Minutes, name: str) -> Transcription:
    """Minutes in memory as one side of a comparison; headings, decisions and marks are left out."""
    return Transcription(
        name=name,
        source="minutes",
        utterances=tuple(_utterances(minutes)),
        terms=tuple(dict.fromkeys(_terms(minutes))),
        duration_ms=minutes.duration_ms,
    )


def _utterances(minutes: Minutes) -> Iterator[Utterance]:
    item: str | None = None
    for block in minutes.body:
        if isinstance(block, Heading | Explanation):
            item = block.item.label
        if isinstance(block, Speech):
            yield _utterance(block, item, printed=True)
        elif isinstance(block, Explanation):
            yield from (_utterance(speech, item, printed=False) for speech in block.speech)


def _utterance(speech: Speech, item: str | None, printed: bool) -> Utterance:
    sentences = [sentence for paragraph in speech.paragraphs for sentence in paragraph]
    return Utterance(
        text="".join(sentence.text for sentence in sentences),
        role=speech.role,
        speaker=speech.speaker,
        start_ms=speech.start_ms,
        end_ms=speech.end_ms,
        item=item,
        printed=printed,
        pieces=tuple(piece for sentence in sentences for piece in _pieces(sentence)),
    )


def _pieces(sentence: Sentence) -> Iterator[Piece]:
    """Word by word where the words are the sentence, else the sentence as a whole (整文)."""
    if "".join(word.text for word in sentence.words) != sentence.text:
        yield Piece(text=sentence.text, start_ms=sentence.start_ms, end_ms=max(sentence.start_ms, sentence.end_ms))
        return
    for word in sentence.words:
        if word.text:
            yield Piece(text=word.text, start_ms=word.start_ms, end_ms=word.end_ms)


def _terms(minutes: Minutes) -> Iterator[str]:
    """Names that the form itself gives: offices and people."""
    for role in minutes.roster:
        for member in role.members:
            yield from (name for name in (member.office, member.name, member.deputy_for) if name)
