"""The rules that find headings, explanations and decisions, on spoken and on misheard words."""

import compose_cases as cases
import pytest

from pipeline.records.meeting import AgendaItem, Meeting, RosterRole
from pipeline.records.minutes import Decision, Explanation, Heading, Minutes, Speech
from pipeline.stages.compose import ComposeSettings

ROSTER = (
    RosterRole(role="会長", chairs=True),
    RosterRole(role="委員"),
    RosterRole(role="事務局", explains=True),
)
AGENDA = (
    AgendaItem(kind="報告", number=1, title="電子図書館サービスの利用状況について"),
    AgendaItem(kind="報告", number=2, title="その他"),
    AgendaItem(kind="議案", number=1, title="開館時間の変更について"),
)
INTRODUCED = ("会長", "議案第1号、開館時間の変更について、事務局から説明をお願いします。")


def compose(*said: tuple[str, str], agenda: tuple[AgendaItem, ...] = AGENDA, infer: bool = True) -> Minutes:
    entries: list[dict[str, object]] = [
        {"who": {"会長": "S01", "事務局": "S02"}.get(role, "S03"), "role": role, "text": text} for role, text in said
    ]
    found, roles = cases.turns(entries)
    meeting = Meeting(agenda=agenda, roster=ROSTER)
    return cases.composed(found, roles, meeting, settings=ComposeSettings(infer_decisions=infer))


def headings(minutes: Minutes) -> list[str]:
    return [block.item.label for block in minutes.body if isinstance(block, Heading)]


def decided(minutes: Minutes) -> list[tuple[str, bool]]:
    return [(block.text, block.inferred) for block in minutes.body if isinstance(block, Decision)]


def printed(minutes: Minutes) -> str:
    return "".join(
        sentence.text
        for block in minutes.body
        if isinstance(block, Speech)
        for paragraph in block.paragraphs
        for sentence in paragraph
    )


def kept(minutes: Minutes) -> str:
    return "".join(
        sentence.text
        for block in minutes.body
        if isinstance(block, Explanation)
        for speech in block.speech
        for paragraph in speech.paragraphs
        for sentence in paragraph
    )


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("報告案件1、電子図書館サービスの利用状況についてです。", "報告(1)"),
        ("では、電子都所管サービスの利用上京について、ご報告をお願いします。", "報告(1)"),
        ("続きまして、一件目の報告案件の説明をお願いします。", "報告(1)"),
        ("最後に、その他でございます。", "報告(2)"),
        ("ギアンダイ一号、会館時間の変更についてを議題といたします。", "議案(1)"),
        ("議案第一号を議題といたします。開館時間の変更について。", "議案(1)"),
    ],
)
def test_an_item_is_found_though_misheard(said: str, label: str) -> None:
    assert headings(compose(("委員", "よろしくお願いします。"), ("会長", said))) == [label]


@pytest.mark.parametrize(
    "said",
    [
        "本日の議題は、電子図書館サービスの利用状況について、開館時間の変更についてでございます。",
        "その他ご意見はございますか。",
        "今回は、報告1件、議案1件の説明をお願いします。",
        "図書館を利用する方の状況はいかがでしょうか。",
        "ほかにご質問はございますか。よろしいでしょうか。",
        "次に、委員の皆様から説明をお願いします。",
        "はい。",
    ],
)
def test_no_item_begins_here(said: str) -> None:
    assert headings(compose(("会長", said))) == []


def test_a_member_naming_a_title_does_not_begin_the_item() -> None:
    minutes = compose(
        ("委員", "先ほどの開館時間の変更について伺います。"),
        ("会長", "開館時間の変更についてを議題といたします。"),
    )
    assert [block.kind for block in minutes.body][:3] == ["speech", "heading", "speech"]


def test_items_come_in_agenda_order_and_of_two_mentions_the_introduction_counts() -> None:
    minutes = compose(
        ("会長", "電子図書館サービスの利用状況について、説明をお願いします。"),
        ("事務局", "資料1をご覧ください。開館時間の変更については後ほど説明いたします。"),
        ("会長", "次に、開館時間の変更についてを議題といたします。"),
        ("会長", "電子図書館サービスの利用状況についても、ご意見があればお願いします。"),
    )
    assert headings(minutes) == ["報告(1)", "議案(1)"]
    assert any(warning.code == "heading-missing" for warning in minutes.warnings)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("本件は了承といたします。", "―了承―"),
        ("それでは本県については両省といたします。", "―了承―"),
        ("よって、本案は原案どおり可決されました。", "―原案のとおり可決―"),
        ("原案のとおり承認することといたします。", "―原案のとおり承認―"),
        ("採決の結果、本案は否決されました。", "―否決―"),
        ("ご異議なしと認めます。", "―異議なし―"),
        ("ご異議なしと認めます。よって本案は可決いたしました。", "―可決―"),
        ("ご承認いただいたものといたします。", "―承認―"),
    ],
)
def test_a_decision_stated(said: str, text: str) -> None:
    assert decided(compose(INTRODUCED, ("会長", said))) == [(text, False)]


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("委員", "了承いたしました。"),
        ("会長", "前回の案件は可決されました。"),
        ("会長", "承認された事業者の一覧をご覧ください。"),
        ("会長", "可決に必要な人数を確認します。"),
    ],
)
def test_no_decision(role: str, said: str) -> None:
    minutes = compose(INTRODUCED, (role, said))
    assert decided(minutes) == []
    assert any(warning.code == "decision-missing" for warning in minutes.warnings)


