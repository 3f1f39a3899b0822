"""The profiles by name. A profile never changes: what would change a figure gets the next number."""

from collections.abc import Mapping
from typing import NamedTuple

from pipeline.errors import UsageError
from pipeline.evaluate.profiles.fillers import without_fillers, without_tags
from pipeline.evaluate.profiles.mapped import Mapped, Transform
from pipeline.evaluate.profiles.numbers import digits
from pipeline.evaluate.profiles.transforms import (
    counter_ka,
    long_vowels,
    lower_case,
    nfkc,
    spoken_signs,
    without_punctuation,
    without_spaces,
)


class Profile(NamedTuple):
    """A named list of transforms, done in order, and what counts as equal afterwards."""

    name: str
    transforms: tuple[Transform, ...]
    explained: str
    """One Japanese sentence for the report."""
    verbatim: bool = False
    """Compare with the verbatim reference where there is one."""
    variants: bool = False
    """Other spellings of the same word are no errors (profiles/variants.py)."""

    def apply(self, text: str) -> Mapped:
        """The text made comparable, with where each of its characters came from."""
        mapped = Mapped.of(text)
        for transform in self.transforms:
            mapped = transform(mapped)
        return mapped


_FORMS: tuple[Transform, ...] = (digits, spoken_signs, counter_ka, long_vowels, without_punctuation, lower_case)

PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(
            "strict-1",
            (without_spaces,),
            "書かれたとおりに比べます（空白だけを除きます）。句読点、全角半角、漢字と数字の違いも誤りに数えます。",
        ),
        Profile(
            "standard-1",
            (nfkc, without_fillers, *_FORMS),
            "句読点、全角半角、数字の書き方（三と3）、長音、「えー」などの言いよどみの違いは誤りに数えません。",
        ),
        Profile(
            "lenient-1",
            (nfkc, without_fillers, *_FORMS),
            "標準に加えて、同じ語の表記のゆれ（事とこと、出来るとできる、引越しと引っ越し）も誤りに数えません。",
            variants=True,
        ),
        Profile(
            "verbatim-1",
            (nfkc, without_tags, *_FORMS),
            "標準と同じですが、「えー」などの言いよどみも文字どおり書けているかを数えます。",
            verbatim=True,
        ),
        Profile("ja-cer-1", (nfkc, without_punctuation), "全角半角と句読点の違いだけを誤りに数えません。"),
    )
}
"""ja-cer-1: of the figures before the others were made; fillers are not taken out."""
SHOWN = ("standard-1", "strict-1", "lenient-1", "verbatim-1")
"""What a report lists, the main figure first."""
_NEWEST = {name.rsplit("-", 1)[0]: name for name in PROFILES}


def profile(name: str) -> Profile:
    """By full name, or the newest of a kind: standard is standard-1. Raises UsageError for an unknown one."""
    found = PROFILES.get(name) or PROFILES.get(_NEWEST.get(name, ""))
    if found is None:
        raise UsageError(f"{name}: no such normalisation profile.", f"Choose from {', '.join(_NEWEST)}.")
    return found
