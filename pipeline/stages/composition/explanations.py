"""Which sentences are the explanation of an item: mentioned in the minutes, not printed. In doubt a passage is printed,
because a clerk deletes more easily than he misses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.stages.composition import phrases
from pipeline.stages.composition.lines import Line

_INTERJECTION = 8
"""Characters: はい。 of somebody else does not end an explanation."""
_GREETING = 2
"""Sentences in which 以上 cannot be the end yet."""

_ADDS = re.compile(r"(?:補足|追加|付け加え|つけ加え|最後に補足|あと一点|もう一点補足)")
_MAY_ADD = re.compile(r"(?:なお|また|今後|それから|あと|ちなみに)")
_ADDITION_PAUSE_MS = 2_000


@dataclass(frozen=True)
class Explained:
    """The sentences [start, end). asked: the chair asked for it; ended: its last words said so; cut: more of the same
    speaker follows and is printed."""

    start: int
    end: int
    asked: bool
    ended: bool
    cut: bool


def explanation(lines: Sequence[Line], start: int, end: int, unasked_ms: int) -> Explained | None:
    """The explanation of the item of the sentences [start, end): what the explaining role says right after the chair
    introduced the item. Unless the chair asked for it, it must call itself one or last for unasked_ms."""
    first = _first_of_others(lines, start, end)
    if first is None or not lines[first].explains:
        return None
    asked = any(phrases.ASKS_EXPLANATION.search(line.reading) for line in lines[start:first])
    last = _last(lines, first, end)
    if not asked and not _is_one(lines[first:last], unasked_ms):
        return None
    closed = _closing(lines, first, last)
    added = _addition(lines, first, last)
    stop = min(stop for stop in (closed, added, last) if stop is not None)
    closed = closed if closed == stop else None
    return Explained(first, stop, asked, ended=closed is not None or _thanks(lines[stop - 1]), cut=stop < last)


def _first_of_others(lines: Sequence[Line], start: int, end: int) -> int | None:
    """The first sentence that is not the chair's introduction. An item may also begin in the explanation itself."""
    return next((at for at in range(start, end) if lines[at].explains or not lines[at].chair), None)


def _last(lines: Sequence[Line], first: int, end: int) -> int:
    """One past the explanation: the same voice, across interjections, and whoever it hands over to."""
    speaker = lines[first].passage.speaker
    at = first
    while at < end:
        line = lines[at]
        if line.explains and line.passage.speaker == speaker:
            at += 1
        elif line.explains and phrases.HANDS_OVER.search(lines[at - 1].reading):
            speaker = line.passage.speaker
        elif _is_interjection(lines, at, end, speaker):
            at += 1
        else:
            break
    return at


def _is_interjection(lines: Sequence[Line], at: int, end: int, speaker: str) -> bool:
    line = lines[at]
    alone = at + 1 < end and lines[at + 1].number != line.number
    if len(line.text) > _INTERJECTION or not alone or line.text.endswith(("?", "？")):
        return False
    after = lines[at + 1]
    return after.explains and after.passage.speaker == speaker and not phrases.EXPLAINED.search(lines[at - 1].reading)


def _is_one(spoken: Sequence[Line], unasked_ms: int) -> bool:
    lasted = spoken[-1].sentence.end_ms - spoken[0].sentence.start_ms
    return lasted >= unasked_ms or any(phrases.EXPLAINING.search(line.reading) for line in spoken[:3])


def _addition(lines: Sequence[Line], first: int, last: int) -> int | None:
    """Where something is added to the explanation: said so, or after a long pause with なお, また, 今後."""
    for at in range(first + _GREETING, last):
        pause_ms = lines[at].sentence.start_ms - lines[at - 1].sentence.end_ms
        text = lines[at].text
        if _ADDS.match(text) or (pause_ms >= _ADDITION_PAUSE_MS and _MAY_ADD.match(text)):
            return at
    return None


def _closing(lines: Sequence[Line], first: int, last: int) -> int | None:
    """One past 説明は以上です and the courtesies after it; None when no such words are there."""
    for at in range(first + _GREETING, last):
        if phrases.EXPLAINED.search(lines[at].reading):
            stop = at + 1
            while stop < last and len(lines[stop].text) <= 25 and _thanks(lines[stop]):
                stop += 1
            return stop
    return None


def _thanks(line: Line) -> bool:
    return bool(phrases.COURTESY.search(line.reading))
