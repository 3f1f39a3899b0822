"""The meeting's fields as a clerk fills them in, checked; every mistake is said in Japanese beside its field."""

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, get_args

from pydantic import Field, StringConstraints

from pipeline.config.meeting_file import speaker_range
from pipeline.records.base import Record
from pipeline.records.meeting import AgendaItem, Meeting, Member, Openness, OpennessOf, RosterRole

_DEPUTY = re.compile(r"^(?P<office>.+?)[(\uff08](?P<deputy_for>.+)代理[)\uff09]$")
_NAMED = re.compile(r"^(?P<office>.+?)[:\uff1a](?P<name>\S+)$")
_KANA = re.compile(r"^[\u3041-\u3096\u30a1-\u30faー・]+$")
Line = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")]
Lines = Annotated[tuple[Line, ...], Field(max_length=300)]


class AgendaLine(Record):
    kind: Line
    number: Line = ""
    title: Line


class OpennessLine(Record):
    state: Line = ""
    reason: Line = ""


class RoleLine(Record):
    """members: 役職, 役職:姓 or 役職(…代理), one a line."""

    role: Line
    members: Lines = ()
    chairs: bool = False
    deputy_chair: bool = False
    explains: bool = False


class MeetingForm(Record):
    """As the form is sent: texts, empty where nothing was filled in."""

    name: Line = ""
    secretariat: Line = ""
    date: Line = ""
    opens: Line = ""
    closes: Line = ""
    place: Line = ""
    agenda: Annotated[tuple[AgendaLine, ...], Field(max_length=100)] = ()
    meeting_openness: OpennessLine = OpennessLine()
    minutes_openness: OpennessLine = OpennessLine()
    roster: Annotated[tuple[RoleLine, ...], Field(max_length=50)] = ()
    handouts: Lines = ()
    speakers: Line = ""
    terms: Lines = ()


class Mistakes(Exception):
    """Field (agenda.0.title …) → what is wrong with it."""

    def __init__(self, found: dict[str, str]) -> None:
        super().__init__(str(found))
        self.found = found


def meeting_of(form: MeetingForm) -> Meeting:
    """Raises Mistakes with all of them at once."""
    reader = _Reader()
    opens = reader.read("opens", form.opens, datetime.time.fromisoformat, "時刻を 13:30 のように入れてください。")
    closes = reader.read("closes", form.closes, datetime.time.fromisoformat, "時刻を 15:00 のように入れてください。")
    if opens and closes and closes <= opens:
        reader.found["closes"] = "閉会は開会より後の時刻にしてください。"
    meeting = Meeting(
        name=form.name or None,
        secretariat=form.secretariat or None,
        date=reader.read("date", form.date, datetime.date.fromisoformat, "日付を選んでください。"),
        opens=opens,
        closes=closes,
        place=form.place or None,
        agenda=tuple(reader.agenda(form.agenda)),
        meeting_openness=reader.openness("meeting_openness", form.meeting_openness),
        minutes_openness=reader.openness("minutes_openness", form.minutes_openness),
        roster=tuple(reader.roster(form.roster)),
        handouts=tuple(filter(None, form.handouts)),
        speakers_expected=reader.read(
            "speakers", form.speakers, speaker_range, "人数を 7 または 5-8 のように入れてください。"
        ),
        terms=tuple(reader.terms(form.terms)),
    )
    if reader.found:
        raise Mistakes(reader.found)
    return meeting


