"""公用文の表記: official spelling where a rule asks for it, off unless asked for, each change with its source."""

import pytest

from pipeline.lexicon.lexicon import Lexicon
from pipeline.records.words import Transcript, Word
from pipeline.stages.correct import CorrectSettings, correct


def heard(text: str) -> Transcript:
    words = tuple(
        Word(start_ms=n * 100, end_ms=n * 100 + 100, raw=sign, probability=0.9) for n, sign in enumerate(text)
    )
    return Transcript(language="ja", words=words)


def spelled(text: str, *, on: bool = True) -> Transcript:
    settings = CorrectSettings(lexicon=False, numbers=False, punctuation=False, fillers=False, spelling=on)
    return correct(heard(text), Lexicon(), settings)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("説明して頂くことが出来る様になりました。", "説明していただくことができるようになりました。"),
        ("ご指摘の通り進めて行く事としました。", "ご指摘のとおり進めていくこととしました。"),
        ("災害の時は連絡して下さい。", "災害のときは連絡してください。"),
        ("調査する等の取り組みを行なって来ました。", "調査するなどの取組を行ってきました。"),
        ("又、すべての職員および委員が対象です。", "また、全ての職員及び委員が対象です。"),
        ("見積もりを取って見て欲しいと思います。", "見積りを取ってみてほしいと思います。"),
    ],
)
def test_official_spelling(said: str, written: str) -> None:
    assert spelled(said).text == written


@pytest.mark.parametrize(
    "said",
    ["法律に従って処理します。", "取り組みます。", "時の流れ。", "様々な意見。", "委員等の意見。", "通り道です。"],
)
def test_words_with_their_own_meaning_stay(said: str) -> None:
    assert spelled(said).text == said


def test_it_is_off_by_default_and_every_change_names_its_source() -> None:
    assert not CorrectSettings().spelling
    assert spelled("出来る", on=False).text == "出来る"
    layers = [layer for word in spelled("報告して頂く事が出来る。").words for layer in word.layers]
    assert layers and all(layer.by == "spelling" and "内閣訓令" in layer.reason for layer in layers)
