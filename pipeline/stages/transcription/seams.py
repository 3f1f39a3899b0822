"""Joining the words of windows; where two windows share time, the shared words come from only one of them."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from pipeline.records.words import Word
from pipeline.stages.transcription.packing import Window

_AGREEMENT = 2
"""Characters two windows must have in common to be joined there."""


def joined(windows: Sequence[Window], words: Sequence[Sequence[Word]]) -> list[Word]:
    """All words in order. words: those of each window."""
    together: list[Word] = []
    for window, heard in zip(windows, words, strict=True):
        if window.shared_ms:
            together, tail = _seam(together, list(heard), window)
        else:
            tail = list(heard)
        together.extend(tail)
    return together


def _seam(before: list[Word], after: list[Word], window: Window) -> tuple[list[Word], list[Word]]:
    """Joined in the middle of the longest text that both heard in the shared time, else at its middle."""
    start = window.span.start_ms
    end = start + window.shared_ms
    left = next((i for i, word in enumerate(before) if word.end_ms > start), len(before))
    right = next((i for i, word in enumerate(after) if word.start_ms >= end), len(after))
    heard_left, heard_right = [w.raw for w in before[left:]], [w.raw for w in after[:right]]
    match = SequenceMatcher(None, heard_left, heard_right, autojunk=False).find_longest_match()
    if sum(len(raw) for raw in heard_left[match.a : match.a + match.size]) >= _AGREEMENT:
        half = match.size // 2
        return before[: left + match.a + half], after[match.b + half :]
    middle = start + window.shared_ms // 2
    return (
        [word for word in before if (word.start_ms + word.end_ms) // 2 < middle],
        [word for word in after if (word.start_ms + word.end_ms) // 2 >= middle],
    )
