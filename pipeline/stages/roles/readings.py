"""Pronunciation of text as katakana: what recognition gets right even where it writes the wrong characters."""

import re
from functools import lru_cache
from typing import Any

_SAME_SOUND = str.maketrans({"ヂ": "ジ", "ヅ": "ズ", "ヲ": "オ"})
_LONG = re.compile(r"(?<=[オコソトノホモヨロゴゾドボポョ])ウ|(?<=[エケセテネヘメレゲゼデベペ])イ")
_NOT_KANA = re.compile(r"[^ァ-ヴー]")


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    from sudachipy import dictionary

    return dictionary.Dictionary().create()


@lru_cache(maxsize=8192)
def kana(text: str) -> str:
    """Katakana as spoken, long vowels as ー, everything without a reading left out."""
    reading = "".join(str(token.reading_form()) for token in _tokenizer().tokenize(text[:4000]))
    return _NOT_KANA.sub("", _LONG.sub("ー", reading.translate(_SAME_SOUND)))