def test_a_question_is_decided_by_what_grants_it() -> None:
    asked = ("会長", "原案のとおり可決することにご異議ございませんか。")
    granted = compose(INTRODUCED, asked, ("委員", "異議なし。"), ("会長", "そのように決定いたします。"))
    assert decided(granted) == [("―原案のとおり可決―", False)]
    assert granted.body[-1].kind == "decision"


def test_a_question_that_nobody_grants_in_words_is_inferred() -> None:
    minutes = compose(INTRODUCED, ("会長", "可決ということでよろしいでしょうか。"), ("委員", "はい。"))
    assert decided(minutes) == [("―可決―", True)]
    assert any(warning.code == "decision-inferred" for warning in minutes.warnings)


@pytest.mark.parametrize("infer", [True, False])
def test_a_report_without_a_decision_is_inferred_only_if_wished_and_before_the_closing_words(infer: bool) -> None:
    minutes = compose(
        ("会長", "電子図書館サービスの利用状況について、説明をお願いします。"),
        ("事務局", "資料1をご覧ください。利用は増えております。"),
        ("会長", "以上をもちまして本日の会議を閉会いたします。"),
        agenda=AGENDA[:1],
        infer=infer,
    )
    assert decided(minutes) == ([("―了承―", True)] if infer else [])
    assert minutes.body[-1].kind == "speech"


def test_an_explanation_is_kept_and_not_printed() -> None:
    minutes = compose(INTRODUCED, ("事務局", "資料2をご覧ください。9時に改めます。"), ("委員", "なぜですか。"))
    explanation = next(block for block in minutes.body if isinstance(block, Explanation))
    assert explanation.text == "〔事務局:「議案(1)開館時間の変更について」を説明〕"
    assert kept(minutes) == "資料2をご覧ください。9時に改めます。"
    assert "なぜですか。" in printed(minutes)
    assert "改めます" not in printed(minutes)


@pytest.mark.parametrize(
    "addition",
    ["補足いたします。費用は無料です。", "    なお、費用は無料です。"],
    ids=["said so", "after a pause"],
)
def test_what_is_added_to_an_explanation_is_printed(addition: str) -> None:
    minutes = compose(INTRODUCED, ("事務局", f"資料2をご覧ください。9時に改めます。時間は延びます。{addition}"))
    assert kept(minutes) == "資料2をご覧ください。9時に改めます。時間は延びます。"
    assert "費用は無料です。" in printed(minutes)
    assert any(warning.code == "explanation-addition" for warning in minutes.warnings)


def test_an_answer_is_no_explanation() -> None:
    minutes = compose(INTRODUCED, ("委員", "費用はいくらですか。"), ("事務局", "資料2をご覧ください。百万円です。"))
    assert kept(minutes) == ""
    assert any(warning.code == "explanation-missing" for warning in minutes.warnings)


def test_a_short_remark_nobody_asked_for_is_printed() -> None:
    minutes = compose(("会長", "次に、開館時間の変更についてです。"), ("事務局", "準備をいたします。"))
    assert kept(minutes) == ""


def test_an_explanation_nobody_asked_for_is_taken_and_told() -> None:
    minutes = compose(("会長", "次に、開館時間の変更についてです。"), ("事務局", "ご説明いたします。9時に改めます。"))
    assert kept(minutes) == "ご説明いたします。9時に改めます。"
    assert any(warning.code == "explanation-unasked" for warning in minutes.warnings)


def test_what_was_wrong_with_the_recording_is_the_first_thing_told() -> None:
    found, roles = cases.turns([{"who": "S01", "role": "会長", "text": "開会いたします。"}])
    minutes = cases.composed(found, roles, Meeting(), troubles=("録音が途中で切れています。",))
    assert (minutes.warnings[0].code, minutes.warnings[0].text) == ("recording", "録音が途中で切れています。")
