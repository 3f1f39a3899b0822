"""Texts made comparable under a named profile (profiles/registry.py); every rate is printed with that name."""

from pipeline.evaluate.profiles.registry import profile as _profile


def normalise(text: str, profile: str) -> str:
    """The text after the profile's transforms, in order. Raises UsageError for an unknown profile."""
    return _profile(profile).apply(text).text
