"""The passages with the most errors, side by side as written, and whole stretches of speech lost or invented."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import groupby
from typing import Literal, NamedTuple

from pipeline.evaluate.alignment.alignment import Alignment, Mark
from pipeline.evaluate.alignment.sides import Side
from pipeline.evaluate.metrics.dimensions import below
from pipeline.evaluate.transcription import Utterance
from pipeline.records.base import Record

Look = Literal["same", "changed", "missing", "added", "variant"]
_LOOKS: dict[int, Look] = {
    Mark.EQUAL: "same",
    Mark.SUBSTITUTED: "changed",
    Mark.DELETED: "missing",
    Mark.INSERTED: "added",
    Mark.VARIANT: "variant",
}
_LONGEST = 160
"""Characters of one passage: longer turns are shown in parts that end with a sentence."""
_SHOWN = 12
_RUN = 10
"""Characters in a row that make a stretch of lost or invented speech; fewer are ordinary errors."""
_ISLAND = 2
"""Matches this short inside such a stretch are chance."""


class Shown(Record):
    """A run of characters as written, all with the same mark."""

    text: str
    look: Look


class Passage(Record):
    """errors of `characters` reference characters; told and heard are the two sides of the alignment."""

    role: str | None
    heard_role: str | None
    start_ms: int | None
    end_ms: int | None
    characters: int
    errors: int
    told: tuple[Shown, ...]
    heard: tuple[Shown, ...]


class LongRun(Record):
    """Speech that is missing, or text that nobody said: ten deleted (inserted) characters and more, with at most two
    matches in a row between them. The definition is ours."""

    kind: Literal["lost", "invented"]
    text: str
    start_ms: int | None


class _Part(NamedTuple):
    utterance: int
    start: int
    end: int
    errors: int


def worst_passages(alignment: Alignment, most: int = _SHOWN) -> tuple[Passage, ...]:
    """Those with the most errors, in order of the meeting."""
    inserted = sorted(position for _, position in alignment.insertions())
    parts = [
        part for number in range(len(alignment.reference.utterances)) for part in _parts(alignment, number, inserted)
    ]
    worst = sorted((part for part in parts if part.errors), key=lambda part: -part.errors)[:most]
    return tuple(_passage(alignment, part) for part in sorted(worst, key=lambda part: part.start))


def _parts(alignment: Alignment, utterance: int, inserted: list[int]) -> Iterator[_Part]:
    """An utterance in parts of at most _LONGEST characters that end, where they can, behind a 。."""
    side, span = alignment.reference, alignment.reference.span(utterance)
    written = side.words(utterance)
    start = span.start
    while start < span.stop:
        end = min(start + _LONGEST, span.stop)
        if end < span.stop:
            ends = (
                p for p in range(end, start + _LONGEST // 2, -1) if "。" in written[side.origin[p - 1] : side.origin[p]]
            )
            end = next(ends, end)
        marks = alignment.marks[start:end]
        wrong = marks.count(Mark.SUBSTITUTED) + marks.count(Mark.DELETED)
        yield _Part(utterance, start, end, wrong + bisect_left(inserted, end) - bisect_left(inserted, start))
        start = end


def _passage(alignment: Alignment, part: _Part) -> Passage:
    heard_start, heard_end = (bisect_left(alignment.homes, edge) for edge in (part.start, part.end))
    heard = below(alignment, part.utterance)
    return Passage(
        role=_who(alignment.reference.utterances[part.utterance]),
        heard_role=_who(heard) if heard else None,
        start_ms=alignment.moment_ms(part.start),
        end_ms=alignment.moment_ms(part.end - 1),
        characters=part.end - part.start,
        errors=part.errors,
        told=shown(alignment.reference, alignment.marks, part.start, part.end),
        heard=shown(alignment.hypothesis, alignment.heard_marks, heard_start, heard_end),
    )


def _who(utterance: Utterance) -> str | None:
    return utterance.role or utterance.speaker


def shown(side: Side, marks: bytearray, start: int, end: int) -> tuple[Shown, ...]:
    """The characters [start, end) as written, with what the profile left out (punctuation) between them."""
    looks: list[tuple[str, Look]] = []
    for number, places in groupby(range(start, end), key=side.utterance_at):
        written, inside = side.words(number), list(places)
        first = 0 if inside[0] == side.starts[number] else side.origin[inside[0]]
        last = len(written) if inside[-1] + 1 == side.starts[number + 1] else side.origin[inside[-1] + 1]
        marked = {side.origin[place]: _LOOKS[marks[place]] for place in inside if marks[place] != Mark.EQUAL}
        looks += [(written[position], marked.get(position, "same")) for position in range(first, last)]
    runs = groupby(looks, key=lambda look: look[1])
    return tuple(Shown(text="".join(sign for sign, _ in run), look=look) for look, run in runs)


def long_runs(alignment: Alignment) -> tuple[LongRun, ...]:
    """Stretches of lost and of invented speech, in order of the text of each side."""
    return (*_runs(alignment, "lost"), *_runs(alignment, "invented"))


def _runs(alignment: Alignment, kind: Literal["lost", "invented"]) -> Iterator[LongRun]:
    side = alignment.reference if kind == "lost" else alignment.hypothesis
    marks = alignment.marks if kind == "lost" else alignment.heard_marks
    sought = Mark.DELETED if kind == "lost" else Mark.INSERTED
    start = place = 0
    while place < len(marks):
        if marks[place] != sought:
            place += 1
            continue
        start, end, gone = place, place, 0
        while end < len(marks) and (marks[end] == sought or sought in marks[end : end + _ISLAND + 1]):
            gone += marks[end] == sought
            end += 1
        if gone >= _RUN:
            moment = alignment.moment_ms(start) if kind == "lost" else alignment.heard_moment_ms(start)
            yield LongRun(kind=kind, text="".join(s.text for s in shown(side, marks, start, end)), start_ms=moment)
        place = end
