"""Which block of the returned document is which block of the minutes: unchanged ones first, between them the pairing in
order that is most alike, with turns cut in two or joined."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from pipeline.returned.plain import plain


@dataclass(frozen=True)
class Item:
    """A block to be paired. text as printed, without the role."""

    kind: str
    role: str
    text: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.kind, plain(self.role).text, plain(self.text).text


class Pair(NamedTuple):
    """Items [old_start, old_end) of the minutes are [new_start, new_end) of the document; one side may be empty."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


_LEAST = {"speech": 40.0, "decision": 0.0}
_LEAST_OTHER = 30.0
"""Likeness, 0-100, below which two blocks are not each other. A decision is one by its place: 了承 may become 承認."""
_MOVES = ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3))
_SAME_ROLE = 5.0
_PER_JOIN = 8.0
_LONG = 6
"""Characters: a short turn (はい。) is paired by its place rather than by its words."""


def pairs(old: Sequence[Item], new: Sequence[Item]) -> list[Pair]:
    """In order; every item of both sides is in exactly one."""
    matcher = difflib.SequenceMatcher(None, [item.key for item in old], [item.key for item in new], autojunk=False)
    found: list[Pair] = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            found += [Pair(start + n, start + n + 1, new_start + n, new_start + n + 1) for n in range(end - start)]
        else:
            found += _between(old, new, start, end, new_start, new_end)
    return found


def _between(
    old: Sequence[Item], new: Sequence[Item], start: int, end: int, new_start: int, new_end: int
) -> list[Pair]:
    """Dynamic programming over what lies between two unchanged blocks."""
    best: dict[tuple[int, int], tuple[float, Pair | None]] = {(start, new_start): (0.0, None)}
    for a in range(start, end + 1):
        for b in range(new_start, new_end + 1):
            if (a, b) != (start, new_start):
                best[a, b] = max(_ways(old, new, best, a, b), key=lambda way: way[0])
    row: list[Pair] = []
    a, b = end, new_end
    while (pair := best[a, b][1]) is not None:
        row.append(pair)
        a, b = pair.old_start, pair.new_start
    return row[::-1]


def _ways(
    old: Sequence[Item],
    new: Sequence[Item],
    best: dict[tuple[int, int], tuple[float, Pair | None]],
    a: int,
    b: int,
) -> list[tuple[float, Pair | None]]:
    ways: list[tuple[float, Pair | None]] = []
    for taken, given in ((1, 0), (0, 1)):
        if (a - taken, b - given) in best:
            ways.append((best[a - taken, b - given][0], Pair(a - taken, a, b - given, b)))
    for taken, given in _MOVES:
        before = best.get((a - taken, b - given))
        if before is not None:
            score = _likeness(tuple(old[a - taken : a]), tuple(new[b - given : b]))
            if score > 0:
                ways.append((before[0] + score, Pair(a - taken, a, b - given, b)))
    return ways


@lru_cache(maxsize=65536)
def _likeness(old: tuple[Item, ...], new: tuple[Item, ...]) -> float:
    """0: not each other. Only turns are cut or joined, and only where each part is really there."""
    kinds = {item.kind for item in (*old, *new)}
    joined = len(old) + len(new) > 2
    if len(kinds) > 1 or (joined and kinds != {"speech"}):
        return 0.0
    one, other = ("".join(plain(item.text).text for item in side) for side in (old, new))
    score = fuzz.ratio(one, other)
    if joined:
        parts, whole = (old, other) if len(old) > 1 else (new, one)
        shortest = min(fuzz.partial_ratio(plain(item.text).text, whole) for item in parts)
        score = min(score, shortest) - _PER_JOIN * (len(parts) - 1)
        return score if score >= 2 * _LEAST["speech"] else 0.0
    short = max(len(one), len(other)) <= _LONG
    least = 0.0 if short else _LEAST.get(old[0].kind, _LEAST_OTHER)
    score += _SAME_ROLE * (plain(old[0].role).text == plain(new[0].role).text)
    return max(score, 1.0) if score >= least else 0.0
