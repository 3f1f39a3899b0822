"""Counts of character errors: checked against jiwer, and by what must hold for any text."""

import importlib.util

import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.normalise import normalise
from pipeline.evaluate.rate import character_errors

PROFILES = ("strict-1", "standard-1", "verbatim-1", "ja-cer-1")
has_meeteval = importlib.util.find_spec("meeteval") is not None
texts = st.text(alphabet="会議録を作成する。、 ABCabcが\u3099か1１ー", max_size=30)


@pytest.mark.parametrize("profile", PROFILES)
@given(reference=texts, hypothesis=texts)
def test_same_as_jiwer(profile: str, reference: str, hypothesis: str) -> None:
    counts = character_errors(reference, hypothesis, profile)
    wanted, heard = normalise(reference, profile), normalise(hypothesis, profile)
    assert counts.reference == len(wanted)
    if wanted:
        theirs = jiwer.process_characters(wanted, heard)
        assert counts.rate == pytest.approx(theirs.cer)
        assert counts.errors == theirs.substitutions + theirs.deletions + theirs.insertions
    else:
        assert counts.rate is None and counts.insertions == len(heard)


@pytest.mark.skipif(not has_meeteval, reason="meeteval is not installed (needs a C++ compiler)")
@given(reference=texts, hypothesis=texts)
def test_same_as_meeteval(reference: str, hypothesis: str) -> None:
    from meeteval.wer.wer.siso import siso_word_error_rate

    counts = character_errors(reference, hypothesis)
    wanted, heard = (" ".join(normalise(text, "ja-cer-1")) for text in (reference, hypothesis))
    theirs = siso_word_error_rate(wanted, heard)
    assert (counts.errors, counts.reference) == (theirs.errors, theirs.length)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "errors", "rate"),
    [
        ("i can spell", "i kan cpell", 2, 2 / 11),  # jiwer's manual, character error rate
        ("hello world", "hello duck", 5, 5 / 11),  # jiwer's manual, alignment
    ],
)
def test_cases_of_the_manuals(reference: str, hypothesis: str, errors: int, rate: float) -> None:
    """Spaces count there; here a letter takes their place."""
    counts = character_errors(reference.replace(" ", "x"), hypothesis.replace(" ", "x"))
    assert (counts.errors, counts.rate) == (errors, pytest.approx(rate))


def test_more_invented_than_said_is_a_rate_above_one() -> None:
    counts = character_errors("はい", "ご視聴ありがとうございました")
    assert counts.rate is not None and counts.rate > 1
    assert counts.recognition_rate is not None and counts.recognition_rate < 0


def test_nothing_said_has_no_rate() -> None:
    counts = character_errors("。", "ご視聴")
    assert (counts.rate, counts.recognition_rate, counts.insertions) == (None, None, 3)


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
