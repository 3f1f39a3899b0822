"""Profiles: what each forgives, and that every character still knows where it came from."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.evaluate.normalise import normalise
from pipeline.evaluate.profiles.mapped import Mapped
from pipeline.evaluate.profiles.registry import PROFILES, profile
from pipeline.evaluate.profiles.transforms import nfkc
from pipeline.evaluate.rate import character_errors

japanese = st.text(alphabet="会議録をえあのー、。 三十二千万円1２,.%ＡｶﾞかガサーバA\u3099\uff5e～()ヶ月", max_size=40)
anything = st.text(max_size=30)


def errors(reference: str, hypothesis: str, name: str) -> int:
    return character_errors(reference, hypothesis, name).errors


@pytest.mark.parametrize("name", PROFILES)
@given(text=japanese | anything)
def test_every_character_knows_where_it_came_from(name: str, text: str) -> None:
    mapped = profile(name).apply(text)
    assert len(mapped.text) == len(mapped.origin)
    assert all(0 <= place < len(text) for place in mapped.origin)
    assert list(mapped.origin) == sorted(mapped.origin)


@given(japanese | anything)
def test_nfkc_in_clusters_is_nfkc(text: str) -> None:
    assert nfkc(Mapped.of(text)).text == unicodedata.normalize("NFKC", text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("三人", "3人"),
        ("二十一件", "21件"),
        ("千五百万円", "1,500万円"),
        ("1万2千円", "12000円"),
        ("二〇二六年", "２０２６年"),
        ("28%", "28パーセント"),
        ("1.5倍", "1点5倍"),
        ("サーバー", "サーバ"),
        ("ｻｰﾊﾞｰ", "サーバー"),
        ("三ヶ月", "3か月"),
        ("LAN端末", "ＬＡＮ端末"),
        ("えー、本日は、えっと、会議です。", "本日は会議です"),
        ("それではえー始めます", "それでは始めます"),
        ("あのー、はい", "はい"),
    ],
)
def test_what_standard_counts_as_the_same(one: str, other: str) -> None:
    assert errors(one, other, "standard") == errors(other, one, "standard") == 0
    assert errors(one, other, "strict") > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("千葉の人", "1000葉の人"),
        ("15", "1.5"),
        ("データ", "デタ"),
        ("三件", "四件"),
        ("あの件は", "件は"),
        ("ねえー", "ね"),
        ("えええ、そうです", "えそうです"),
        ("これに加え、次は", "これに加次は"),
        ("考え、まとめる", "考まとめる"),
    ],
)
def test_what_standard_does_not(one: str, other: str) -> None:
    assert errors(one, other, "standard") > 0


def test_verbatim_scores_fillers() -> None:
    assert errors("えー、会議を、あのー、始めます", "会議を始めます", "verbatim") == 5
    assert errors("(F えー)会議", "えー会議", "verbatim") == 0
    assert errors("(F えー)会議(D ふく)福祉", "会議福祉", "standard") == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("この事", "このこと"),
        ("出来る", "できる"),
        ("引越し", "引っ越し"),
        ("取組", "取り組み"),
        ("その方は", "そのかたは"),
        ("お願い致します", "お願いいたします"),
        ("ご質問", "御質問"),
        ("色々な", "いろいろな"),
        ("子ども", "子供"),
        ("ほかの意見", "他の意見"),
    ],
)
def test_lenient_forgives_spelling(one: str, other: str) -> None:
    assert errors(one, other, "lenient") == errors(other, one, "lenient") == 0
    assert errors(one, other, "standard") > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("次期の端末", "時期の端末"),
        ("庁内", "長内"),
        ("行った", "行きた"),
        ("会計", "開計"),
        ("機器", "危機"),
        ("しかた", "し肩"),
        ("二回", "に回"),
    ],
)
def test_lenient_does_not_forgive_homophones(one: str, other: str) -> None:
    assert errors(one, other, "lenient") == errors(one, other, "standard") > 0


@given(japanese, japanese)
def test_lenient_is_never_stricter_than_standard(one: str, other: str) -> None:
    assert errors(one, other, "lenient") <= errors(one, other, "standard")


def test_names() -> None:
    assert profile("standard").name == "standard-1"
    with pytest.raises(UsageError, match=r"none-such.*profile"):
        normalise("会議", "none-such")
