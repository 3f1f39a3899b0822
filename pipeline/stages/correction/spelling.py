"""公用文の表記: an optional layer that writes words as official documents do. Off unless asked for; every change names
the rule it follows and where the rule is printed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.lexicon.japanese import Token, analyse
from pipeline.lexicon.kana import to_hiragana
from pipeline.stages.correction.sheet import Edit, Sheet
from pipeline.stages.correction.spelling_rules import (
    CHARACTERS,
    CONJUNCTIONS,
    DIRECTIVE,
    FORMAL_NOUNS,
    IN_KANA,
    IN_KANJI,
    OKURIGANA,
    OKURIGANA_RULE,
    SHORT_COMPOUNDS,
)

_LINE_MOST = 400
_ATTRIBUTIVE = ("連体形", "終止形")
_AUXILIARIES = frozenset("頂下行来見置居欲良")
"""First characters of 頂く, 下さる, 行く, 来る, 見る, 置く, 居る, 欲しい, 良い."""


@dataclass(frozen=True)
class _At:
    """A token and its neighbours."""

    tokens: Sequence[Token]
    index: int

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def near(self, step: int) -> Token | None:
        place = self.index + step
        return self.tokens[place] if 0 <= place < len(self.tokens) else None


def spelling(sheet: Sheet) -> Iterator[Edit]:
    """Edits in order, one for each word that official spelling writes otherwise."""
    for start, end in _lines(sheet.text):
        tokens = analyse(sheet.text[start:end])
        for index, token in enumerate(tokens):
            for rule in _RULES:
                changed = rule(_At(tokens, index))
                if changed is not None and changed[0] != token.surface:
                    yield Edit(start + token.start, start + token.end, changed[0], f"公用文の表記({changed[1]})")
                    break


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for position in range(1, len(text) + 1):
        if position == len(text) or text[position - 1] in "。?" or position - start >= _LINE_MOST:
            yield start, position
            start = position


def _auxiliary(at: _At) -> tuple[str, str] | None:
    """…て頂く, …て下さい, …て行く: verbs that only help the one before them."""
    before = at.near(-1)
    helps = before is not None and before.surface in ("て", "で") and before.pos[1] == "接続助詞"
    if not helps or at.token.surface[0] not in _AUXILIARIES or at.token.pos[1] != "非自立可能":
        return None
    return to_hiragana(at.token.reading), f"{DIRECTIVE} 1(2)キ …ていただく、…てください"


def _can(at: _At) -> tuple[str, str] | None:
    if at.token.surface.startswith("出来") and at.token.pos[0] == "動詞":
        return "でき" + at.token.surface[2:], f"{DIRECTIVE} 1(2)キ できる"
    return None


def _formal_noun(at: _At) -> tuple[str, str] | None:
    """…する時は, …した事, 次の通り: nouns that have lost their meaning."""
    kana = FORMAL_NOUNS.get(at.token.surface)
    before, after = at.near(-1), at.near(1)
    if kana is None or before is None or (after is not None and after.pos[0] == "接尾辞"):
        return None
    described = before.pos[0] in ("動詞", "助動詞", "形容詞") and before.pos[5].startswith(_ATTRIBUTIVE)
    if described or (at.token.surface in ("通り", "為", "様", "時") and before.surface == "の"):
        return kana, f"{DIRECTIVE} 1(2)キ {kana}"
    return None


def _and_so_on(at: _At) -> tuple[str, str] | None:
    """する等: 等 has no reading など in the list of characters for common use, and とう follows nouns only."""
    before = at.near(-1)
    if at.token.surface != "等" or before is None or before.pos[0] not in ("動詞", "助動詞"):
        return None
    return "など", f"{CHARACTERS} 「等」の音訓"


def _listed(at: _At) -> tuple[str, str] | None:
    """Words that are always written one way."""
    token = at.token
    after = at.near(1)
    starts = at.index == 0 or (after is not None and after.surface in ("、", ","))
    if token.surface in CONJUNCTIONS and starts:
        return CONJUNCTIONS[token.surface], f"{DIRECTIVE} 1(2)オ 接続詞"
    if token.surface in IN_KANJI and token.pos[0] in ("副詞", "接続詞", "名詞", "形状詞"):
        return IN_KANJI[token.surface]
    if token.surface in IN_KANA and token.pos[0] != "接頭辞":
        return IN_KANA[token.surface], f"{CHARACTERS} 表にない字・音訓"
    return None


def _okurigana(at: _At) -> tuple[str, str] | None:
    token = at.token
    if token.pos[0] == "名詞" and token.surface in SHORT_COMPOUNDS:
        return SHORT_COMPOUNDS[token.surface], f"{DIRECTIVE} 2(1) 活用のない語で読み間違えるおそれのない語"
    for wrong, right in OKURIGANA.items():
        if token.pos[0] == "動詞" and token.surface.startswith(wrong):
            return right + token.surface[len(wrong) :], OKURIGANA_RULE
    return None


_RULES: tuple[Callable[[_At], tuple[str, str] | None], ...] = (
    _auxiliary, _can, _formal_noun, _and_so_on, _listed, _okurigana,
)  # fmt: skip
