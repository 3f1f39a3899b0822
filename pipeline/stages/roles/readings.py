"""Pronunciation for comparison: what recognition gets right even where it writes the wrong characters."""

import re

from pipeline.lexicon.japanese import reading_of

_SAME_SOUND = str.maketrans({"ヂ": "ジ", "ヅ": "ズ", "ヲ": "オ"})
_LONG = re.compile(r"(?<=[オコソトノホモヨロゴゾドボポョ])ウ|(?<=[エケセテネヘメレゲゼデベペ])イ")
_NOT_KANA = re.compile(r"[^ァ-ヴー]")
LONGEST = 4_000
"""Characters: no sentence of a meeting is longer, and the dictionary takes no more than some thousand."""


def kana(text: str) -> str:
    """Katakana as spoken, long vowels as ー, everything without a reading left out."""
    return _NOT_KANA.sub("", _LONG.sub("ー", reading_of(text[:LONGEST]).translate(_SAME_SOUND)))
