"""What a form prints, as the templates see it: strings only, nothing left to decide."""

from typing import Literal

from pipeline.records.base import Record
from pipeline.render.attendance import Attendance

LOOK = "※"
"""Behind a role or decision that the clerk should check; only in drafts."""


class AgendaGroup(Record):
    """The items of one kind; no items print as (なし)."""

    kind: str
    none: str
    """(なし) when the kind has no items, else empty."""
    items: tuple[str, ...]
    """(1) title, (2) title …"""


class OpennessBoxes(Record):
    """□公開 ■非公開 □一部非公開, and the reason (empty when there is none to give)."""

    boxes: str
    reason: str


class PrintedBlock(Record):
    """One block of the body. first and more are the paragraphs of a speech; the others have first only."""

    kind: Literal["heading", "speech", "explanation", "decision", "inaudible", "withheld"]
    id: str
    at: str
    """Place in the recording, 00:12:31."""
    role: str = ""
    """Of a speech: role and mark."""
    colon: str = ""
    flagged: bool = False
    """The clerk should look (always False in a final document)."""
    note: str = ""
    """For the clerk: why it is flagged."""
    hang: float = 0
    """Of a speech: how far its lines after the first are indented, in full-width characters; 0: as styled."""
    first: str
    more: tuple[str, ...] = ()


class Section(Record):
    """An agenda item with what was said and decided about it; the words before the first item have no heading."""

    heading: str
    blocks: tuple[PrintedBlock, ...]
    """Of the body, but for headings and decisions."""
    decisions: tuple[PrintedBlock, ...]


class Form(Record):
    """Everything the form prints, as the templates see it under the name ``form``."""

    draft: bool
    title: str
    """Of the document, for its properties."""
    legend: str
    """What the marks of a draft mean; empty in a final document."""
    notes: tuple[str, ...]
    """Warnings for the clerk; empty in a final document."""
    name: str
    secretariat: str
    when: str
    place: str
    agenda: tuple[AgendaGroup, ...]
    meeting_openness: OpennessBoxes
    minutes_openness: OpennessBoxes
    attendance: tuple[Attendance, ...]
    opening: str
    body: tuple[PrintedBlock, ...]
    sections: tuple[Section, ...] = ()
    """The body again, for forms that are a table of agenda items."""
    closing: str
    handouts: tuple[str, ...]
    """One row each; 資料(1) title, or what is unknown."""
    doubts: tuple[str, ...] = ()
    """Of a copy for correcting: what to listen to at each place marked as doubtful (render/doubts.py), in order."""
