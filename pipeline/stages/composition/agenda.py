"""Where each agenda item begins: titles, numbers and set phrases weighed per sentence, then one path through all items
in agenda order (dynamic programming), so that a garbled title is still found between its neighbours."""

import re
import unicodedata
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.lexicon.japanese import reading_of
from pipeline.records.meeting import AgendaItem
from pipeline.stages.composition import phrases
from pipeline.stages.composition.lines import Line

BELIEVED = 0.75
"""Score from which a sentence is taken for the beginning of an item. Hand-set: an unrelated sentence has a likeness
of 0.3 to 0.5 to a title, and with all phrases of an introduction stays below; a title heard well has 0.85 and more."""
SURE = 0.95
_ASKED, _TAKEN_UP, _MOVES_ON, _NUMBERED = 0.15, 0.15, 0.05, 0.4
_NOT_THE_CHAIR = 0.25
_ANNOUNCED = 0.5
_TWO_SENTENCES = 0.03
_SHORT_TITLE = 6
"""Kana. その他 is said all the time: a short title counts only where the chair moves on or says its number."""
_TITLE_END = re.compile(r"(?:について|に関して|に関すること|の件|の報告|\([^)]*\))+$")
_KANJI = "〇一二三四五六七八九"
_NUMBER = r"[0-9]{1,4}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]{1,3}"


@dataclass(frozen=True)
class Beginning:
    """An item begins before the sentence numbered line; score is 0 to about 1.6."""

    item: AgendaItem
    line: int
    score: float


@dataclass(frozen=True)
class _Target:
    item: AgendaItem
    place: int
    """1, 2 … in the whole agenda: 二件目 may count all items or those of one kind."""
    title: str
    reading: str


def heading_text(item: AgendaItem) -> str:
    """As the form prints it: 報告案件(1) … and 議案(1) …"""
    kind = "報告案件" if item.kind == "報告" else item.kind
    return f"{kind}({item.number}) {item.title}"


def beginnings(lines: Sequence[Line], agenda: Sequence[AgendaItem]) -> tuple[Beginning, ...]:
    """The items found, in agenda order, each at a sentence after the one before; items not found are left out."""
    targets = [_target(item, place) for place, item in enumerate(agenda, 1)]
    scores = [
        {at: score for at in range(len(lines)) if (score := _score(lines, at, target, targets)) >= BELIEVED}
        for target in targets
    ]
    found: list[Beginning] = []
    taken = 0
    for number, at in _best_path(scores):
        found.append(Beginning(agenda[number], _with_lead(lines, at, taken), scores[number][at]))
        taken = at + 1
    return tuple(found)


def _target(item: AgendaItem, place: int) -> _Target:
    title = _TITLE_END.sub("", _plain(item.title)) or _plain(item.title)
    return _Target(item, place, title, reading_of(title))


def _score(lines: Sequence[Line], at: int, target: _Target, targets: Sequence[_Target]) -> float:
    line = lines[at]
    joined = at + 1 < len(lines) and lines[at + 1].number == line.number
    text, reading = _plain(line.text), line.reading
    likeness = _likeness(text, reading, target)
    if joined and likeness < 1.0:
        both = _likeness(text + _plain(lines[at + 1].text), reading + lines[at + 1].reading, target)
        likeness = max(likeness, both - _TWO_SENTENCES)
    moves_on = bool(phrases.MOVES_ON.search(reading))
    number = _number_said(text, reading, target, {other.item.kind for other in targets})
    if len(target.reading) < _SHORT_TITLE and not moves_on and number <= 0:
        return 0.0
    around = reading + (lines[at + 1].reading if joined else "")
    score = likeness + _NUMBERED * number + _MOVES_ON * moves_on
    score += _ASKED * bool(phrases.ASKS_EXPLANATION.search(around)) + _TAKEN_UP * bool(phrases.TAKES_UP.search(around))
    score -= _NOT_THE_CHAIR * (not line.chair) * (1 if line.explains else 2)
    if score < BELIEVED:
        return 0.0
    return score - _ANNOUNCED * _announces(text, reading, target, targets)


def _likeness(text: str, reading: str, target: _Target) -> float:
    """0 to 1. A text much shorter than the title must not count as a part of it."""
    return max(_part(target.title, text), _part(target.reading, reading))


