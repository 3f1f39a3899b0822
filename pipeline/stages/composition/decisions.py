"""Decisions in the chair's words: 了承, 可決, 承認, 異議なし …, said as a statement and not as a question."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.stages.composition import phrases
from pipeline.stages.composition.lines import Line

_ORIGINAL = r"ゲンアン.{0,3}(?:トオリ|ドオリ)"
_KINDS: tuple[tuple[str, str, str], ...] = (
    ("原案のとおり可決", "可決", rf"{_ORIGINAL}.{{0,4}}カケ[ツッ]"),
    ("原案のとおり承認", "承認", rf"{_ORIGINAL}.{{0,4}}ショウニン"),
    ("原案のとおり決定", "決定", rf"{_ORIGINAL}.{{0,4}}(?:ケッテイ|ケッシ)"),
    ("修正のとおり可決", "可決", r"シュウセイ.{0,6}カケ[ツッ]"),
    ("否決", "否決", r"ヒケ[ツッ]"),
    ("可決", "可決", r"カケ[ツッ]"),
    ("承認", "承認", r"ショウニン"),
    ("了承", "了承", r"リョウショウ"),
    ("不採択", "不採択", r"フサイタク"),
    ("採択", "採択", r"サイタク"),
    ("継続審査", "継続審査", r"ケイゾクシンサ"),
    ("異議なし", "異議なし", r"イギ(?:ナシ|ガナイ|ハナイ|ナイ)"),
    ("", "assent", r"ソノヨウニ|サヨウ"),
)
"""(printed text, family, reading), the more exact of a family first. assent: means what was put to the meeting."""
_GRANTS = ("異議なし", "assent")
_STATED = re.compile(
    r"^.{0,12}?(?:イタシ(?:マス|マシタ)|シ(?:マス|マシタ)|サレ(?:マス|マシタ)|サセテイタダキ(?:マス|マシタ)|"
    r"モノト(?:イタシマス|シマス|ミトメマス|ケッシマス)|ケッシマ(?:ス|シタ)|ミトメマ(?:ス|シタ)|ケッテイ.{0,8}マ(?:ス|シタ)|"
    r"ナリマ(?:ス|シタ)|イタダキマ(?:ス|シタ)|デゴザイマス|デス)$"
)
_THEN = re.compile(r"^.{0,4}(?:トイウコトデ|トイウコトニ|トイタシマシテ|トサセテイタダキ)")
_PROPOSED = re.compile(r"(?:ヨロシイ|イギ|イカガ|ゴザイマセン|アリマセン|デショウ)")
_PAST = re.compile(r"ゼンカイ|センジツ|サクネン|センゲツ|スデニ|イゼン")
_AGREED = re.compile(
    r"イギ(?:ナシ|ガナイ|ハナイ|ナイ)|ソノヨウニ|サヨウ|サンセイ.{0,4}(?:タスウ|ゼンイン)|キョシュゼンイン"
)


@dataclass(frozen=True)
class Decided:
    """A decision stands after the sentence numbered line. inferred: put to the meeting, its outcome not said."""

    text: str
    line: int
    inferred: bool = False


@dataclass(frozen=True)
class _Said:
    text: str
    family: str
    line: int
    stated: bool


def decisions(lines: Sequence[Line], start: int, end: int) -> tuple[Decided, ...]:
    """The decisions of one item, said in the sentences [start, end), in order; one per family, the most exact."""
    said = list(_found(lines, start, end))
    stated = _resolve(said)
    if stated:
        return tuple(Decided(one.text, _after_courtesy(lines, one.line, end)) for one in _one_per_family(stated))
    put = [one for one in said if one.text and one.family != "異議なし"]
    if put:
        return (Decided(put[-1].text, _after_answers(lines, put[-1].line, end), inferred=True),)
    return ()


def _found(lines: Sequence[Line], start: int, end: int) -> Iterable[_Said]:
    for at in range(start, end):
        line = lines[at]
        if not line.chair or _PAST.search(line.reading):
            continue
        for text, family, pattern in _KINDS:
            match = re.search(pattern, line.reading)
            if match:
                stated = _is_stated(line, match.end())
                if stated or _is_proposed(line, match.end()):
                    yield _Said(text, family, at, stated)
                    break


def _asks(line: Line) -> bool:
    return line.text.endswith(("?", "？")) or bool(phrases.ASKS.search(line.reading))


def _is_stated(line: Line, end: int) -> bool:
    rest = line.reading[end:]
    if _asks(line):
        return False
    return bool(not rest or _STATED.search(rest) or (_THEN.search(rest) and not _PROPOSED.search(rest)))


def _is_proposed(line: Line, end: int) -> bool:
    return _asks(line) and bool(_PROPOSED.search(line.reading[end:]) or "イギ" in line.reading)


def _resolve(said: Sequence[_Said]) -> list[_Said]:
    """Statements; 異議なしと認めます and そのように決します grant what was put to the meeting just before."""
    stated: list[_Said] = []
    put: _Said | None = None
    for one in said:
        if not one.stated:
            put = one if one.family not in _GRANTS else put
        elif one.family in _GRANTS and put is not None:
            stated.append(_Said(put.text, put.family, one.line, True))
        elif one.text:
            stated.append(one)
    return stated


def _one_per_family(stated: Sequence[_Said]) -> list[_Said]:
    """異議なし alone is a decision only where no other was said; of one family the most exact and then the last of
    one breath (a grant and its confirmation), which is where the chair is done with it."""
    others = [one for one in stated if one.family != "異議なし"]
    kept: dict[str, _Said] = {}
    rank = {text: number for number, (text, _, _) in enumerate(_KINDS)}
    for one in others or stated[:1]:
        before = kept.get(one.family)
        if before is None or rank[one.text] < rank[before.text] or one.line - before.line <= 2:
            text = one.text if before is None or rank[one.text] <= rank[before.text] else before.text
            kept[one.family] = _Said(text, one.family, one.line, True)
    return sorted(kept.values(), key=lambda one: one.line)


def _after_courtesy(lines: Sequence[Line], at: int, end: int) -> int:
    """ありがとうございました after the decision stays with it."""
    following = at + 1
    if (
        following < end
        and lines[following].number == lines[at].number
        and len(lines[following].text) <= 20
        and phrases.COURTESY.search(lines[following].reading)
    ):
        return following
    return at


def _after_answers(lines: Sequence[Line], at: int, end: int) -> int:
    """After the answers to a question put to the meeting: short passages of others, and a chair's assent."""
    last = at
    for following in range(at + 1, end):
        line = lines[following]
        if len(line.text) > 20 or (line.chair and not _AGREED.search(line.reading)):
            break
        last = following
    return last
