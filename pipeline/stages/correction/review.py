"""How likely each word is wrong, so that a clerk can begin where it pays: the recogniser's probability is one clue, and
how the words stand in the text are others."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.lexicon.japanese import Token, analyse, cost
from pipeline.records.words import Word
from pipeline.stages.correction.sheet import Sheet

_LINE_MOST = 300
_AROUND = 2
"""Words on both sides whose probability counts too: recognition goes wrong in stretches."""
_SPAN = 6
"""Characters on both sides in which the dictionary's cost is taken."""
_FUNCTION = frozenset({"助詞", "助動詞", "接続詞", "補助記号", "感動詞"})


class Clues(NamedTuple):
    """What is known of one word, each on a scale of about one."""

    doubt: float
    """−ln of its probability."""
    least: float
    """−ln of the least probability among its neighbours and itself."""
    around: float
    """Mean −ln probability of its neighbours."""
    oddness: float
    """Cost of the dictionary's path here, thousands per character."""
    unknown: float
    """1 where the dictionary does not know the word."""
    alone: float
    """1 for a single kanji that is a word of its own here."""
    name: float
    """1 for a proper name."""
    function: float
    """1 for particles, auxiliaries and signs."""
    kana: float
    """1 for katakana."""
    digits: float
    put_in: float
    """1 where a term was put in."""
    edge: float
    """1 at the beginning of a stretch of speech."""
    length: float
    """Characters of the word."""


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
    tokens = _tokens_by_position(sheet.text)
    shown = [index for index, word in enumerate(words) if word.text]
    doubts = [-math.log(max(words[index].probability, 0.01)) for index in shown]
    found: list[Clues | None] = [None] * len(words)
    for place, index in enumerate(shown):
        near = doubts[max(0, place - _AROUND) : place + _AROUND + 1]
        start = sheet.start_of(index)
        found[index] = _clues(sheet, index, tokens[start], doubts[place], near)
    return found


def _clues(sheet: Sheet, index: int, token: Token, doubt: float, near: Sequence[float]) -> Clues:
    word = sheet.words[index]
    start = sheet.start_of(index)
    end = start + len(word.text)
    span = sheet.text[max(0, start - _SPAN) : end + _SPAN]
    return Clues(
        doubt=doubt,
        least=max(near),
        around=(sum(near) - doubt) / max(1, len(near) - 1),
        oddness=min(4.0, cost(span) / len(span) / 1000),
        unknown=float(token.unknown),
        alone=float(len(token.surface) == 1 and "一" <= token.surface <= "鿿"),
        name=float(token.pos[1] == "固有名詞"),
        function=float(token.pos[0] in _FUNCTION),
        kana=float("ァ" <= word.text[0] <= "ー"),
        digits=float(any(sign.isdigit() for sign in word.text)),
        put_in=float(any(layer.by == "lexicon" for layer in word.layers)),
        edge=float(index == 0 or sheet.pause_before_ms(start) >= 300),
        length=min(3.0, len(word.text) / 2),
    )


def _tokens_by_position(text: str) -> list[Token]:
    """The dictionary's word at each position."""
    found: list[Token] = []
    start = 0
    while start < len(text):
        end = text.find("。", start, start + _LINE_MOST) + 1 or min(len(text), start + _LINE_MOST)
        for token in analyse(text[start:end]):
            found.extend([token] * (token.end - token.start))
        start = end
    return found


_INTERCEPT = -3.599
_COEFFICIENTS = Clues(
    doubt=1.420,
    least=-0.432,
    around=2.096,
    oddness=0.574,
    unknown=0.832,
    alone=1.048,
    name=0.050,
    function=-0.454,
    kana=-0.059,
    digits=-0.082,
    put_in=-1.215,
    edge=0.005,
    length=-0.376,
)


def priority(clue: Clues) -> float:
    """Probability that the word is wrong (logistic model, fitted by benchmarks/review_priority.py)."""
    logit = _INTERCEPT + sum(c * v for c, v in zip(_COEFFICIENTS, clue, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
