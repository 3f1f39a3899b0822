"""Units of attribution: what may not be torn apart, with the stretch of time in which it was most likely said.

Recognition stretches words over pauses (the last word of a sentence to the next speaker, the first one back to the
previous), so the time a word claims is trimmed to what its length can fill before it is compared with voices.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.records.words import Word
from pipeline.stages.attribution.sentences import ends_sentence

MS_PER_CHARACTER = 260
"""Slow Japanese speech is about 4 characters a second; anything longer holds a pause."""
SHORTEST_LIMIT_MS = 420


@dataclass(frozen=True)
class Unit:
    """Words first..last (inclusive) that go to one voice; start_ms..end_ms is the trimmed time."""

    first: int
    last: int
    start_ms: int
    end_ms: int
    text: str

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms


def units(words: Sequence[Word]) -> list[Unit]:
    """The words of the transcript as units, in order: a run of one replacement is one unit, other words are alone."""
    found: list[Unit] = []
    before = ""
    for first, last in _groups(words):
        text = "".join(word.text for word in words[first : last + 1])
        start_ms = words[first].start_ms
        end_ms = max(word.end_ms for word in words[first : last + 1])
        found.append(Unit(first, last, *_trimmed(start_ms, end_ms, text, before), text))
        before = (before + text)[-12:]
    return found


def _groups(words: Sequence[Word]) -> list[tuple[int, int]]:
    last_of_run: dict[str, int] = {}
    for index, word in enumerate(words):
        for layer in word.layers:
            if layer.run:
                last_of_run[layer.run] = index
    groups: list[tuple[int, int]] = []
    first = 0
    while first < len(words):
        last = index = first
        while index <= last:
            reach = (last_of_run[layer.run] for layer in words[index].layers if layer.run)
            last = max(last, index, *reach)
            index += 1
        groups.append((first, last))
        first = last + 1
    return groups


def _trimmed(start_ms: int, end_ms: int, text: str, before: str) -> tuple[int, int]:
    end_ms = max(start_ms, end_ms)
    limit = max(SHORTEST_LIMIT_MS, MS_PER_CHARACTER * len(text))
    if end_ms - start_ms <= limit:
        return start_ms, end_ms
    if ends_sentence(before + text) or not ends_sentence(before):
        return start_ms, start_ms + limit  # said at once, then silence
    return end_ms - limit, end_ms  # the first word after a pause
