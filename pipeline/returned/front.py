"""The boxes of the returned form back to the fields they were printed from; a box that is as it was printed keeps what
it was printed from."""

import datetime
import re
from collections.abc import Callable, Sequence
from typing import Any

from pipeline.editing.sheet import front_of
from pipeline.publication.matching import folded
from pipeline.records.edits import Front
from pipeline.records.meeting import AgendaItem, Member, OpennessOf, RosterRole
from pipeline.records.minutes import UNKNOWN, Minutes
from pipeline.render.form import Form
from pipeline.returned.body import Difference
from pipeline.returned.plain import changes, plain
from pipeline.returned.reading import Returned, field_lines

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
_DATE = re.compile(
    r"(?P<era>令和|平成|昭和|大正|明治)(?P<year>元|\d+)年(?P<month>\d+)月(?P<day>\d+)日|(?P<ad>\d{4})年(?P<m>\d+)月(?P<d>\d+)日"
)
_CLOCK = re.compile(r"(?P<half>午前|午後)(?P<hour>\d+)時(?:(?P<minute>\d+)分|(?P<sharp>半)?)")
_ITEM = re.compile(r"^\((?P<number>\d+)\)\s*(?P<title>.+)$")
_HANDOUT = re.compile(r"^資料\s*\(?\d+\)?\s*")
_BRACKETED = re.compile(r"^(?P<office>.+?)\((?P<as>[^()]+)\)$")
_STATES = ("一部非公開", "非公開", "公開")


class FrontEdits:
    """The fields as the returned document has them, and what is different. A box that cannot be understood stays as it
    was and is told."""

    def __init__(self, minutes: Minutes, printed: Form, returned: Returned) -> None:
        self.before: Front = front_of(minutes)
        self.front = self.before
        self.differences: list[Difference] = []
        self._minutes = minutes
        self._returned = returned
        self._field("name", [printed.name], "機関又は会議の名称", lambda lines: {"name": _text(lines, minutes.name)})
        self._field(
            "secretariat",
            [printed.secretariat],
            "事務局",
            lambda lines: {"secretariat": _text(lines, minutes.secretariat)},
        )
        self._field("when", [printed.when], "日時", self._when)
        self._field("place", [printed.place], "場所", lambda lines: {"place": _text(lines, minutes.place)})
        agenda = [line for group in printed.agenda for line in (f"{group.kind} {group.none}", *group.items)]
        self._field("agenda", agenda, "議題", lambda lines: {"agenda": _agenda(lines, minutes.agenda)})
        for name, boxes in (
            ("meeting_openness", printed.meeting_openness),
            ("minutes_openness", printed.minutes_openness),
        ):
            lines = [boxes.boxes, "非公開・一部非公開の場合は、その理由", boxes.reason]
            self._field(name, lines, "公開の可否", lambda lines, name=name: {name: _openness(lines)})  # type: ignore[misc]
        self._field(
            "handouts",
            list(printed.handouts),
            "提出された資料等",
            lambda lines: {"handouts": _handouts(lines, minutes.handouts)},
        )
        self._attendance(printed)

    def _field(
        self, name: str, printed: Sequence[str], label: str, read: Callable[[list[str]], dict[str, Any]]
    ) -> None:
        rows = field_lines(self._returned, name)
        if len(rows) != 1:
            return
        lines = [line for line in rows[0][1] if line.strip()]
        if folded("".join(printed)) != folded("".join(lines)):
            self._set(label, "／".join(line for line in printed if line), "／".join(lines), lambda: read(lines))

    def _set(self, label: str, before: str, after: str, read: Callable[[], dict[str, Any]]) -> None:
        try:
            update = read()
        except ValueError:
            self._tell(f"{label}(読み取れないため元のまま)", before, after)
            return
        self._tell(label, before, after)
        self.front = self.front.model_copy(update=update)

    def _tell(self, label: str, before: str, after: str) -> None:
        self.differences.append(Difference(what=label, at_ms=0, before=before, after=after))

    def _when(self, lines: list[str]) -> dict[str, Any]:
        text = folded("".join(lines))
        clocks = [_clock(found) for found in _CLOCK.finditer(text)]
        known = folded(UNKNOWN) not in text
        if len(clocks) > 2 or (known and not (clocks and _DATE.search(text))):
            raise ValueError(text)
        return {
            "date": _date(text),
            "opens": clocks[0] if clocks else None,
            "closes": clocks[1] if len(clocks) > 1 else None,
            "closes_estimated": self._minutes.closes_estimated and not known,
        }

    def _attendance(self, printed: Form) -> None:
        told: list[tuple[str, str]] = []
        for role, lines in field_lines(self._returned, "attendance"):
            if role:
                told.append((_plain(role), _plain("".join(lines))))
            else:  # 役職：職名、職名 in one box
                parted = (_plain(line).partition(":") for line in lines)
                told += [(role, offices) for role, colon, offices in parted if colon]
        shown = [(_plain(row.role), _plain(row.offices)) for row in printed.attendance]
        if told and told != shown:
            before = "／".join(f"{row.role}:{row.offices}" for row in printed.attendance)
            after = "／".join(f"{role}:{line}" for role, line in told)
            self._set("出席者", before, after, lambda: {"roster": _roster(told, self._minutes.roster)})


