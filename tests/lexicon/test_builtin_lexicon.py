"""The built-in lexicon: large enough, and every reading one that the word can have."""

from collections import Counter

from pipeline.lexicon.builtin import builtin_terms
from pipeline.lexicon.japanese import reading_of
from pipeline.lexicon.kana import is_kana, morae


def test_size_and_form() -> None:
    terms = builtin_terms()
    assert len(terms) >= 1500
    assert all(is_kana(term.reading) and len(morae(term.reading)) >= 2 for term in terms)
    assert all(pattern.count("~") == 1 for term in terms for pattern in term.contexts)


def test_no_entry_twice_in_one_role() -> None:
    counted = Counter((term.written, term.reading, bool(term.contexts)) for term in builtin_terms())
    assert [entry for entry, count in counted.items() if count > 1] == []


def test_few_readings_differ_from_the_dictionary() -> None:
    """Where ours differ (所長会, 光回線 …) they were reviewed by hand; a new bulk of differences
    would be a mistake in a table."""
    words = [term for term in builtin_terms() if term.written.isalpha()]
    differing = [term.written for term in words if morae(reading_of(term.written)) != morae(term.reading)]
    assert len(differing) < 150


def test_the_words_that_a_first_trial_got_wrong() -> None:
    readings = {term.written: term.reading for term in builtin_terms()}
    assert readings["庁内"] == "チョウナイ"
    assert readings["議事録"] == "ギジロク"
    assert readings["部課長会"] == "ブカチョウカイ"
    assert readings["豊島区"] == "トシマク"
    assert readings["庶務係"] == "ショムガカリ"
    assert readings["所長会"] == "ショチョウカイ"