class _Reader:
    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def read(self, field: str, text: str, parse: Callable[[str], Any], wrong: str) -> Any:
        """None where nothing was filled in, or something wrong."""
        if not text:
            return None
        try:
            return parse(text)
        except ValueError:
            self.found[field] = wrong
            return None

    def agenda(self, lines: Sequence[AgendaLine]) -> Iterator[AgendaItem]:
        counts: dict[str, int] = {}
        seen: set[tuple[str, int]] = set()
        for at, line in enumerate(lines):
            if not line.title:
                if line.number:
                    self.found[f"agenda.{at}.title"] = "件名を入れてください。"
                continue
            kind, field = line.kind or "報告", f"agenda.{at}.number"
            number = self.read(field, line.number, int, "番号は数字で入れてください。") or counts.get(kind, 0) + 1
            if number < 1:
                self.found[field] = "1から始めてください。"
            elif (kind, number) in seen:
                self.found[field] = f"{kind}({number})が重なっています。"
            seen.add((kind, number))
            counts[kind] = number
            yield AgendaItem(kind=kind, number=number, title=line.title)

    def openness(self, field: str, line: OpennessLine) -> OpennessOf:
        if not line.state:
            return OpennessOf()
        if line.state not in get_args(Openness):
            self.found[f"{field}.state"] = "公開、非公開、一部非公開から選んでください。"
            return OpennessOf()
        if line.state != "公開" and not line.reason:
            self.found[f"{field}.reason"] = "非公開・一部非公開の場合は、その理由が必要です。"
        reason = None if line.state == "公開" else line.reason or None
        return OpennessOf.model_validate({"state": line.state, "reason": reason})

    def roster(self, lines: Sequence[RoleLine]) -> Iterator[RosterRole]:
        given = [line for line in lines if line.role or any(line.members)]
        chairs = [line for line in given if line.chairs]
        if given and len(chairs) != 1:
            told = "議事を進める役割(議長)を1つ選んでください。" if not chairs else "議事を進める役割は1つだけです。"
            self.found["roster"] = told
        names: set[str] = set()
        for at, line in enumerate(lines):
            if line not in given:
                continue
            if not line.role:
                self.found[f"roster.{at}.role"] = "役割の名前を入れてください。"
            elif line.role in names:
                self.found[f"roster.{at}.role"] = f"「{line.role}」が重なっています。"
            names.add(line.role)
            yield RosterRole(
                role=line.role or "?",
                members=tuple(_member(text) for text in line.members if text),
                chairs=line.chairs,
                deputy_chair=line.deputy_chair,
                explains=line.explains,
            )

    def terms(self, lines: Sequence[str]) -> Iterator[tuple[str, str | None]]:
        for at, line in enumerate(filter(None, lines)):
            written, _, reading = (part.strip() for part in line.replace("、", ",").replace("，", ",").partition(","))
            if reading and not _KANA.match(reading):
                self.found["terms"] = f"{at + 1}行目「{line}」: 読みは仮名で入れてください。"
            if written:
                yield written, reading or None


def _member(text: str) -> Member:
    if deputy := _DEPUTY.match(text):
        return Member(office=deputy["office"], deputy_for=deputy["deputy_for"])
    if named := _NAMED.match(text):
        return Member(office=named["office"], name=named["name"])
    return Member(office=text)


def form_of(meeting: Meeting) -> MeetingForm:
    """The other way round: what the form shows of a meeting."""
    people = meeting.speakers_expected
    return MeetingForm(
        name=meeting.name or "",
        secretariat=meeting.secretariat or "",
        date=meeting.date.isoformat() if meeting.date else "",
        opens=f"{meeting.opens:%H:%M}" if meeting.opens else "",
        closes=f"{meeting.closes:%H:%M}" if meeting.closes else "",
        place=meeting.place or "",
        agenda=tuple(AgendaLine(kind=a.kind, number=str(a.number), title=a.title) for a in meeting.agenda),
        meeting_openness=_line(meeting.meeting_openness),
        minutes_openness=_line(meeting.minutes_openness),
        roster=tuple(
            RoleLine(
                role=role.role,
                members=tuple(map(_told, role.members)),
                chairs=role.chairs,
                deputy_chair=role.deputy_chair,
                explains=role.explains,
            )
            for role in meeting.roster
        ),
        handouts=meeting.handouts,
        speakers="" if people is None else str(people[0]) if people[0] == people[1] else f"{people[0]}-{people[1]}",
        terms=tuple(f"{written},{reading}" if reading else written for written, reading in meeting.terms),
    )


def _line(openness: OpennessOf) -> OpennessLine:
    return OpennessLine(state=openness.state or "", reason=openness.reason or "")


def _told(member: Member) -> str:
    if member.deputy_for:
        return f"{member.office}({member.deputy_for}代理)"
    return f"{member.office}:{member.name}" if member.name else member.office
