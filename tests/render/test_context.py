import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records.base import Span
from pipeline.records.meeting import AgendaItem, Member, OpennessOf, RosterRole
from pipeline.records.minutes import UNKNOWN, Decision, Heading, Inaudible, Minutes, Sentence, Speech
from pipeline.render.attendance import Attendance, attendance
from pipeline.render.context import form_of
from pipeline.render.typography import in_form, printable

L, R, C, T = "\uff08", "\uff09", "\uff1a", "\uff5e"


def speech(role: str, *paragraphs: str, flagged: bool = False) -> Speech:
    return Speech(
        id="b1",
        role=role,
        speaker="S01",
        confidence=0.5,
        flagged=flagged,
        paragraphs=tuple((Sentence(text=text, start_ms=0, end_ms=900, words=()),) for text in paragraphs),
        start_ms=61_000,
        end_ms=62_000,
    )


def with_(minutes: Minutes, **fields: object) -> Minutes:
    return minutes.model_copy(update=fields)


def test_the_known_form(sample: Minutes) -> None:
    form = form_of(sample, final=True)
    assert form.when == f"令和8年5月27日{L}水{R}午後1時07分{T}午後1時58分"
    assert form.place == f"庁議室{L}本庁舎5階{R}"
    assert form.meeting_openness.boxes == "□公開 ■非公開 □一部非公開"
    assert form.meeting_openness.reason.startswith("行政機関における")
    assert (form.opening, form.closing) == ("[午後1時07分 開会]", "[午後1時58分 閉会]")
    assert form.title == "会議録 令和8年度 第1回北見台市情報化推進本部"


def test_nothing_known_prints_the_mark_everywhere(short: Minutes) -> None:
    form = form_of(short)
    assert {form.name, form.secretariat, form.when, form.place, form.handouts[0]} == {UNKNOWN}
    assert form.agenda[0].kind == UNKNOWN
    assert form.attendance == (Attendance(role=UNKNOWN, offices=UNKNOWN),)
    assert form.meeting_openness.boxes == f"□公開 □非公開 □一部非公開 {UNKNOWN}"
    assert (form.opening, form.closing) == (f"[{UNKNOWN} 開会]", f"[{UNKNOWN} 閉会]")


@pytest.mark.parametrize("state", ["公開", "非公開", "一部非公開"])
def test_exactly_one_box_is_ticked(short: Minutes, state: str) -> None:
    given = OpennessOf.model_validate({"state": state})
    boxes = form_of(with_(short, meeting_openness=given)).meeting_openness
    assert boxes.boxes.count("■") == 1
    assert f"■{state}" in boxes.boxes.split()
    assert boxes.reason == ("" if state == "公開" else UNKNOWN)


def test_parts_of_the_date_may_be_unknown(short: Minutes) -> None:
    opens = datetime.time(12, 5)
    assert form_of(with_(short, opens=opens)).when == f"{UNKNOWN}午後0時05分{T}{UNKNOWN}"
    only_day = with_(short, date=datetime.date(2019, 5, 1))
    assert form_of(only_day).when == f"令和元年5月1日{L}水{R}{UNKNOWN}"


def test_an_estimated_end_is_marked_until_the_final_copy(sample: Minutes) -> None:
    assert sample.closes_estimated
    assert form_of(sample).closing == f"[午後1時58分{UNKNOWN} 閉会]"
    assert UNKNOWN not in form_of(sample, final=True).closing


def items(*kinds: str) -> tuple[AgendaItem, ...]:
    return tuple(AgendaItem(kind=kind, number=number, title="件名") for number, kind in enumerate(kinds, 1))


@pytest.mark.parametrize(
    ("kinds", "printed"),
    [
        (("報告", "報告"), [("議案", f"{L}なし{R}"), ("報告", "")]),
        (("議案",), [("議案", ""), ("報告", f"{L}なし{R}")]),
        (("報告", "議案"), [("議案", ""), ("報告", "")]),
        (("協議事項", "その他"), [("協議事項", ""), ("その他", "")]),
        (("協議事項", "報告"), [("議案", f"{L}なし{R}"), ("報告", ""), ("協議事項", "")]),
    ],
)
def test_agenda_by_kind(short: Minutes, kinds: tuple[str, ...], printed: list[tuple[str, str]]) -> None:
    groups = form_of(with_(short, agenda=items(*kinds))).agenda
    assert [(group.kind, group.none) for group in groups] == printed
    assert sum(len(group.items) for group in groups) == len(kinds)


def test_agenda_items_keep_their_numbers(sample: Minutes) -> None:
    reports = form_of(sample).agenda[1]
    assert reports.items[1] == f"{L}2{R} 窓口予約システムの試行結果について"
    assert reports.items[2].endswith(f"{L}案{R}")


