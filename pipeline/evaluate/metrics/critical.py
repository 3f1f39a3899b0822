"""Errors that change what was decided: numbers, dates, money, negation, names, terms, with their place in the audio.

Found on the normalised text of both sides, so that 三件 heard as 3件 is none. The selection is ours; formula of a
kind's rate: wrong / total, over all occurrences in the reference.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from pipeline.evaluate.alignment.alignment import Alignment, Mark
from pipeline.evaluate.alignment.sides import Side
from pipeline.evaluate.alignment.words import Words
from pipeline.records.base import Record

Kind = Literal["date", "money", "number", "negation", "name", "term"]
LABELS: dict[Kind, str] = {
    "date": "日付・時刻",
    "money": "金額",
    "number": "数",
    "negation": "否定",
    "name": "固有名詞",
    "term": "用語",
}
_NUMBER = r"\d+(?:点\d+)?"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("money", re.compile(rf"{_NUMBER}(?:兆|億|万|千|百)?円")),
    (
        "date",
        re.compile(
            r"(?:令和|平成|昭和)?(?:\d+|元)年度?(?:\d+月)?(?:\d+日)?|\d+月\d*日?|\d+日|(?:午前|午後)?\d+時(?:\d+分|半)?"
        ),
    ),
    ("number", re.compile(rf"第?{_NUMBER}(?:パーセント|ポイント|[一-鿿か]|つ)?")),
)
_DECIDES = re.compile(r"\d+(?:点\d+)?|令和|平成|昭和|午前|午後|元年|半")
"""Of a number, date or sum, what changes its value: 1件 written 1建 is an error, but not of the number."""
_NEGATIONS = frozenset({"ない", "無い", "ぬ", "ず", "まい"})
_AROUND = 12


class CriticalError(Record):
    """One occurrence that came out wrong. heard is empty where it is missing; told is empty where it was invented."""

    kind: Kind
    told: str
    heard: str
    context: str
    """The reference around it, as written."""
    start_ms: int | None


class CriticalKind(Record):
    """How many occurrences of a kind the reference has, how many came out wrong, how many were invented."""

    kind: Kind
    total: int
    wrong: int
    invented: int


class CriticalErrors(Record):
    """Kinds that occur, and every error in order of the text."""

    kinds: tuple[CriticalKind, ...]
    errors: tuple[CriticalError, ...]


class _Found(NamedTuple):
    kind: Kind
    start: int
    end: int


def critical_errors(alignment: Alignment, words: Words, heard: Words, terms: Iterable[str] = ()) -> CriticalErrors:
    """words, heard: of the reference and the hypothesis. terms: names and terms that matter, as written."""
    wanted = tuple(dict.fromkeys(alignment.profile.apply(term).text for term in terms))
    told = _occurrences(alignment.reference, words, wanted)
    said = _occurrences(alignment.hypothesis, heard, wanted)
    errors = [error for found in told if (error := _wrong(alignment, found))]
    invented = [error for found in said if (error := _invented(alignment, found))]
    kinds = tuple(
        CriticalKind(
            kind=kind,
            total=sum(found.kind == kind for found in told),
            wrong=sum(error.kind == kind for _, error in errors),
            invented=sum(error.kind == kind for _, error in invented),
        )
        for kind in LABELS
    )
    listed = sorted(errors + invented, key=lambda entry: entry[0])
    return CriticalErrors(
        kinds=tuple(kind for kind in kinds if kind.total or kind.invented), errors=tuple(error for _, error in listed)
    )


def _occurrences(side: Side, words: Words, terms: Sequence[str]) -> list[_Found]:
    """Not overlapping, in order; the first kind that claims a character has it."""
    taken = bytearray(len(side.text))
    found = []
    for occurrence in _candidates(side, words, terms):
        if occurrence.end > occurrence.start and not any(taken[occurrence.start : occurrence.end]):
            taken[occurrence.start : occurrence.end] = b"\1" * (occurrence.end - occurrence.start)
            found.append(occurrence)
    return sorted(found, key=lambda occurrence: occurrence.start)


def _candidates(side: Side, words: Words, terms: Sequence[str]) -> Iterator[_Found]:
    for term in sorted(filter(lambda term: len(term) > 1, terms), key=len, reverse=True):
        for match in re.finditer(re.escape(term), side.text):
            yield _Found("term", *match.span())
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(side.text):
            yield _Found(kind, *match.span())
    for number, start, end in _tokens(words):
        token = words.tokens[number]
        if token.pos[0] in ("助動詞", "形容詞") and token.form in _NEGATIONS:
            yield _Found("negation", start, end)
        elif token.pos[1] == "固有名詞" and not token.unknown:
            yield _Found("name", start, end)


def _tokens(words: Words) -> Iterator[tuple[int, int, int]]:
    """Each word that left characters: its number and where they are."""
    start = 0
    for place in range(1, len(words.of) + 1):
        if place == len(words.of) or words.of[place] != words.of[start]:
            yield words.of[start], start, place
            start = place


def _wrong(alignment: Alignment, found: _Found) -> tuple[int, CriticalError] | None:
    start, end = _beneath(alignment, found.start, found.end)
    told = alignment.reference.text[found.start : found.end]
    if found.kind in ("negation", "name", "term"):
        right = _intact(alignment, found.start, found.end)
    else:
        matches = _DECIDES.finditer(alignment.reference.text, found.start, found.end)
        right = all(_intact(alignment, *match.span()) for match in matches)
    if right:
        return None
    heard = alignment.hypothesis.text[start:end]
    return found.start, _error(alignment, found.kind, told, heard, found.start, alignment.moment_ms(found.start))


def _intact(alignment: Alignment, start: int, end: int) -> bool:
    """Whether the reference characters are all there, with nothing between them and no further digit at a number."""
    heard_start, heard_end = _beneath(alignment, start, end)
    marks = (*alignment.marks[start:end], *alignment.heard_marks[heard_start:heard_end])
    if any(mark not in (Mark.EQUAL, Mark.VARIANT) for mark in marks):
        return False
    if not alignment.reference.text[start].isdecimal():
        return True
    heard = alignment.hypothesis.text
    beside = (place for place in (heard_start - 1, heard_end) if 0 <= place < len(heard))
    return not any(heard[place].isdecimal() and alignment.heard_marks[place] == Mark.INSERTED for place in beside)


def _beneath(alignment: Alignment, start: int, end: int) -> tuple[int, int]:
    """The hypothesis characters that stand for the reference characters [start, end)."""
    above, beneath = alignment.steps
    first = beneath[bisect_right(above, start) - 1]
    return first, max(first, beneath[bisect_left(above, end)])


def _invented(alignment: Alignment, found: _Found) -> tuple[int, CriticalError] | None:
    """Something critical in the hypothesis with nothing of the kind above it: every character of it was inserted."""
    if any(mark != Mark.INSERTED for mark in alignment.heard_marks[found.start : found.end]):
        return None
    above = alignment.steps.above[bisect_left(alignment.steps.beneath, found.start)]
    said = alignment.hypothesis.text[found.start : found.end]
    place = max(0, min(above, len(alignment.reference.text) - 1))
    return place, _error(alignment, found.kind, "", said, place, alignment.heard_moment_ms(found.start))


def _error(alignment: Alignment, kind: Kind, told: str, heard: str, place: int, start_ms: int | None) -> CriticalError:
    return CriticalError(
        kind=kind, told=told, heard=heard, context=_context(alignment.reference, place), start_ms=start_ms
    )


def _context(side: Side, place: int) -> str:
    if not side.text:
        return ""
    number = side.utterance_at(place)
    words, position = side.words(number), side.origin[place]
    start, end = max(0, position - _AROUND), min(len(words), position + 2 * _AROUND)
    return f"{'…' if start else ''}{words[start:end]}{'…' if end < len(words) else ''}"
