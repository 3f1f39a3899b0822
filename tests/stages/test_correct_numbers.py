"""Numbers are rewritten as official minutes write them, and never change their value."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.records.words import Word
from pipeline.stages.correction.numbers import numbers
from pipeline.stages.correction.numerals import arabic, kanji, value_of, values_in
from pipeline.stages.correction.sheet import Sheet


def sheet_of(text: str) -> Sheet:
    return Sheet([Word(start_ms=i * 100, end_ms=i * 100 + 100, raw=c, probability=0.9) for i, c in enumerate(text)])


def rewritten(text: str) -> str:
    return sheet_of(text).apply(numbers(sheet_of(text)), "number").text


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("令和二年度第一回会議", "令和2年度第1回会議"),
        ("画面サイズを十二インチに", "画面サイズを12インチに"),
        ("1ヶ月程度を", "1か月程度を"),
        ("2県目の報告", "二件目の報告"),
        ("1点目は", "一点目は"),
        ("課題は4点ございます", "課題は四点ございます"),
        ("1人1台の端末", "一人一台の端末"),
        ("6つき中旬に", "6月中旬に"),
        ("令和二年十二月に", "令和2年12月に"),
        ("午後一時七分", "午後1時7分"),
        ("約二千二百台を", "約2,200台を"),
        ("遊休農地は40にヘクタールです", "遊休農地は42ヘクタールです"),
        ("納付金は18億4千に100万円です", "納付金は18億4,200万円です"),
        ("均等割を、に万8000円から", "均等割を、2万8,000円から"),
        ("議案書のにページをお開きください", "議案書の2ページをお開きください"),
        ("新規就農者はにひとでございます", "新規就農者は2人でございます"),
        ("定例会は10日月20日です", "定例会は12月20日です"),
        ("農地法第3条台に高の各号", "農地法第3条第2項の各号"),
        ("各課にメートル法を", "各課にメートル法を"),
        ("開くたびにページが", "開くたびにページが"),
        ("三千五百万円の", "3,500万円の"),
        ("1億2千万円", "1億2,000万円"),
        ("二〇二六年に", "2026年に"),
        ("議案第十五号", "議案第15号"),
        ("資料一により", "資料1により"),
        ("一言ずつ", "一言ずつ"),
        ("1言ずつ", "一言ずつ"),
        ("十分に検討し、一部を見直す", "十分に検討し、一部を見直す"),
        ("一人の職員", "一人の職員"),
        ("第三者委員会", "第三者委員会"),
        ("一方で一般会計", "一方で一般会計"),
        ("六つき目", "六つき目"),
        ("一体多数の会議", "一体多数の会議"),
        ("シリオにご覧ください", "資料2をご覧ください"),
        ("資料さんをご覧ください", "資料3をご覧ください"),
        ("資料に記載のとおり", "資料に記載のとおり"),
        ("例は7年度第1回", "令和7年度第1回"),
        ("0は八年六月末", "令和8年6月末"),
        ("その例は2年前", "その例は2年前"),
        ("議案ダイ1号", "議案第1号"),
        ("議案大六十二号", "議案第62号"),
        ("1300に10円でございます", "1,320円でございます"),
        ("延べ1000予180回の", "延べ1,480回の"),
        ("議案第60に号は", "議案第62号は"),
        ("1億に1640万円を", "1億2,640万円を"),
        ("経費としてに186万円を", "経費として286万円を"),
        ("案件は、議案に県でございます", "案件は、議案2件でございます"),
        ("前の年に比べてに7パーセント減り", "前の年に比べて27パーセント減り"),
        ("本市は1号パーセントで", "本市は15パーセントで"),
        ("次回は令和8年に月17日の", "次回は令和8年2月17日の"),
        ("来年に月に見直す", "来年2月に見直す"),
        ("期間は7突きついたちから", "期間は7月1日から"),
        ("資料さんでございます", "資料3でございます"),
        ("市営住宅が参加所", "市営住宅が3か所"),
        ("資料1と資料にそれから", "資料1と資料2それから"),
        ("それでは議題には案のとおり", "それでは議題2は案のとおり"),
        ("委員給名のうち七名", "委員9名のうち7名"),
        ("意見書語通の中身", "意見書5通の中身"),
        ("新たになな事業者", "新たに7事業者"),
        ("日本語通の職員", "日本語通の職員"),
        ("たてに3メートル", "たてに3メートル"),
        ("資料1と資料に基づき", "資料1と資料に基づき"),
        ("本日の議題に令和8年度の", "本日の議題に令和8年度の"),
        ("ともに7パーセント", "ともに7パーセント"),
        ("年に月3回ほど", "年に月3回ほど"),
        ("議案1号についてその議題に入ります", "議案1号についてその議題に入ります"),
        ("その日の参加所属は", "その日の参加所属は"),
        ("全体の25%です", "全体の25パーセントです"),
        ("10に近い", "10に近い"),
        ("経費に186万円を", "経費に186万円を"),
    ],
)
def test_official_forms(heard: str, written: str) -> None:
    assert rewritten(heard) == written


@given(st.integers(0, 10**13))
def test_arabic_keeps_the_value(value: int) -> None:
    assert value_of(arabic(value)) == value
    assert value_of(arabic(value, grouped=False)) == value


@given(st.integers(1, 99))
def test_kanji_keeps_the_value(value: int) -> None:
    assert value_of(kanji(value)) == value


_PIECES = st.sampled_from(
    [*"0123456789一二三四五六七八九十百千万億", "年", "月", "日", "件目", "点目", "回", "第", "令和", "円", "台",
     "人", "か月", "ヶ月", "は", "、", "県目", "一部", "パーセント", "つき中旬", "資料", "時", "分", ",",
     "点ございます"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=25).map("".join))
def test_no_value_is_ever_changed(text: str) -> None:
    assume("0は" not in text)  # what a recogniser writes for 令和 before a year: not a value
    assert values_in(rewritten(text)) == values_in(text)


@pytest.mark.parametrize("wrong", ["十百", "万", "億万", "二-三", "", "百百"])
def test_what_is_no_number_has_no_value(wrong: str) -> None:
    assert value_of(wrong) is None
