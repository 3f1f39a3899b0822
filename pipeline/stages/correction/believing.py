"""How believable a replacement is: sound, recogniser's own doubt, and how natural the text is before and after."""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.lexicon.japanese import Token, analyse, cost, reading_of
from pipeline.lexicon.kana import INSERTION, is_kana, morae
from pipeline.lexicon.terms import Term
from pipeline.stages.correction.listening import Heard
from pipeline.stages.correction.sheet import Edit, Sheet, trimmed

_HIRAGANA = re.compile("[ぁ-んー]+")
_CONTEXT = 12
_FUNCTION = frozenset({"助詞", "助動詞", "接続詞", "連体詞", "代名詞", "副詞", "感動詞"})


class Features(NamedTuple):
    """What is known of one possible replacement, each on a scale of about one."""

    distance: float
    relative_distance: float
    exact: float
    length: float
    naturalness: float
    """Gain of the dictionary's path cost by the replacement, in thousands, −6 … 6; positive: more natural after."""
    doubt: float
    """Mean −ln probability of the words."""
    total_doubt: float
    one_word: float
    """1 when the span is a single word of the dictionary."""
    known_words: float
    """1 when the span is whole words of the dictionary, none of them a fragment."""
    function_words: float
    """Share of particles, auxiliaries, adverbs … among the words replaced."""
    cut: float
    """1 when the span takes a known word apart or takes in a particle of the sentence."""
    own: float
    """1 for a term of this meeting."""
    weight: float
    expected: float
    """How much of the term's source is heard already (log)."""
    hiragana: float
    """1 when the span is hiragana alone: the sentence's own words far more often than a term."""
    spelled: float
    """1 when katakana or letters are heard and the same sounds are meant: only the spelling changes."""


def features(sheet: Sheet, stretch: tuple[int, int], heard: Heard, expected: float) -> Features:
    """Look at heard within its stretch of the text."""
    low, high = max(stretch[0], heard.start - _CONTEXT), min(stretch[1], heard.end + _CONTEXT)
    before, after = sheet.text[low : heard.start], sheet.text[heard.end : high]
    span = sheet.text[heard.start : heard.end]
    gain = cost(before + span + after) - cost(before + heard.term.written + after)
    tokens = [t for t in analyse(before + span + after) if t.end > len(before) and t.start < len(before) + len(span)]
    edges = [t for t in tokens if t.start < len(before) or t.end > len(before) + len(span)]
    cut = bool(edges)
    fragments = any(
        t.unknown or t.pos[1] in ("名詞的", "固有名詞") or (len(t.surface) == 1 and t.is_noun) for t in tokens
    )
    doubts = [-math.log(max(p, 0.01)) for p in sheet.probabilities(heard.start, heard.end)]
    exact, own = heard.distance == 0, heard.term.source in ("meeting", "dictionary", "learned")
    return Features(
        distance=heard.distance,
        relative_distance=10 * heard.distance / heard.length,
        exact=float(exact),
        length=min(heard.length, 14) / 4,
        naturalness=max(-6.0, min(6.0, gain / 1000)),
        doubt=sum(doubts) / len(doubts),
        total_doubt=min(6.0, sum(doubts)),
        one_word=float(len(tokens) == 1 and not cut and _common(tokens[0], own)),
        known_words=float(not cut and not fragments),
        function_words=sum(t.pos[0] in _FUNCTION for t in tokens) / len(tokens),
        cut=float(_cuts(tokens, len(before), len(before) + len(span), exact)),
        own=float(own),
        weight=heard.term.weight,
        expected=expected,
        hiragana=float(bool(_HIRAGANA.fullmatch(span))),
        spelled=float(exact and (span.isascii() or (is_kana(span) and not _HIRAGANA.fullmatch(span)))),
    )


def _common(token: Token, own: bool) -> bool:
    """Whether it is a word that stays: names of people never do, names of places not against this meeting's own."""
    return not token.unknown and token.pos[2] != "人名" and not (own and token.pos[1] == "固有名詞")


def plausible(given: Features, heard: Heard, span: str) -> bool:
    """The guard before any weighing: common words in their own right stay, words are not cut up, and a short term must
    be heard exactly. span: the text that sounds like the term."""
    if heard.term.contexts:
        return True
    if heard.end - heard.start < 2 or (given.one_word and not given.spelled):
        return False
    if given.hiragana and not given.own:
        return False
    if heard.length < _LONG and given.cut:
        return False
    same_sounds = given.exact and heard.length >= (4 if given.own else 6)
    if heard.length < 8 and given.known_words and given.function_words and not same_sounds:
        return False
    loosest = _LOOSEST.get(heard.length, 0.2 * heard.length)
    if not given.own:
        loosest = min(loosest, max(INSERTION, _LOOSEST_CHANGE * _changed(span, heard.term)))
    return heard.distance <= min(_FARTHEST, loosest)


def _changed(span: str, term: Term) -> int:
    """Morae of what would be written otherwise: nobody who says 開会いたします says nearly 採決いたします."""
    changed = trimmed(span, Edit(0, len(span), term.written, "")).after
    return max(1, len(morae(reading_of(changed))))


def _cuts(tokens: Sequence[Token], start: int, end: int, exact: bool) -> bool:
    """Whether text[start:end] takes a known word apart, or takes in a particle that belongs to the sentence."""
    torn = any((t.start < start or t.end > end) and not t.unknown and len(t.surface) > 1 for t in tokens)
    first, last = tokens[0], tokens[-1]
    particles = first.is_particle or (last.is_particle and not exact)
    return torn or (len(tokens) > 1 and (particles or last.pos[0] == "接頭辞"))


_LONG = 10
"""Morae from which a term is long enough for its sound alone to outweigh the sentence's own words."""
IN_CONTEXT = 0.9
"""Belief in a homophone of an everyday word that stands where only the office's word makes sense."""
_LOOSEST = {3: 0.15, 4: 0.4, 5: 0.7, 6: 0.9}
"""Greatest phonetic distance by morae of the term."""
_LOOSEST_CHANGE = 0.38
"""The same by morae of what would change, for words of any office; one mora more or less is always allowed."""
_FARTHEST = 3.0
"""However long the term: more than three morae apart, something else was said."""
_INTERCEPT = -1.695
_COEFFICIENTS = Features(
    distance=-0.765,
    relative_distance=-1.884,
    exact=1.773,
    length=0.880,
    naturalness=0.082,
    doubt=0.000,
    total_doubt=0.942,
    one_word=0.000,
    known_words=-0.453,
    function_words=0.000,
    cut=0.000,
    own=0.189,
    weight=0.733,
    expected=0.401,
    hiragana=0.000,
    spelled=0.780,
)


def belief(given: Features) -> float:
    """Probability that the replacement brings the text nearer to what was said (logistic model)."""
    logit = _INTERCEPT + sum(c * v for c, v in zip(_COEFFICIENTS, given, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
