"""Counts of character errors: checked against jiwer, and by what must hold for any text."""

import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.normalise import normalise
from pipeline.evaluate.rate import character_errors

texts = st.text(alphabet="会議録を作成する。、 ABCabcが\u3099か1１ー", max_size=30)


@given(texts, texts)
def test_same_as_jiwer(reference: str, hypothesis: str) -> None:
    counts = character_errors(reference, hypothesis)
    wanted, heard = normalise(reference, "ja-cer-1"), normalise(hypothesis, "ja-cer-1")
    assert counts.reference == len(wanted)
    if wanted:
        assert counts.rate == pytest.approx(jiwer.cer(wanted, heard))
    else:
        assert counts.rate is None and counts.insertions == len(heard)


@given(texts)
def test_a_text_has_no_errors_against_itself(text: str) -> None:
    assert character_errors(text, text).errors == 0


@given(texts, texts, texts, texts)
def test_addition_adds_errors_and_references(a: str, b: str, c: str, d: str) -> None:
    one, two = character_errors(a, b), character_errors(c, d)
    assert (one + two).errors == one.errors + two.errors
    assert (one + two).reference == one.reference + two.reference


def test_kinds_of_errors() -> None:
    counts = character_errors("庁内の端末", "長内端末です")
    assert (counts.substitutions, counts.deletions, counts.insertions) == (1, 1, 2)
    assert counts.rate == pytest.approx(4 / 5)


def test_profiles_do_not_mix() -> None:
    one = character_errors("会議", "会議")
    other = one.model_copy(update={"profile": "another"})
    with pytest.raises(ValueError, match="different profiles"):
        _ = one + other


def test_the_profile_leaves_voicing_marks_and_long_vowels() -> None:
    assert normalise("ガイダンス、です! ", "ja-cer-1") == "ガイダンスです"
    assert normalise("か\u3099", "ja-cer-1") == "が"
    assert normalise("データー（Ａ１）", "ja-cer-1") == "データーA1"


def test_an_unknown_profile_is_an_error() -> None:
    with pytest.raises(KeyError):
        normalise("会議", "none-such")
