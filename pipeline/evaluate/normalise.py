"""Named ways to make two texts comparable before characters are counted; every rate is printed with the name of one."""

import unicodedata
from collections.abc import Callable, Mapping

Transform = Callable[[str], str]


def nfkc(text: str) -> str:
    """Full-width Latin letters and digits become half-width, half-width kana full-width (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", text)


def without_punctuation(text: str) -> str:
    """Only letters, digits and marks stay (Unicode categories L, N, M): no punctuation, symbols, spaces, controls.

    ー is a letter and stays; combining marks stay, so that a decomposed が is never cut to か."""
    return "".join(character for character in text if unicodedata.category(character)[0] in "LNM")


PROFILES: Mapping[str, tuple[Transform, ...]] = {
    "ja-cer-1": (nfkc, without_punctuation),
}
"""ja-cer-1: for character error rates. Fillers are not taken out: the reference has none, so each one counts."""


def normalise(text: str, profile: str) -> str:
    """The text after the profile's transforms, in order. Raises KeyError for an unknown profile."""
    for transform in PROFILES[profile]:
        text = transform(text)
    return text
