"""The rows of 出席者: who attended in which role, with chair and deputy chair led in by the members' row."""

from pipeline.records.base import Record
from pipeline.records.meeting import Member, RosterRole
from pipeline.records.minutes import UNKNOWN
from pipeline.render.typography import bracketed, in_form

_SEPARATOR = "、"


class Attendance(Record):
    """One row: the role and its offices, separated by 、."""

    role: str
    offices: str


def attendance(roster: tuple[RosterRole, ...]) -> tuple[Attendance, ...]:
    """At least one row; an unknown roster or role without members prints 【要確認】.

    The form gives chair and deputy chair no row of their own: they stand first in the row of the first role that
    neither chairs nor explains, their role in brackets: 副区長（本部長）. Where a leading role has several members, or
    no such row exists, it keeps its own row.
    """
    members = (role for role in roster if not (role.chairs or role.deputy_chair or role.explains))
    row = next(members, None)
    folded = [role for role in roster if _stands_alone(role)] if row is not None else []
    rows = [_row(role, folded if role is row else []) for role in roster if role not in folded]
    return tuple(rows) or (Attendance(role=UNKNOWN, offices=UNKNOWN),)


def _stands_alone(role: RosterRole) -> bool:
    """Leads, and is nobody's but one person's."""
    return (role.chairs or role.deputy_chair) and len(role.members) <= 1


def _row(role: RosterRole, leaders: list[RosterRole]) -> Attendance:
    ordered = sorted(leaders, key=lambda leader: not leader.chairs)
    offices = [_leader(leader) for leader in ordered] + [_office(member) for member in role.members]
    if not role.members:
        offices.append(UNKNOWN)
    return Attendance(role=in_form(role.role), offices=_SEPARATOR.join(offices))


def _leader(role: RosterRole) -> str:
    name = in_form(role.role)
    if not role.members or role.members[0].office == role.role:
        return name
    return f"{_office(role.members[0])}{bracketed(name)}"


def _office(member: Member) -> str:
    office = in_form(member.office)
    return f"{office}{bracketed(in_form(member.deputy_for) + '代理')}" if member.deputy_for else office
