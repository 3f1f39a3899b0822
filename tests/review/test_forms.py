"""The meeting's fields as a clerk fills them in."""

import datetime

import pytest

from pipeline.records.meeting import Meeting, Member
from pipeline.review.forms import MeetingForm, Mistakes, form_of, meeting_of


def form(**fields: object) -> MeetingForm:
    return MeetingForm.model_validate_json(__import__("json").dumps(fields, ensure_ascii=False))


def mistakes(**fields: object) -> dict[str, str]:
    with pytest.raises(Mistakes) as told:
        meeting_of(form(**fields))
    return told.value.found


def test_nothing_has_to_be_known():
    assert meeting_of(MeetingForm()) == Meeting()


def test_everything_of_the_sample_comes_and_goes(sample_meeting: Meeting):
    assert meeting_of(form_of(sample_meeting)) == sample_meeting.model_copy(update={"style": None, "template": None})


def test_members_are_read_as_people_write_them():
    roster = [
        {"role": "部員", "chairs": True, "members": ["福祉総務課長(保健福祉部長代理)", "図書館長:佐伯", "公募委員"]}
    ]
    assert meeting_of(form(roster=roster)).roster[0].members == (
        Member(office="福祉総務課長", deputy_for="保健福祉部長"),
        Member(office="図書館長", name="佐伯"),
        Member(office="公募委員"),
    )


def test_items_are_numbered_within_their_kind():
    agenda = [
        {"kind": "報告", "title": "一"},
        {"kind": "議案", "title": "二"},
        {"kind": "報告", "title": "三"},
        {"kind": "", "title": ""},
    ]
    assert [item.label for item in meeting_of(form(agenda=agenda)).agenda] == ["報告(1)", "議案(1)", "報告(2)"]


def test_all_mistakes_are_told_at_once_beside_their_fields():
    found = mistakes(
        date="2026-13-01",
        opens="15:00",
        closes="14:00",
        speakers="たくさん",
        agenda=[
            {"kind": "報告", "number": "1", "title": "一"},
            {"kind": "報告", "number": "1", "title": "二"},
            {"kind": "報告", "number": "x", "title": "三"},
        ],
        minutes_openness={"state": "一部非公開"},
        roster=[{"role": "委員"}, {"role": "委員"}],
        terms=["ギガスクール,GIGA"],
    )
    assert set(found) == {
        "date", "closes", "speakers", "agenda.1.number", "agenda.2.number", "minutes_openness.reason", "roster",
        "roster.1.role", "terms",
    }  # fmt: skip
    assert all(any(ord(sign) > 0x3000 for sign in text) for text in found.values())


def test_times_are_times():
    assert meeting_of(form(opens="13:30")).opens == datetime.time(13, 30)
    assert "opens" in mistakes(opens="午後一時")
