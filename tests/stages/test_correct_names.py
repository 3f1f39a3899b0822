"""This meeting's own names, places and items: the dictionary knows them as numbers, as other places, or not at all."""

import pytest

from pipeline.lexicon.japanese import reading_of
from pipeline.lexicon.lexicon import Lexicon, build_lexicon
from pipeline.lexicon.terms import Term
from pipeline.records.meeting import AgendaItem, Meeting, Member, RosterRole
from pipeline.records.words import Transcript, Word
from pipeline.stages.correct import CorrectSettings, correct

LEXICON = build_lexicon(
    Meeting(
        name="令和8年度第1回豊島区行政情報化推進本部",
        agenda=(
            AgendaItem(kind="議案", number=38, title="学校設置条例の一部改正について"),
            AgendaItem(kind="議案", number=39, title="資源循環の推進について"),
        ),
        roster=(
            RosterRole(role="部長", members=(Member(office="教育部長", name="三枝 光"),)),
            RosterRole(role="係長", members=(Member(office="資源循環係長", name="野々村 進"),)),
        ),
        handouts=("資料A 在籍者の一覧",),
    )
)


def corrected(text: str, lexicon: Lexicon = LEXICON) -> str:
    words = tuple(
        Word(start_ms=120 * i, end_ms=120 * i + 120, raw=sign, probability=0.3) for i, sign in enumerate(text)
    )
    settings = CorrectSettings(numbers=False, punctuation=False, fillers=False)
    return correct(Transcript(language="ja", words=words), lexicon, settings).text


@pytest.mark.parametrize(
    ("recognised", "meant"),
    [
        ("教育部長のサイグサでございます", "教育部長の三枝でございます"),
        ("この件は都島区からお話しします", "この件は豊島区からお話しします"),
        ("次に第30話ち合議案を議題とします", "次に第38号議案を議題とします"),
        ("はい事言中間かかりちょうののも村です", "はい資源循環係長の野々村です"),
    ],
)
def test_what_only_this_meeting_knows(recognised: str, meant: str) -> None:
    assert corrected(recognised) == meant


@pytest.mark.parametrize(
    "said",
    ["次に第37号議案を議題とします", "資源の循環係長です", "千代田区からお話しします", "教育部長の最前線の話です"],
)
def test_what_is_said_otherwise_stays(said: str) -> None:
    assert corrected(said) == said


def test_a_letter_is_read_as_it_is_called() -> None:
    assert (reading_of("資料A"), reading_of("Bグループ")) == ("シリョウエー", "ビーグループ")


@pytest.mark.parametrize(
    ("recognised", "meant"),
    [
        ("次にちどり区地域防災計画を見ます", "次に千鳥区地域防災計画を見ます"),
        ("当社のVCPでは止めます", "当社のBCPでは止めます"),
        ("SCO事業として行います", "ESCO事業として行います"),
        ("推進委員のほさかさんと確認しました", "推進委員の保坂さんと確認しました"),
    ],
)
def test_names_of_all_kinds(recognised: str, meant: str) -> None:
    meeting = Meeting(
        agenda=(AgendaItem(kind="議事", number=1, title="千鳥区地域防災計画の修正について"),),
        roster=(RosterRole(role="推進委員", members=(Member(office="推進委員", name="保坂 登"),)),),
        terms=(("BCP", "ビーシーピー"), ("ESCO事業", "エスコジギョウ")),
    )
    assert corrected(recognised, build_lexicon(meeting)) == meant


@pytest.mark.parametrize("said", ["委員19名中十7名の出席", "農地法第3条台に高の各号", "人・農地プランに位置づけられた"])
def test_numbers_and_spellings_are_not_taken_for_words_of_any_office(said: str) -> None:
    assert corrected(said) == said


def test_what_is_believed_in_one_place_is_put_right_in_all() -> None:
    words = [
        Word(start_ms=120 * i, end_ms=120 * i + 120, raw=sign, probability=0.3 if i < 8 else 0.7)
        for i, sign in enumerate("業者から都島区が。都島区から業者を")
    ]
    text = correct(Transcript(language="ja", words=tuple(words)), LEXICON, CorrectSettings()).text
    assert text.count("豊島区") == 2


def test_a_surer_term_is_never_put_in_less() -> None:
    words = tuple(
        Word(start_ms=120 * i, end_ms=120 * i + 120, raw=sign, probability=0.4)
        for i, sign in enumerate("北見大使の皆さん")
    )
    put_in = []
    for weight in (0.5, 0.7, 0.9, 1.0):
        term = Term(written="北見台市", reading="キタミダイシ", source="dictionary", weight=weight)
        text = correct(Transcript(language="ja", words=words), Lexicon(terms=(term,)), CorrectSettings()).text
        put_in.append("北見台市" in text)
    assert put_in == sorted(put_in) and put_in[-1]