def _text(lines: Sequence[str], before: str | None = None) -> str | None:
    text = "".join(lines).strip()
    return None if not text or text == UNKNOWN else _rewritten(before, text)


def _rewritten(before: str | None, text: str) -> str:
    """The text, in which what is as before keeps the width it has there: the form printed it in its own."""
    now = before or ""
    for change in changes(now, text) if before else ():
        now = now[: change.start] + change.after + now[change.end :]
    return now if before else text


def _date(text: str) -> datetime.date | None:
    found = _DATE.search(text)
    if found is None:
        return None
    if found["ad"]:
        return datetime.date(int(found["ad"]), int(found["m"]), int(found["d"]))
    year = 1 if found["year"] == "元" else int(found["year"])
    return datetime.date(_ERAS[found["era"]] + year, int(found["month"]), int(found["day"]))


def _clock(found: re.Match[str]) -> datetime.time:
    hour = int(found["hour"]) % 12 + (12 if found["half"] == "午後" else 0)
    return datetime.time(hour, int(found["minute"] or (30 if found["sharp"] else 0)))


def _agenda(lines: Sequence[str], before: Sequence[AgendaItem]) -> tuple[AgendaItem, ...]:
    known = {(_plain(item.kind), item.number): item for item in before}
    items: list[AgendaItem] = []
    kind = ""
    for line in lines:
        found = _ITEM.match(_half(line))
        if found is None:
            kind = re.sub(r"[\s(].*$", "", _half(line))
        elif kind:
            number = int(found["number"])
            old = known.get((_plain(kind), number))
            title = _rewritten(old.title if old else None, found["title"].strip())
            items.append(AgendaItem(kind=old.kind if old else kind, number=number, title=title))
    if not items and any(UNKNOWN not in line and "なし" not in line for line in lines):
        raise ValueError(lines)
    return tuple(items)


def _openness(lines: Sequence[str]) -> OpennessOf:
    ticked = [state for state in _STATES if f"■{state}" in _plain(lines[0])]
    if len(ticked) > 1 or (not ticked and "□" not in lines[0]):
        raise ValueError(lines)
    reason = _text([line for line in lines[1:] if "その理由" not in line])
    state = ticked[0] if ticked else None
    return OpennessOf.model_validate({"state": state, "reason": None if state in (None, "公開") else reason})


def _handouts(lines: Sequence[str], before: Sequence[str]) -> tuple[str, ...]:
    known = {_plain(title): title for title in before}
    titles = (_HANDOUT.sub("", _half(line)).strip() for line in lines if UNKNOWN not in line)
    return tuple(known.get(_plain(title), title) for title in titles)


def _roster(rows: Sequence[tuple[str, str]], known: Sequence[RosterRole]) -> tuple[RosterRole, ...]:
    """Rows of offices back to roles; a leader in the members' row goes back to his own role."""
    leaders = {_plain(role.role): role for role in known if role.chairs or role.deputy_chair}
    by_role: dict[str, list[Member]] = {_plain(role.role): [] for role in known}
    names = {_plain(role.role): role.role for role in known}
    for row, offices in rows:
        names.setdefault(row, row)
        for text in filter(None, offices.split("、")):
            found = _BRACKETED.match(text)
            role = found["as"] if found and found["as"] in leaders else text if text in leaders else row
            by_role.setdefault(role, []).append(
                _member(found["office"] if found and found["as"] == role else text, known)
            )
    return tuple(
        next((role for role in known if role.role == names[key]), RosterRole(role=names[key])).model_copy(
            update={"members": tuple(members)}
        )
        for key, members in by_role.items()
        if members
    )


def _member(text: str, known: Sequence[RosterRole]) -> Member:
    found = _BRACKETED.match(text)
    deputy = found["as"].removesuffix("代理") if found and found["as"].endswith("代理") else None
    office = found["office"] if found and deputy else text
    for member in (member for role in known for member in role.members):
        if _plain(member.office) == office and (member.deputy_for and _plain(member.deputy_for)) == deputy:
            return member
    return Member(office=office, deputy_for=deputy)


def _half(text: str) -> str:
    """Brackets and digits half-width, spaces kept."""
    return text.translate({ord("\uff08"): "(", ord("\uff09"): ")", **{0xFF10 + n: str(n) for n in range(10)}}).strip()


def _plain(text: str) -> str:
    """Half-width and without spaces, letters as they are."""
    return plain(text).text
