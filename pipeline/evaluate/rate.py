"""Character errors as counts that can be added over recordings; a rate is derived and never averaged."""

from pydantic import NonNegativeInt
from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.normalise import normalise
from pipeline.records.base import Record


class ErrorCounts(Record):
    """Errors of a hypothesis against a reference of `reference` characters, under a named normalisation profile."""

    profile: str
    substitutions: NonNegativeInt
    deletions: NonNegativeInt
    insertions: NonNegativeInt
    reference: NonNegativeInt

    @property
    def errors(self) -> int:
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float | None:
        """Errors per reference character, above 1 when much was invented; None when there is nothing to score."""
        return self.errors / self.reference if self.reference else None

    def __add__(self, other: "ErrorCounts") -> "ErrorCounts":
        if self.profile != other.profile:
            raise ValueError(f"counts of different profiles cannot be added: {self.profile}, {other.profile}")
        return ErrorCounts(
            profile=self.profile,
            substitutions=self.substitutions + other.substitutions,
            deletions=self.deletions + other.deletions,
            insertions=self.insertions + other.insertions,
            reference=self.reference + other.reference,
        )


def character_errors(reference: str, hypothesis: str, profile: str = "ja-cer-1") -> ErrorCounts:
    """Fewest character edits from reference to hypothesis (Levenshtein), both normalised by the profile."""
    wanted, heard = normalise(reference, profile), normalise(hypothesis, profile)
    kinds = [operation.tag for operation in Levenshtein.editops(wanted, heard)]
    return ErrorCounts(
        profile=profile,
        substitutions=kinds.count("replace"),
        deletions=kinds.count("delete"),
        insertions=kinds.count("insert"),
        reference=len(wanted),
    )
