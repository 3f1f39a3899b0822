"""One side of a comparison: what somebody or something wrote down of a meeting, whatever file it came in."""

import hashlib
from itertools import groupby
from typing import Literal, Self

from pydantic import model_validator

from pipeline.records.base import Milliseconds, Record
from pipeline.records.speakers import SpeakerSegment

Source = Literal["transcript", "captions", "minutes", "speakers"]
"""minutes: written to be read (整文), so not a witness of what was said. speakers: who spoke when, without words."""


class Piece(Record):
    """A stretch of an utterance's text with its place in the recording."""

    text: str
    start_ms: Milliseconds
    end_ms: Milliseconds


class Utterance(Record):
    """One turn, or a part of one, as the file divides it. None: the file does not tell."""

    text: str
    verbatim: str | None = None
    """With hesitations, where the file has both."""
    role: str | None = None
    speaker: str | None = None
    start_ms: Milliseconds | None = None
    end_ms: Milliseconds | None = None
    item: str | None = None
    """The agenda item it falls under."""
    printed: bool = True
    """False: the minutes only mention it (〔…を説明〕)."""
    pieces: tuple[Piece, ...] = ()
    """Times within the text; together they are the text, or there are none."""

    @model_validator(mode="after")
    def _pieces_are_the_text(self) -> Self:
        if self.pieces and "".join(piece.text for piece in self.pieces) != self.text:
            raise ValueError("the pieces of an utterance must join to its text")
        return self

    def moment_ms(self, position: int) -> int | None:
        """When the character at this position is said: from the pieces, else in proportion; None without times."""
        for piece in self.pieces:
            if position < len(piece.text):
                return _between(piece.start_ms, piece.end_ms, position, len(piece.text))
            position -= len(piece.text)
        if self.pieces:
            return self.pieces[-1].end_ms
        if self.start_ms is None:
            return None
        return _between(self.start_ms, self.start_ms if self.end_ms is None else self.end_ms, position, len(self.text))

    @property
    def voice(self) -> str | None:
        """Who speaks, as exactly as the file tells."""
        return self.speaker or self.role


class Transcription(Record):
    """Utterances in the order of the file."""

    name: str
    """Of the system or file, as shown."""
    source: Source
    utterances: tuple[Utterance, ...]
    speech: tuple[SpeakerSegment, ...] = ()
    """Of a file that only tells who spoke when; else derived (`segments`)."""
    complete: bool = True
    """False: leaves out what the minutes only mention."""
    terms: tuple[str, ...] = ()
    """Names and terms that the file itself declares: agenda, roster, offices."""
    duration_ms: int | None = None
    notes: tuple[str, ...] = ()
    """What was special in reading it, for the report."""

    @property
    def has_roles(self) -> bool:
        return any(utterance.role for utterance in self.utterances)

    @property
    def has_times(self) -> bool:
        return any(utterance.start_ms is not None for utterance in self.utterances)

    @property
    def digest(self) -> str:
        """SHA-256 of what is said when: tells one recording from others without keeping its text."""
        said = "\n".join(f"{u.start_ms} {u.end_ms} {u.text}" for u in self.utterances)
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def text(self) -> str:
        return "".join(utterance.text for utterance in self.utterances)

    def segments(self) -> tuple[SpeakerSegment, ...]:
        """Who spoke when; empty when the file has no times or no speakers."""
        if self.speech:
            return self.speech
        return tuple(
            SpeakerSegment(speaker=u.voice, start_ms=u.start_ms, end_ms=u.end_ms)
            for u in self.utterances
            if u.voice and u.start_ms is not None and u.end_ms is not None and u.end_ms > u.start_ms
        )

    def without_mentions(self) -> "Transcription":
        """Only what minutes print."""
        printed = tuple(utterance for utterance in self.utterances if utterance.printed)
        return self.model_copy(update={"utterances": printed, "complete": False})


def turn_numbers(utterances: tuple[Utterance, ...]) -> list[int]:
    """For each utterance the number of its turn: utterances of one voice and role in a row are one turn."""
    numbers: list[int] = []
    keyed = groupby(enumerate(utterances), key=lambda entry: _turn_key(*entry))
    for number, (_, group) in enumerate(keyed):
        numbers += [number for _ in group]
    return numbers


def _turn_key(place: int, utterance: Utterance) -> tuple[object, ...]:
    if utterance.speaker is None:  # two members in a row are two turns, and only voices could tell
        return (place,)
    return (utterance.speaker, utterance.role)


def _between(start_ms: int, end_ms: int, position: int, size: int) -> int:
    return start_ms + (end_ms - start_ms) * min(position, size) // max(size, 1)
