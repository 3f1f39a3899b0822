"""What a person did to the minutes: operations on turns, and the entries of the journal that hold them.

Places in a text count characters (code points). The text of a turn is its paragraphs joined by a line feed.
"""

import datetime
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from pipeline.records.base import Probability, Record
from pipeline.records.meeting import AgendaItem, OpennessOf, RosterRole
from pipeline.records.minutes import Block
from pipeline.records.withheld import Passages, WithheldItem, WithheldName, Withholding


def _plain(text: str) -> str:
    """Typed text: a line feed ends a paragraph; there is no other control character."""
    for sign in text:
        if (sign < " " and sign != "\n") or "\x7f" <= sign <= "\x9f":
            raise ValueError(f"a text may not hold the character U+{ord(sign):04X}")
    return text


Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Typed = Annotated[str, StringConstraints(max_length=200_000), AfterValidator(_plain)]
Named = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S"), AfterValidator(_plain)]
Place = Annotated[int, Field(ge=0)]
FRONT = "front"
"""Stands for the form's fields wherever an id of a block is asked for."""


class Front(Record):
    """The form's fields: everything of the minutes that is not the body."""

    name: str | None = None
    secretariat: str | None = None
    date: datetime.date | None = None
    opens: datetime.time | None = None
    closes: datetime.time | None = None
    closes_estimated: bool = False
    place: str | None = None
    agenda: tuple[AgendaItem, ...] = ()
    meeting_openness: OpennessOf = OpennessOf()
    minutes_openness: OpennessOf = OpennessOf()
    roster: tuple[RosterRole, ...] = ()
    handouts: tuple[str, ...] = ()
    withheld_names: tuple[WithheldName, ...] = ()


class Splice(Record):
    """Replace the characters removed, which stand at this place, by inserted. On a heading, a decision or an
    explanation it changes the printed line."""

    op: Literal["splice"] = "splice"
    id: Id
    at: Place
    removed: str
    inserted: Typed


class Split(Record):
    """Cut a turn before the character at; the rest becomes the turn new, of the same role and speaker. A line feed at
    the cut disappears."""

    op: Literal["split"] = "split"
    id: Id
    at: Place
    new: Id


class Merge(Record):
    """Append the turn that follows. Its text begins a new paragraph or goes on in the last one; role, speaker and id
    are those of the first or of the second."""

    op: Literal["merge"] = "merge"
    id: Id
    following: Id
    keep: Literal["first", "second"] = "first"
    paragraph: bool = False


class Cast(Record):
    """Give turns another role, speaker or office; None leaves it as it is. inferred: no person set it, it follows from
    what people set, with this probability."""

    op: Literal["cast"] = "cast"
    ids: tuple[Id, ...]
    role: Named | None = None
    speaker: Named | None = None
    office: str | None = None
    inferred: Probability | None = None
    flagged: bool = False
    """Of an inferred role: below the set confidence, for the clerk to check."""


class Explain(Record):
    """Consecutive turns are the explanation of an item: kept, but printed as the one line text."""

    op: Literal["explain"] = "explain"
    id: Id
    """Of the new explanation."""
    ids: tuple[Id, ...] = Field(min_length=1)
    item: AgendaItem
    text: Named


class Unexplain(Record):
    """Print an explanation's turns in full again."""

    op: Literal["unexplain"] = "unexplain"
    id: Id


class Put(Record):
    """Replace consecutive blocks by others: put in, take out or move headings and decisions, or rewrite turns. The
    recognised words of what is taken out must all be in what is put in, in the same order."""

    op: Literal["put"] = "put"
    after: Id | None
    """None: at the beginning."""
    removed: tuple[Id, ...] = ()
    blocks: tuple[Block, ...] = ()


class Confirm(Record):
    """Heard and found right (or not yet)."""

    op: Literal["confirm"] = "confirm"
    ids: tuple[Id, ...]
    value: bool = True


class Accept(Record):
    """A doubtful word, recognised at this time, is right as it stands."""

    op: Literal["accept"] = "accept"
    id: Id
    start_ms: Place


class Withhold(Record):
    """Leave a block out of the public copy, or no more (None)."""

    op: Literal["withhold"] = "withhold"
    id: Id
    withheld: WithheldItem | Withholding | None


class WithholdPassages(Record):
    """The passages of a turn that the public copy leaves out, all of them, placed in the turn's text."""

    op: Literal["withhold_passages"] = "withhold_passages"
    id: Id
    passages: Passages


class SetFront(Record):
    """Set the form's fields."""

    op: Literal["front"] = "front"
    front: Front


class Adopt(Record):
    """Go on with another draft of the machine: what people touched stays as they left it."""

    op: Literal["adopt"] = "adopt"
    base: Annotated[int, Field(ge=0, lt=2**31)]


class Undo(Record):
    """Take back earlier edits, the last first. Undoing an undo brings it back."""

    op: Literal["undo"] = "undo"
    of: tuple[int, ...] = Field(min_length=1)


class Restore(Record):
    """Bring everything back to how it was after an earlier edit (0: the draft)."""

    op: Literal["restore"] = "restore"
    to: Place


Operation = Annotated[
    Splice
    | Split
    | Merge
    | Cast
    | Explain
    | Unexplain
    | Put
    | Confirm
    | Accept
    | Withhold
    | WithholdPassages
    | SetFront
    | Adopt
    | Undo
    | Restore,
    Field(discriminator="op"),
]


class Edit(Record):
    """One entry of a meeting's journal: whole or not at all. Never changed, never deleted."""

    number: Annotated[int, Field(ge=1)]
    """1, 2, 3 … without gaps in one meeting."""
    key: Id
    """Made by whoever edits: the same edit delivered twice is entered once."""
    author: str
    """Of the account; empty where nobody has to log in."""
    at: datetime.datetime
    group: str = ""
    """Edits of one breath (a burst of typing) share it; undo takes them back together."""
    operations: tuple[Operation, ...] = Field(min_length=1)


def touched(operation: Operation) -> Iterator[str]:
    """The ids of what an operation changes; none for those that look after themselves (adopt, undo, restore)."""
    match operation:
        case Splice() | Split() | Unexplain() | Accept() | Withhold() | WithholdPassages():
            yield operation.id
        case Merge():
            yield from (operation.id, operation.following)
        case Cast() | Explain() | Confirm():
            yield from operation.ids
        case Put():
            yield from operation.removed
        case SetFront():
            yield FRONT
