"""Character errors as counts that can be added over recordings; a rate is derived and never averaged."""

from pydantic import NonNegativeInt

from pipeline.records.base import Record


class ErrorCounts(Record):
    """Errors of a hypothesis against a reference of `reference` characters, under a named normalisation profile.

    Character error rate (CER) = (substitutions + deletions + insertions) / reference; recognition rate (認識率) =
    100 - 100 × CER. Source: Levenshtein distance as NIST SCTK (sclite) scores words, on characters for Japanese.
    """

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

    @property
    def recognition_rate(self) -> float | None:
        """認識率 in per cent, below 0 when the rate is above 1; None when there is nothing to score."""
        return 100 * (1 - self.errors / self.reference) if self.reference else None

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


def no_errors(profile: str) -> ErrorCounts:
    """Nothing counted yet."""
    return ErrorCounts(profile=profile, substitutions=0, deletions=0, insertions=0, reference=0)
