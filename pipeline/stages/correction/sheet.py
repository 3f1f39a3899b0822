"""A transcript as one line of text on which rules work, with every change booked on the words it touches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.records.words import Layer, Word

By = Literal["lexicon", "number", "punctuation", "filler", "spelling", "style", "clerk"]


@dataclass(frozen=True)
class Edit:
    """Replace text[start:end] by after. An insertion (start == end) goes to the word that ends there."""

    start: int
    end: int
    after: str
    reason: str


class Sheet:
    """The words' current text joined, and which word each character belongs to."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = tuple(words)
        self.text = "".join(word.text for word in self.words)
        self.owner = tuple(index for index, word in enumerate(self.words) for _ in word.text)
        """Index of the word per character."""
        self._starts: dict[int, int] = {}
        position = 0
        for index, word in enumerate(self.words):
            self._starts[index] = position
            position += len(word.text)

    def word_at(self, position: int) -> Word:
        return self.words[self.owner[position]]

    def start_of(self, index: int) -> int:
        """Where a word's text starts."""
        return self._starts[index]

    def pause_before_ms(self, position: int) -> int:
        """Silence between the words on both sides of a position; 0 within a word and at both ends."""
        if position <= 0 or position >= len(self.text):
            return 0
        before, after = self.owner[position - 1], self.owner[position]
        return max(0, self.words[after].start_ms - self.words[before].end_ms) if before != after else 0

    def longest_pause_ms(self, start: int, end: int) -> int:
        """Longest silence strictly within text[start:end]."""
        return max((self.pause_before_ms(position) for position in range(start + 1, end)), default=0)

    def probabilities(self, start: int, end: int) -> tuple[float, ...]:
        """Probability of each word that text[start:end] touches."""
        return tuple(self.words[index].probability for index in sorted(set(self.owner[start:end])))

    def apply(self, edits: Iterable[Edit], by: By, rule: str = "") -> "Sheet":
        """A new sheet with these edits, which must not overlap. Each becomes one run of layers: its first word carries
        the new text and the others become empty. Edits that share a word are booked together. rule: names the runs
        apart where two passes are booked under the same by."""
        words = list(self.words)
        for number, group in enumerate(self._by_words(edits)):
            first, last = self._touched(group)
            start, text = self._starts[first], self.text[self._starts[first] : self._end_of(last)]
            for edit in sorted(group, key=lambda edit: edit.start, reverse=True):
                text = text[: edit.start - start] + edit.after + text[edit.end - start :]
            reason = "、".join(dict.fromkeys(edit.reason for edit in group))
            for index in range(first, last + 1):
                after = text if index == first else ""
                if index != first and not words[index].text:
                    continue
                layer = Layer(by=by, before=words[index].text, after=after, reason=reason, run=f"{rule or by}-{number}")
                words[index] = words[index].model_copy(update={"layers": (*words[index].layers, layer)})
        return Sheet(words)

    def _touched(self, group: Sequence[Edit]) -> tuple[int, int]:
        first = self.owner[group[0].start] if group[0].start < group[0].end else self.owner[group[0].start - 1]
        return first, max(self.owner[max(edit.end - 1, edit.start - (edit.start == edit.end), 0)] for edit in group)

    def _end_of(self, index: int) -> int:
        return self._starts[index] + len(self.words[index].text)

    def _by_words(self, edits: Iterable[Edit]) -> list[list[Edit]]:
        groups: list[list[Edit]] = []
        least = (trimmed(self.text, edit) for edit in edits)
        for edit in sorted(least, key=lambda edit: (edit.start, edit.end)):
            if edit.after == self.text[edit.start : edit.end] or not self.text:
                continue
            if edit.end == 0:  # nothing ends where the text begins: the first word takes it
                edit = Edit(0, 1, edit.after + self.text[0], edit.reason)
            if groups and self._touched([edit])[0] <= self._touched(groups[-1])[1]:
                groups[-1].append(edit)
            else:
                groups.append([edit])
        return groups


def trimmed(text: str, edit: Edit) -> Edit:
    """The same edit without what it leaves unchanged at both ends, so that it touches as few words as possible."""
    start, end, after = edit.start, edit.end, edit.after
    while start < end and after and text[start] == after[0]:
        start, after = start + 1, after[1:]
    while end > start and after and text[end - 1] == after[-1]:
        end, after = end - 1, after[:-1]
    return Edit(start, end, after, edit.reason)
