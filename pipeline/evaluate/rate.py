"""The character errors of one text against another, for whoever needs no more than that."""

from pipeline.evaluate.alignment.align import align_sides
from pipeline.evaluate.alignment.sides import Side
from pipeline.evaluate.counts import ErrorCounts
from pipeline.evaluate.profiles.registry import profile as named
from pipeline.evaluate.transcription import Utterance

__all__ = ["ErrorCounts", "character_errors"]


def character_errors(reference: str, hypothesis: str, profile: str = "ja-cer-1") -> ErrorCounts:
    """Fewest character edits from reference to hypothesis (Levenshtein), both normalised by the profile."""
    chosen = named(profile)
    sides = [Side.of((Utterance(text=text),), chosen) for text in (reference, hypothesis)]
    return align_sides(sides[0], sides[1], chosen).counts()
