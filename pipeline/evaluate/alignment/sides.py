"""A transcription made comparable, each character of it knowing where it came from."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.evaluate.profiles.registry import Profile
from pipeline.evaluate.transcription import Utterance


@dataclass(frozen=True)
class Side:
    """A transcription made comparable: its normalised characters and where each came from."""

    utterances: tuple[Utterance, ...]
    text: str
    starts: Sequence[int]
    """Where each utterance begins in text; one more entry than utterances, the last is the length."""
    origin: Sequence[int]
    """For each character its position in the utterance's own text."""
    verbatim: bool = False

    @classmethod
    def of(cls, utterances: tuple[Utterance, ...], profile: Profile) -> "Side":
        texts: list[str] = []
        starts, origin = array("l", [0]), array("l")
        for utterance in utterances:
            mapped = profile.apply(_told(utterance, profile.verbatim))
            texts.append(mapped.text)
            origin.extend(mapped.origin)
            starts.append(starts[-1] + len(mapped.text))
        return cls(utterances, "".join(texts), starts, origin, profile.verbatim)

    @cached_property
    def edges(self) -> frozenset[int]:
        """Where utterances begin and end."""
        return frozenset(self.starts)

    def utterance_at(self, position: int) -> int:
        """Number of the utterance that the character belongs to."""
        return min(bisect_right(self.starts, position) - 1, len(self.utterances) - 1)

    def span(self, utterance: int) -> range:
        """The positions of an utterance's characters."""
        return range(self.starts[utterance], self.starts[utterance + 1])

    def words(self, utterance: int) -> str:
        """The utterance as written, which origin refers to."""
        return _told(self.utterances[utterance], self.verbatim)

    def moment_ms(self, position: int) -> int | None:
        """When the character is said, as far as this side knows."""
        if not 0 <= position < len(self.text):
            return None
        return self.utterances[self.utterance_at(position)].moment_ms(self.origin[position])


def _told(utterance: Utterance, verbatim: bool) -> str:
    return utterance.verbatim if verbatim and utterance.verbatim is not None else utterance.text
