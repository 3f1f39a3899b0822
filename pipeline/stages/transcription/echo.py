"""A last word that was timed too short leaves speech uncovered; decoded on its own, that speech gives the word's end
once more (ありがとうございました。いました。). The echo is recognised and the word gets its time back."""

import unicodedata
from collections.abc import Sequence

from pipeline.records.words import Word

REACH_MS = 2_000
"""How long before an echo its word may have started."""


def echoed(words: Sequence[Word], heard: Sequence[Word]) -> Word | None:
    """The word of words whose end heard repeats; None when heard is speech of its own.

    Only a true part of one word counts: whole words are repeated by people (異議なし。異議なし。).
    """
    if not heard:
        return None
    start_ms = heard[0].start_ms
    before = [word for word in words if start_ms - REACH_MS <= word.start_ms <= start_ms]
    if not before:
        return None
    whole, end = _letters(before[-1].raw), _letters("".join(word.raw for word in heard))
    return before[-1] if end and whole.endswith(end) and len(end) < len(whole) else None


def _letters(text: str) -> str:
    return "".join(sign for sign in text if not unicodedata.category(sign).startswith(("P", "Z")))
