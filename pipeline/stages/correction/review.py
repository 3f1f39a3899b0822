"""How likely each word is wrong, so that a clerk can begin where it pays: the recogniser's probability is one clue, and
how the words stand in the text and in time are others."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.lexicon.japanese import Token, analyse, cost, reading_of
from pipeline.lexicon.kana import morae
from pipeline.records.words import Word
from pipeline.stages.correction.sheet import Sheet

_LINE_MOST = 300
_FAR = 10
"""Words on both sides in which the recogniser's doubt is averaged: recognition goes wrong in stretches."""
_SPAN = 3
"""Characters on both sides in which the dictionary's cost is taken."""
_MORA_S = 0.15
"""How long a mora takes."""
_FUNCTION = frozenset({"助詞", "助動詞", "接続詞", "補助記号", "感動詞"})
_HIRAGANA = re.compile("[ぁ-ん]+")


class Clues(NamedTuple):
    """What is known of one word, each on a scale of about one. The dictionary's word is the one it begins in."""

    probability: float
    doubt: float
    """−ln of the probability."""
    before: float
    """Doubt of the word before, 0 at the start."""
    after: float
    around: float
    """Mean doubt of the stretch it stands in."""
    oddness: float
    """Cost of the dictionary's path here, thousands per character."""
    once: float
    """1 where the dictionary's word stands nowhere else in the transcript: what is really said comes again."""
    length: float
    """Characters of the dictionary's word."""
    within: float
    """1 where the word begins in the middle of the dictionary's word."""
    unknown: float
    """1 where the dictionary does not know the word."""
    alone: float
    """1 for a single kanji that is a word of its own here."""
    function: float
    """1 for particles, auxiliaries and signs."""
    hiragana: float
    katakana: float
    put_in: float
    """1 where a term was put in."""
    slowness: float
    """Time for each mora of it, in usual morae."""


def reviewed(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words with their review priority; those without text keep none."""
    found = clues(words)
    return tuple(
        word if clue is None else word.model_copy(update={"review": priority(clue)})
        for word, clue in zip(words, found, strict=True)
    )


def clues(words: Sequence[Word]) -> list[Clues | None]:
    """Clues of each word, None for words without text."""
    sheet = Sheet(words)
    tokens, often = _tokens_by_position(sheet.text)
    shown = [index for index, word in enumerate(words) if word.text]
    doubts = [0.0, *(-math.log(max(words[index].probability, 0.01)) for index in shown), 0.0]
    found: list[Clues | None] = [None] * len(words)
    for place, index in enumerate(shown, 1):
        start = sheet.start_of(index)
        near = doubts[max(1, place - _FAR) : min(len(shown), place + _FAR) + 1]
        within = start > 0 and tokens[start - 1] is tokens[start]
        found[index] = _clues(
            sheet, index, tokens[start], doubts[place - 1 : place + 2], sum(near) / len(near), within,
            often[tokens[start].surface] == 1,
        )  # fmt: skip
    return found


def _clues(
    sheet: Sheet, index: int, token: Token, doubts: Sequence[float], around: float, within: bool, once: bool
) -> Clues:
    word, start = sheet.words[index], sheet.start_of(index)
    span = sheet.text[max(0, start - _SPAN) : start + len(word.text) + _SPAN]
    said = max(1, len(morae(reading_of(word.text))))
    return Clues(
        probability=word.probability,
        doubt=doubts[1],
        before=doubts[0],
        after=doubts[2],
        around=around,
        oddness=min(4.0, cost(span) / len(span) / 1000),
        once=float(once),
        length=min(4.0, len(token.surface)),
        within=float(within),
        unknown=float(token.unknown),
        alone=float(len(token.surface) == 1 and "一" <= token.surface <= "鿿"),
        function=float(token.pos[0] in _FUNCTION),
        hiragana=float(bool(_HIRAGANA.fullmatch(word.text))),
        katakana=float("ァ" <= word.text[0] <= "ー"),
        put_in=float(any(layer.by == "lexicon" for layer in word.layers)),
        slowness=min(3.0, (word.end_ms - word.start_ms) / 1000 / said / _MORA_S),
    )


def _tokens_by_position(text: str) -> tuple[list[Token], Counter[str]]:
    """The dictionary's word at each position, and how often each word is there."""
    found: list[Token] = []
    often: Counter[str] = Counter()
    start = 0
    while start < len(text):
        end = text.find("。", start, start + _LINE_MOST) + 1 or min(len(text), start + _LINE_MOST)
        for token in analyse(text[start:end]):
            found.extend([token] * (token.end - token.start))
            often[token.surface] += 1
        start = end
    return found, often


_INTERCEPT = 1.539
_COEFFICIENTS = Clues(
    probability=-5.007,
    doubt=-0.854,
    before=0.326,
    after=0.467,
    around=1.649,
    oddness=0.384,
    once=0.761,
    length=-0.440,
    within=0.453,
    unknown=0.972,
    alone=0.827,
    function=-0.497,
    hiragana=0.398,
    katakana=1.006,
    put_in=-2.027,
    slowness=-0.622,
)


def priority(clue: Clues) -> float:
    """Probability that the word is wrong (logistic model, fitted by benchmarks/review_priority.py)."""
    logit = _INTERCEPT + sum(c * v for c, v in zip(_COEFFICIENTS, clue, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
