"""What is known of the meeting beforehand: the contents of meeting.toml, validated by config/meeting_file.py."""

import datetime
from typing import Literal

from pipeline.records.base import Record

Openness = Literal["公開", "非公開", "一部非公開"]
Style = Literal["全文", "整文", "要点"]
"""全文: as spoken, fillers removed. 整文: spoken forms mended by light rules. 要点: selected sentences of 整文."""


class AgendaItem(Record):
    """One item: kind 議案, 報告 … (printed as given), its number within the kind, and its title."""

    kind: str
    number: int
    title: str

    @property
    def label(self) -> str:
        """As the form prints it: 報告(1)."""
        return f"{self.kind}({self.number})"


class Member(Record):
    """Somebody on the roster. office is printed; name (family name first) only helps recognition and roles."""

    office: str
    name: str | None = None
    deputy_for: str | None = None
    """The office this person stands in for: printed as 福祉総務課長(保健福祉部長代理)."""


class RosterRole(Record):
    """A role and who holds it."""

    role: str
    members: tuple[Member, ...] = ()
    chairs: bool = False
    """Leads the meeting: exactly one role of the roster does."""
    deputy_chair: bool = False
    explains: bool = False
    """Explains agenda items (事務局, 執行機関): whoever explains an item speaks in this role there."""


class OpennessOf(Record):
    """Whether the meeting or its minutes are open. The reason is required unless 公開, and absent then."""

    state: Openness | None = None
    reason: str | None = None


class Meeting(Record):
    """Everything the form needs. None or empty means unknown: the draft prints 【要確認】."""

    name: str | None = None
    secretariat: str | None = None
    date: datetime.date | None = None
    opens: datetime.time | None = None
    closes: datetime.time | None = None
    """None: estimated from opens and the length of the recording, and marked for the clerk."""
    place: str | None = None
    agenda: tuple[AgendaItem, ...] = ()
    meeting_openness: OpennessOf = OpennessOf()
    minutes_openness: OpennessOf = OpennessOf()
    roster: tuple[RosterRole, ...] = ()
    handouts: tuple[str, ...] = ()
    style: Style | None = None
    """How the body is written. None: as the form has it, else 全文."""
    template: str | None = None
    """Form the documents are printed in: a name in templates/, or a folder. None: form1."""
    speakers_expected: tuple[int, int] | None = None
    """(at least, at most) people who speak; None: from the roster."""
    terms: tuple[tuple[str, str | None], ...] = ()
    """Extra terms (written form, reading in kana or None)."""
