"""Text that remembers where each of its characters came from, through any number of transforms."""

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple


class Mapped(NamedTuple):
    """text, and for each of its characters the position in the text it started from, never falling."""

    text: str
    origin: Sequence[int]

    @classmethod
    def of(cls, text: str) -> "Mapped":
        """A text as it is, before any transform."""
        return cls(text, range(len(text)))

    def replaced(self, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> "Mapped":
        """Every match replaced; the characters put in are spread over the place of those taken out."""
        pieces: list[str] = []
        origin = array("l")
        reached = 0
        for match in pattern.finditer(self.text):
            start, end = match.span()
            new = by(match)
            pieces += [self.text[reached:start], new]
            origin.extend(self.origin[reached:start])
            origin.extend(self._spread(start, end, len(new)))
            reached = end
        if not reached:
            return self
        pieces.append(self.text[reached:])
        origin.extend(self.origin[reached:])
        return Mapped("".join(pieces), origin)

    def _spread(self, start: int, end: int, size: int) -> Iterable[int]:
        if end == start:
            return (self.origin[min(start, len(self.origin) - 1)] for _ in range(size))
        return (self.origin[start + (place * (end - start)) // size] for place in range(size))

    def kept(self, keep: Callable[[str], bool]) -> "Mapped":
        """Only the characters that keep says yes to."""
        chosen = [place for place, character in enumerate(self.text) if keep(character)]
        if len(chosen) == len(self.text):
            return self
        return Mapped("".join([self.text[place] for place in chosen]), array("l", [self.origin[p] for p in chosen]))


Transform = Callable[[Mapped], Mapped]
