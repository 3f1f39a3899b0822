"""The correct stage: layers over untouched words, terms by their sound, common words left alone."""

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.lexicon.lexicon import Lexicon, build_lexicon
from pipeline.records.meeting import AgendaItem, Meeting, Member, RosterRole
from pipeline.records.words import Transcript, Word
from pipeline.stages.correct import CorrectSettings, correct
from pipeline.stages.correction.pronunciation import in_context
from pipeline.stages.correction.sheet import Edit, Sheet

MEETING = Meeting(
    name="令和8年度 第2回若葉市環境審議会",
    secretariat="環境部脱炭素推進課",
    agenda=(AgendaItem(kind="議案", number=1, title="若葉市気候変動適応計画の改定について"),),
    roster=(RosterRole(role="事務局", members=(Member(office="脱炭素推進課長"),)),),
    terms=(("CEMS", "セムズ"),),
)
LEXICON = build_lexicon(MEETING)
ONLY_LEXICON = CorrectSettings(numbers=False, punctuation=False, fillers=False)
OFFICE_TALK = "本日の会議の議事録は事務局が作成し、次回の審議会の資料と併せて、ホームページで公開する予定でございます。"
"""Shows that the text is one in which the built-in lexicon's words are said."""


def heard(text: str, probability: float = 0.5, start_ms: int = 0) -> tuple[Word, ...]:
    return tuple(
        Word(start_ms=start_ms + 120 * i, end_ms=start_ms + 120 * i + 120, raw=sign, probability=probability)
        for i, sign in enumerate(text)
    )


def corrected(text: str, probability: float = 0.5, lexicon: Lexicon = LEXICON) -> str:
    """What becomes of a text after a second of silence behind some certain office talk."""
    before = heard(OFFICE_TALK, 0.99)
    words = (*before, *heard(text, probability, before[-1].end_ms + 1000))
    done = correct(Transcript(language="ja", words=words), lexicon, ONLY_LEXICON)
    assert done.text.startswith(OFFICE_TALK)
    return done.text.removeprefix(OFFICE_TALK)


@pytest.mark.parametrize(
    ("recognised", "meant"),
    [
        ("若葉市機構変動的計画の改定について", "若葉市気候変動適応計画の改定について"),
        ("奪炭素推進家庁から説明します", "脱炭素推進課長から説明します"),
        ("長内ランを使います", "庁内LANを使います"),
        ("ギジロクを作成します", "議事録を作成します"),
        ("スカイプ会議を開きます", "Skype会議を開きます"),
        ("都市計画深議会に諮ります", "都市計画審議会に諮ります"),
    ],
)
def test_terms_are_put_in_by_their_sound(recognised: str, meant: str) -> None:
    assert corrected(recognised) == meant


@pytest.mark.parametrize(
    "right",
    [
        "どうすれば解決できるかどうかを考えます。",
        "好きな人がこっちを向いて笑っていた",
        "先ほどご紹介した会議の内容を公開します",
        "お母さんと朝ご飯を食べました",
        "時期が悪いので様子を見ます",
        "町内の危機に備えて広告を出します",
        "自然災害の地震について自身の経験を話しました",
    ],
)
@pytest.mark.parametrize("probability", [0.35, 0.95])
def test_common_words_in_their_own_right_stay(right: str, probability: float) -> None:
    assert corrected(right, probability) == right


@pytest.mark.parametrize(
    ("recognised", "meant"),
    [
        ("時期の端末を選びます", "次期の端末を選びます"),
        ("導入時期の端末価格", "導入時期の端末価格"),
        ("テレワーク用の危機を配ります", "テレワーク用の機器を配ります"),
        ("意義なしと認めます", "異議なしと認めます"),
    ],
)
def test_homophones_only_where_the_context_fits(recognised: str, meant: str) -> None:
    assert corrected(recognised) == meant


def test_context_patterns_want_word_boundaries() -> None:
    assert in_context("では、", "の端末", ["~の端末"])
    assert not in_context("導入", "の端末", ["~の端末"])
    assert not in_context("では、", "計画書", ["用の~"])


