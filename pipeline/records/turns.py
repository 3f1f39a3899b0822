"""Who said what: words joined to voices."""

from pipeline.records.base import Record
from pipeline.records.words import Word


class Turn(Record):
    """An uninterrupted run of words of one voice. Never empty."""

    number: int
    """1, 2, 3 … in order; stable for one attribution."""
    speaker: str
    words: tuple[Word, ...]
    speaker_confidence: float = 1.0
    """How clearly the voice stands out here, 0–1."""

    @property
    def start_ms(self) -> int:
        return self.words[0].start_ms

    @property
    def end_ms(self) -> int:
        return max(word.end_ms for word in self.words)

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)


class Turns(Record):
    """All turns in order. Joining their words gives the transcript's words, exactly once and in order."""

    turns: tuple[Turn, ...]
