"""Fillers go, words that look like fillers stay; sentence ends get full stops where they are ends."""

import pytest

from pipeline.records.words import Word
from pipeline.stages.correction.fillers import fillers
from pipeline.stages.correction.punctuation import punctuation
from pipeline.stages.correction.sheet import Sheet


def sheet_of(text: str, probability: float = 0.9) -> Sheet:
    """One word per sign; | is half a second of silence."""
    words, at = [], 0
    for sign in text:
        if sign == "|":
            at += 500
            continue
        words.append(Word(start_ms=at, end_ms=at + 120, raw=sign, probability=probability))
        at += 120
    return Sheet(words)


def without_fillers(text: str, probability: float = 0.9) -> str:
    sheet = sheet_of(text, probability)
    return sheet.apply(fillers(sheet), "filler").text


def punctuated(text: str) -> str:
    sheet = sheet_of(text)
    return sheet.apply(punctuation(sheet), "punctuation").text


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("えー、それでは始めます。", "それでは始めます。"),
        ("えーとですね、資料をご覧ください。", "資料をご覧ください。"),
        ("現在、あのー、テレワークに取り組んでおります。", "現在、テレワークに取り組んでおります。"),
        ("そうですね。|まあ、難しいと思います。", "そうですね。難しいと思います。"),
        ("えっと、そのー、三点あります。", "三点あります。"),
        ("部課長、部課長会です。", "部課長会です。"),
        ("情報をを共有します。", "情報を共有します。"),
        ("終わります。|ええ現在調査中です。", "終わります。現在調査中です。"),
    ],
)
def test_fillers_go(said: str, written: str) -> None:
    assert without_fillers(said) == written


@pytest.mark.parametrize(
    "said",
    [
        "その資料をご覧ください。",
        "あの建物は市役所です。",
        "まあまあの結果です。",
        "ええ、そうです。",
        "いろいろ、いろいろな意見があります。"[5:],
        "そのまま進めます。",
        "考えています。",
        "支え合いの仕組みです。",
        "A棟を改修します。",
        "絵を展示します。",
        "ますます増えます。",
        "とともに進めます。",
    ],
)
def test_words_stay(said: str) -> None:
    assert without_fillers(said) == said


def test_a_doubtful_letter_before_a_clause_is_a_filler() -> None:
    assert without_fillers("お願いします。|A資料をご覧ください。", 0.2) == "お願いします。資料をご覧ください。"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("開会いたします|それでは議題に入ります", "開会いたします。それでは議題に入ります。"),
        ("質問はございますか|ドングルの期間は", "質問はございますか。ドングルの期間は"),
        ("検討していますが|難しいです", "検討していますが、難しいです。"),
        ("予定でございます、|準備が完了しました", "予定でございます。準備が完了しました。"),
        ("お願いしていることですが", "お願いしていることですが"),
        ("ありますので|進めます", "ありますので、進めます。"),
        ("まいりますよう|お願いします", "まいりますようお願いします。"),
    ],
)
def test_stops_and_commas(said: str, written: str) -> None:
    assert punctuated(said) == written


def test_twice_changes_nothing_more() -> None:
    once = punctuated("開会いたします|それでは議題に入りますので|お願いします")
    assert punctuated(once) == once
