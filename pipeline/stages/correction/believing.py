"""How believable a replacement is: sound, recogniser's own doubt, and how natural the text is before and after."""

import math
from dataclasses import astuple, dataclass

from pipeline.lexicon.japanese import analyse, cost
from pipeline.lexicon.kana import is_kana
from pipeline.stages.correction.listening import Heard
from pipeline.stages.correction.sheet import Sheet

_CONTEXT = 12
_FUNCTION = frozenset({"助詞", "助動詞", "接続詞", "連体詞", "代名詞", "副詞", "感動詞"})


@dataclass(frozen=True)
class Features:
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
    """1 when the span starts or ends within a content word of the dictionary."""
    own: float
    """1 for a term of this meeting."""
    weight: float
    expected: float
    """How much of the term's source is heard already (log)."""
    spelled: float
    """1 when kana or letters are heard and the same sounds are meant: only the spelling changes."""


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
    exact = heard.distance == 0
    return Features(
        distance=heard.distance,
        relative_distance=10 * heard.distance / heard.length,
        exact=float(exact),
        length=min(heard.length, 14) / 4,
        naturalness=max(-6.0, min(6.0, gain / 1000)),
        doubt=sum(doubts) / len(doubts),
        total_doubt=min(6.0, sum(doubts)),
        one_word=float(len(tokens) == 1 and not cut and not tokens[0].unknown and tokens[0].pos[2] != "人名"),
        known_words=float(not cut and not fragments),
        function_words=sum(t.pos[0] in _FUNCTION for t in tokens) / len(tokens),
        cut=float(any(not t.unknown and len(t.surface) > 1 and t.pos[0] not in _FUNCTION for t in edges)),
        own=float(heard.term.source in ("meeting", "dictionary", "learned")),
        weight=heard.term.weight,
        expected=expected,
        spelled=float(exact and (is_kana(span) or span.isascii())),
    )


def plausible(given: Features, heard: Heard) -> bool:
    """The guard before any weighing: common words in their own right stay, words are not cut up, and a short term must
    be heard exactly."""
    if heard.term.contexts:
        return True
    if heard.end - heard.start < 2 or (given.one_word and not given.spelled):
        return False
    if heard.length < 8 and (given.cut or (given.known_words and given.function_words)):
        return False
    return heard.distance <= min(_FARTHEST, _LOOSEST.get(heard.length, 0.2 * heard.length))


IN_CONTEXT = 0.9
"""Belief in a homophone of an everyday word that stands where only the office's word makes sense."""
_LOOSEST = {3: 0.15, 4: 0.4, 5: 0.7, 6: 0.9}
"""Greatest phonetic distance by morae of the term."""
_FARTHEST = 3.0
"""However long the term: more than three morae apart, something else was said."""
_INTERCEPT = -0.935
_COEFFICIENTS = Features(
    distance=-1.171,
    relative_distance=-0.656,
    exact=1.541,
    length=-0.006,
    naturalness=0.023,
    doubt=-2.428,
    total_doubt=1.361,
    one_word=0.715,
    known_words=-0.434,
    function_words=-1.366,
    cut=-0.174,
    own=0.43,
    weight=-0.147,
    expected=0.423,
    spelled=1.014,
)


def belief(given: Features) -> float:
    """Probability that the replacement brings the text nearer to what was said (logistic model)."""
    logit = _INTERCEPT + sum(c * v for c, v in zip(astuple(_COEFFICIENTS), astuple(given), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