def test_numbers_are_never_put_in_by_sound() -> None:
    lexicon = build_lexicon(Meeting(terms=(("第15号議案", "ダイジュウゴゴウギアン"),)), builtin=False)
    assert corrected("第十四号議案です", 0.3, lexicon) == "第十四号議案です"


def test_a_replacement_is_one_run_that_can_be_undone() -> None:
    words = heard("奪炭素推進家庁から説明します")
    done = correct(Transcript(language="ja", words=words), LEXICON, ONLY_LEXICON)
    runs = defaultdict(list)
    for word in done.words:
        for layer in word.layers:
            runs[layer.run].append((word, layer))
    assert runs
    for members in runs.values():
        assert all(layer.after == "" for _, layer in members[1:])
        assert members[0][1].after and members[0][1].reason
    undone = "".join(word.layers[0].before if word.layers else word.text for word in done.words)
    assert undone == "".join(word.raw for word in words)


def test_off_means_off() -> None:
    words = heard("えー、長内ランは令和二年に二百台です")
    off = CorrectSettings(lexicon=False, numbers=False, punctuation=False, fillers=False)
    untouched = correct(Transcript(language="ja", words=words), LEXICON, off).words
    assert [word.model_copy(update={"review": None}) for word in untouched] == list(words)


_TEXTS = st.lists(
    st.sampled_from(
        [
            "えー、",
            "長内ラン",
            "令和二年",
            "です",
            "あの",
            "、",
            "。",
            "議案",
            "第一号",
            "と",
            "を",
            "家庁",
            "1ヶ月",
            "か",
        ]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=40, deadline=None)
@given(_TEXTS, st.floats(0.01, 1.0), st.integers(0, 900))
def test_words_stay_and_raw_stays(text: str, probability: float, pause_ms: int) -> None:
    half = len(text) // 2
    first = heard(text[:half], probability)
    words = (*first, *heard(text[half:], probability, (first[-1].end_ms if first else 0) + pause_ms))
    done = correct(Transcript(language="ja", words=words), LEXICON, CorrectSettings())
    assert [(w.raw, w.start_ms, w.end_ms, w.probability) for w in done.words] == [
        (w.raw, w.start_ms, w.end_ms, w.probability) for w in words
    ]
    for word in done.words:
        chain = [word.raw, *(layer.after for layer in word.layers)]
        assert [layer.before for layer in word.layers] == chain[:-1]


@given(st.lists(st.text("あいうえお", min_size=0, max_size=3), min_size=1, max_size=12), st.data())
def test_edits_change_the_text_exactly_where_they_say(texts: list[str], data: st.DataObject) -> None:
    words = [Word(start_ms=i, end_ms=i + 1, raw=raw, probability=0.5) for i, raw in enumerate(texts)]
    sheet = Sheet(words)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sheet.text)), max_size=6, unique=True)))
    edits = [
        Edit(a, b, data.draw(st.text("かき", max_size=3)), "試し") for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    expected, position = "", 0
    for edit in edits:
        expected += sheet.text[position : edit.start] + edit.after
        position = edit.end
    assert sheet.apply(edits, "clerk").text == expected + sheet.text[position:]


def test_a_count_is_not_a_word_of_the_same_sounds_and_an_inflection_is_not_the_end_of_a_term() -> None:
    words = heard("次回は1月27日に、来場しないで済む方法を考えます")
    assert "1月27日" in correct(Transcript(language="ja", words=words), LEXICON, CorrectSettings()).text
    assert "来場し" in correct(Transcript(language="ja", words=words), LEXICON, CorrectSettings()).text


def test_two_passes_of_one_kind_stay_apart_so_that_each_can_be_undone() -> None:
    words = heard("長内ラン端末についてお議題といたします")
    corrected = correct(Transcript(language="ja", words=words), LEXICON, CorrectSettings())
    runs = {layer.run for word in corrected.words for layer in word.layers if layer.by == "lexicon"}
    assert "についてを議題" in corrected.text and len(runs) == 2