def test_leaders_stand_first_in_the_members_row(sample: Minutes) -> None:
    members, secretariat = form_of(sample).attendance
    assert members.role == "部員"
    assert members.offices.startswith(f"副市長{L}本部長{R}、総務部長{L}副本部長{R}、企画部長、")
    assert f"福祉総務課長{L}福祉部長代理{R}" in members.offices
    assert secretariat.offices == f"情報政策課長、情報政策係長{L}基盤{R}、情報政策係長{L}システム{R}"


def role(name: str, *offices: str, chairs: bool = False, deputy: bool = False, explains: bool = False) -> RosterRole:
    members = tuple(Member(office=office) for office in offices)
    return RosterRole(role=name, members=members, chairs=chairs, deputy_chair=deputy, explains=explains)


def test_a_chair_called_by_the_role_is_not_named_twice() -> None:
    rows = attendance(
        (role("会長", "会長", chairs=True), role("委員", "公募委員"), role("事務局", "課長", explains=True))
    )
    assert [(row.role, row.offices) for row in rows] == [("委員", "会長、公募委員"), ("事務局", "課長")]


def test_the_chair_precedes_the_deputy_whatever_the_order_given() -> None:
    rows = attendance((role("副会長", "乙", deputy=True), role("会長", "甲", chairs=True), role("委員", "丙")))
    assert [row.offices for row in rows] == [f"甲{L}会長{R}、乙{L}副会長{R}、丙"]


def test_leaders_keep_rows_of_their_own_without_a_members_row() -> None:
    rows = attendance((role("議長", "甲", chairs=True), role("執行機関", "市長", explains=True)))
    assert [(row.role, row.offices) for row in rows] == [("議長", "甲"), ("執行機関", "市長")]


def test_several_deputies_keep_their_row() -> None:
    rows = attendance((role("会長", "甲", chairs=True), role("副会長", "乙", "丙", deputy=True), role("委員", "丁")))
    assert [(row.role, row.offices) for row in rows] == [("副会長", "乙、丙"), ("委員", f"甲{L}会長{R}、丁")]


def test_a_role_without_members_is_asked_about() -> None:
    rows = attendance((role("会長", "甲", chairs=True), role("委員")))
    assert [row.offices for row in rows] == [f"甲{L}会長{R}、{UNKNOWN}"]


def test_blocks_are_printed_as_they_come(short: Minutes) -> None:
    item = AgendaItem(kind="報告", number=1, title="件名(案)")
    body = (
        Heading(id="a", item=item, text="報告案件(1) 件名(案)", start_ms=0),
        speech("部員", "一つ。", "二つ。"),
        speech("部員", "三つ。"),
        Decision(id="d", text="―了承―", inferred=False, start_ms=0),
        Inaudible(id="i", span=Span(start_ms=751_000, end_ms=752_000)),
    )
    printed = form_of(with_(short, body=body)).body
    assert printed[0].first == f"報告案件{L}1{R} 件名{L}案{R}"
    assert (printed[1].role, printed[1].colon, printed[1].first, printed[1].more) == ("部員", C, "一つ。", ("二つ。",))
    assert printed[2].role == "部員"  # two people of one role stay two turns
    assert printed[3].first == "―了承―"
    assert printed[4].first == "【聞き取り不能 00:12:31】"


def test_doubt_is_shown_in_a_draft_only(short: Minutes) -> None:
    body = (speech("部員", "はい。", flagged=True), Decision(id="d", text="―了承―", inferred=True, start_ms=0))
    draft = form_of(with_(short, body=body))
    assert [block.role + block.first for block in draft.body] == ["部員※はい。", "―了承―※"]
    assert draft.body[0].note == "00:01:01 役職の推定「部員」の確からしさ50%。手掛かりは見つかりませんでした。"
    final = form_of(with_(short, body=body), final=True)
    assert [block.role + block.first for block in final.body] == ["部員はい。", "―了承―"]
    assert (final.legend, final.notes) == ("", ())
    assert not any(block.flagged or block.note for block in final.body)


def test_warnings_are_told_with_their_place(sample: Minutes) -> None:
    assert form_of(sample).notes[0] == "閉会時刻は録音の長さから推定しました。"
    assert form_of(sample).notes[1].startswith("00:")


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("10:30から(予定)", f"10:30から{L}予定{R}"),
        ("〔事務局:「報告(1)」を説明〕", f"〔事務局{C}「報告{L}1{R}」を説明〕"),
        ("https://example.jp", "https://example.jp"),
        ("5月~6月", f"5月{T}6月"),
        ("1〜2\n3", f"1{T}2 3"),
    ],
)
def test_signs_of_the_form(given: str, printed: str) -> None:
    assert in_form(given) == printed


@given(st.text())
def test_whatever_is_said_can_be_carried_by_xml(text: str) -> None:
    kept = printable(text)
    assert all(sign >= " " and not "\x7f" <= sign <= "\x9f" for sign in kept)
    assert not any("\ud800" <= sign <= "\udfff" or sign in "\ufffe\uffff" for sign in kept)
    assert printable(kept) == kept
    kept.encode("utf-8")
