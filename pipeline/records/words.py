"""What was recognised: immutable raw words, and the layers that dictionaries, rules and people put over them."""

from typing import Literal

from pipeline.records.base import Probability, Record, Span


class Layer(Record):
    """One change to the reading of a run of words. The first word of the run carries the run's new text and the others
    become empty, so that joining the words gives the corrected text and no word is lost."""

    by: Literal["lexicon", "number", "punctuation", "filler", "spelling", "style", "clerk"]
    before: str
    """This word's own text under the layer."""
    after: str
    """This word's own text with the layer."""
    reason: str
    """For people: which rule or term, and why it was believed."""
    run: str = ""
    """Same non-empty identifier on every word of one replacement; undoing takes all of them back."""


class Word(Record):
    """One recognised word (for Japanese: Whisper's token group, often one to three characters)."""

    start_ms: int
    end_ms: int
    raw: str
    """Exactly what the engine said, including punctuation glued to the word; no surrounding spaces for Japanese."""
    probability: Probability
    layers: tuple[Layer, ...] = ()
    review: Probability | None = None
    """Review priority: how likely this word is wrong; None when not estimated."""

    @property
    def text(self) -> str:
        """The text as it stands now: the last layer's, else the raw one."""
        return self.layers[-1].after if self.layers else self.raw

    @property
    def doubt(self) -> float:
        """How likely the word is wrong, 0-1: estimated, else by the recogniser's own probability; 0 once a person has
        written or confirmed it."""
        if self.layers and self.layers[-1].by == "clerk":
            return 0.0
        return 1 - self.probability if self.review is None else self.review

    @property
    def span(self) -> Span:
        return Span(start_ms=self.start_ms, end_ms=self.end_ms)


class DroppedText(Record):
    """Recognised text that was removed because nobody speaks there or the decoder ran wild, kept for the report."""

    span: Span
    text: str
    reason: str


class Transcript(Record):
    """All words of the recording in order of time.

    uncovered: detected speech that no word covers, after everything was tried. dropped: text that was removed.
    """

    language: str
    words: tuple[Word, ...]
    uncovered: tuple[Span, ...] = ()
    dropped: tuple[DroppedText, ...] = ()

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)
