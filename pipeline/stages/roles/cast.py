"""The parts a meeting has, from its roster: role names are data, only their flags mean something to the rules."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from pipeline.records.meeting import Meeting, Member, RosterRole

GENERIC_CHAIR, GENERIC_EXPLAINS, GENERIC_OTHER = "進行", "事務局", "出席者"
SUPPOSED_SIZE = 3
"""Of a role that names no members."""
_TITLE = re.compile(
    r"(部長|課長|係長|室長|局長|次長|所長|館長|校長|園長|主幹|主査|主任|参事|監|委員長|委員|議員|会長|理事|教授|市長|区長|町長|村長|知事)$"
)


class Kind(Enum):
    """What the rules may know of a role."""

    CHAIR = "C"
    DEPUTY = "D"
    EXPLAINS = "E"
    OTHER = "M"


@dataclass(frozen=True)
class Calling:
    """One way of calling somebody: text as said, the role it points to, the member if it is a person."""

    text: str
    role: int
    member: Member | None = None


@dataclass(frozen=True)
class Cast:
    """The roles in roster order with their kinds, sizes, and every way to call their members."""

    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    sizes: tuple[int, ...]
    callings: tuple[Calling, ...]
    from_roster: bool = True

    @property
    def chair(self) -> int | None:
        return self.kinds.index(Kind.CHAIR) if Kind.CHAIR in self.kinds else None

    @property
    def explains(self) -> int | None:
        """The role that whoever explains an item plays: the first of the kind."""
        return self.kinds.index(Kind.EXPLAINS) if Kind.EXPLAINS in self.kinds else None

    def of_kind(self, kind: Kind) -> list[int]:
        return [index for index, found in enumerate(self.kinds) if found is kind]


def cast_of(meeting: Meeting, extra: Iterable[str] = ()) -> Cast:
    """The cast of a meeting; extra are role names the clerk has used that the roster does not know."""
    roster = meeting.roster or _generic()
    known = {entry.role for entry in roster}
    roster = (*roster, *(RosterRole(role=name) for name in dict.fromkeys(extra) if name not in known))
    return Cast(
        names=tuple(entry.role for entry in roster),
        kinds=tuple(_kind(entry) for entry in roster),
        sizes=tuple(len(entry.members) or _supposed_size(entry) for entry in roster),
        callings=tuple(calling for index, entry in enumerate(roster) for calling in _callings(index, entry)),
        from_roster=bool(meeting.roster),
    )


def _generic() -> tuple[RosterRole, ...]:
    return (
        RosterRole(role=GENERIC_CHAIR, chairs=True),
        RosterRole(role=GENERIC_EXPLAINS, explains=True),
        RosterRole(role=GENERIC_OTHER),
    )


def _kind(entry: RosterRole) -> Kind:
    if entry.chairs:
        return Kind.CHAIR
    if entry.deputy_chair:
        return Kind.DEPUTY
    return Kind.EXPLAINS if entry.explains else Kind.OTHER


def _supposed_size(entry: RosterRole) -> int:
    return 1 if entry.chairs or entry.deputy_chair else SUPPOSED_SIZE


def _callings(role: int, entry: RosterRole) -> Iterable[Calling]:
    yield Calling(entry.role, role)
    for member in entry.members:
        for text in dict.fromkeys(_ways(member, entry.role)):
            if len(text) >= 2:
                yield Calling(text, role, member)


def _ways(member: Member, role: str) -> Iterable[str]:
    for office in (member.office, member.deputy_for):
        if office and office != role:
            yield office
            yield re.sub(r"[(（].*[)）]", "", office)
    if not member.name:
        return
    name = member.name.replace("　", " ")
    family, full = name.split(" ")[0], name.replace(" ", "")
    title = _TITLE.search(member.office)
    for called in (full, family):
        for suffix in (role, title.group() if title else "", "さん", "君", "氏", "先生", "様", "委員"):
            if suffix:
                yield called + suffix
    yield full