def _part(needle: str, hay: str) -> float:
    if not needle or not hay:
        return 0.0
    return (fuzz.partial_ratio(needle, hay) if len(hay) >= len(needle) else fuzz.ratio(needle, hay)) / 100


def _number_said(text: str, reading: str, target: _Target, kinds: Set[str]) -> int:
    """1: this item's number is said, -1: another's, 0: none."""
    kind = re.escape(target.item.kind)
    said = re.search(rf"{kind}(?:案件|事項)?(?:第|の|\()?({_NUMBER})(?![0-9]|件(?!目))", text) or re.search(
        rf"{reading_of(target.item.kind)}(?:アンケン|ジコウ)?ダイ({_NUMBER})ゴウ", _numbers_as_digits(reading)
    )
    if said:
        return 1 if _value(said[1]) == target.item.number else -1
    counted = re.search(rf"({_NUMBER})(?:件目|番目|つ目)", text)
    if counted:
        others = "|".join(re.escape(kind) for kind in sorted(kinds - {target.item.kind}))
        if others and re.search(rf"(?:{others})(?:案件|事項|第)|目の(?:{others})", text):
            return -1
        return 1 if _value(counted[1]) in (target.item.number, target.place) else -1
    return 0


_SPOKEN = dict(zip(["イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュウ"], "123456789", strict=True))


def _numbers_as_digits(reading: str) -> str:
    """ダイイチゴウ → ダイ1ゴウ."""
    spoken = "|".join(_SPOKEN)
    return re.sub(rf"ダイ({spoken})ゴウ", lambda found: f"ダイ{_SPOKEN[found[1]]}ゴウ", reading)


def _value(written: str) -> int:
    """12 and 十二 are 12, up to 99 in kanji."""
    if written.isdecimal():
        return int(written)
    tens, _, ones = written.rpartition("十")
    if "十" not in written:
        return int("".join(str(_KANJI.index(sign)) for sign in written))
    return (_KANJI.index(tens) if tens else 1) * 10 + (_KANJI.index(ones) if ones else 0)


def _announces(text: str, reading: str, target: _Target, targets: Sequence[_Target]) -> bool:
    """Whether the sentence reads out the agenda: names the day's items, or the titles of several unlike ones."""
    if phrases.ALL_TOGETHER.search(reading):
        return True
    return any(
        _likeness(text, reading, other) >= 0.85
        for other in targets
        if other is not target and _likeness(other.title, other.reading, target) < 0.7 and len(other.reading) > 5
    )


def _best_path(scores: Sequence[Mapping[int, float]]) -> list[tuple[int, int]]:
    """(item, sentence) pairs in rising order of both with the highest sum of scores; of equals the earliest."""
    best: list[tuple[float, int, list[tuple[int, int]]]] = [(0.0, -1, [])]
    for number, candidates in enumerate(scores):
        found = list(best)
        for at, score in candidates.items():
            total, _, path = max((b for b in best if b[1] < at), key=lambda b: b[0])
            found.append((total + score, at, [*path, (number, at)]))
        best = _undominated(found)
    return max(best, key=lambda b: b[0])[2]


def _undominated(
    found: Sequence[tuple[float, int, list[tuple[int, int]]]],
) -> list[tuple[float, int, list[tuple[int, int]]]]:
    """Keep only paths that no path ending as early or earlier beats."""
    kept: list[tuple[float, int, list[tuple[int, int]]]] = []
    for path in sorted(found, key=lambda b: (b[1], -b[0])):
        if not kept or path[0] > kept[-1][0] + 1e-9:
            kept.append(path)
    return kept


def _with_lead(lines: Sequence[Line], at: int, taken: int) -> int:
    """それでは次に移ります belongs below the heading: take in short leading sentences of the same passage, not those
    before taken, which introduce another item."""
    first = at
    while (
        first > taken
        and lines[first - 1].number == lines[at].number
        and len(lines[first - 1].text) <= 20
        and phrases.TO_THE_NEXT.search(lines[first - 1].reading)
    ):
        first -= 1
    return first


def _plain(text: str) -> str:
    """NFKC without spaces, quotation marks and dots."""
    return re.sub(r"[\s「」『』・、。]", "", unicodedata.normalize("NFKC", text))
