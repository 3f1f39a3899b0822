"""Forms that people put right before are put right again, where they stand as whole words."""

from pathlib import Path

import pytest

from pipeline.lexicon.dictionary import read_dictionary, write_dictionary
from pipeline.lexicon.lexicon import Lexicon, merge
from pipeline.lexicon.terms import Term, make_term
from pipeline.records.words import Transcript, Word
from pipeline.stages.correct import CorrectSettings, correct


def learned(written: str, reading: str, *misheard: str) -> Term:
    term = make_term(written, reading, "dictionary", 0.7)
    assert term is not None
    return term.model_copy(update={"misheard": misheard})


def corrected(text: str, *terms: Term) -> Transcript:
    words = tuple(Word(start_ms=200 * n, end_ms=200 * n + 200, raw=s, probability=0.95) for n, s in enumerate(text))
    return correct(Transcript(language="ja", words=words), Lexicon(terms=merge(terms)), CorrectSettings())


@pytest.mark.parametrize(
    ("heard", "told"),
    [
        ("三点目は新作業務の件です。", "三点目は審査業務の件です。"),
        ("新作業務と新作業務です。", "審査業務と審査業務です。"),
        ("最新作業務量です。", "最新作業務量です。"),
        ("新しい作業です。", "新しい作業です。"),
    ],
)
def test_known_mishearings(heard: str, told: str) -> None:
    assert corrected(heard, learned("審査業務", "シンサギョウム", "新作業務")).text == told


def test_the_raw_words_stay_and_the_layer_says_why() -> None:
    found = corrected("新作業務です。", learned("審査業務", "シンサギョウム", "新作業務"))
    assert "".join(word.raw for word in found.words) == "新作業務です。"
    (reason,) = {layer.reason for word in found.words for layer in word.layers if layer.by == "lexicon"}
    assert reason == "過去の修正「審査業務」が「新作業務」と聞かれていました"


def test_the_longest_form_wins() -> None:
    terms = learned("審査業務", "シンサギョウム", "新作業務"), learned("審査業務等", "シンサギョウムトウ", "新作業務等")
    assert corrected("新作業務等です。", *terms).text == "審査業務等です。"


def test_mishearings_are_kept_in_the_dictionary_and_through_merging(tmp_path: Path) -> None:
    term = learned("審査業務", "シンサギョウム", "新作業務", '"二"')
    write_dictionary(tmp_path / "d.toml", [term])
    assert read_dictionary(tmp_path / "d.toml") == (term,)
    meeting = make_term("審査業務", "シンサギョウム", "meeting", 1.0)
    assert meeting is not None
    (merged,) = merge([term, meeting])
    assert (merged.source, merged.misheard) == ("meeting", term.misheard)
