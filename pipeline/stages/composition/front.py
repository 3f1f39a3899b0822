"""The form's fields, and what the clerk must be told about them."""

import datetime

from pipeline.records.meeting import Meeting
from pipeline.records.minutes import UNKNOWN, Warning


def unknown_fields(meeting: Meeting) -> tuple[Warning, ...]:
    """One warning per field of the form that is printed as UNKNOWN."""
    fields: tuple[tuple[str, object], ...] = (
        ("機関又は会議の名称", meeting.name),
        ("事務局(担当課)", meeting.secretariat),
        ("開催日", meeting.date),
        ("開会時刻", meeting.opens),
        ("開催場所", meeting.place),
        ("議題", meeting.agenda),
        ("会議の公開の可否", meeting.meeting_openness.state),
        ("会議録の公開の可否", meeting.minutes_openness.state),
        ("出席者", meeting.roster),
        ("提出された資料等", meeting.handouts),
    )
    return tuple(
        Warning(code="unknown-field", text=f"「{label}」が分かりません。草稿には{UNKNOWN}と印字しています。")
        for label, value in fields
        if not value and not isinstance(value, datetime.time)
    )


def closing_time(meeting: Meeting, duration_ms: int) -> tuple[datetime.time | None, tuple[Warning, ...]]:
    """closes, or opens and the length of the recording, to the minute; None when neither is known."""
    if meeting.closes is not None:
        return meeting.closes, ()
    if meeting.opens is None:
        text = f"「閉会時刻」が分かりません。草稿には{UNKNOWN}と印字しています。"
        return None, (Warning(code="unknown-field", text=text),)
    opened = datetime.datetime.combine(meeting.date or datetime.date(2000, 1, 1), meeting.opens)
    closed = (opened + datetime.timedelta(milliseconds=duration_ms)).time().replace(second=0, microsecond=0)
    text = f"閉会時刻は、開会時刻と録音の長さから{closed:%H時%M分}と推定しました。ご確認ください。"
    return closed, (Warning(code="closes-estimated", text=text),)
