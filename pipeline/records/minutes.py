"""The minutes: the form's fields and the body, as published in minutes.json (docs/minutes-json.md).

The body is a list of blocks in order of time. Everything printed comes from here; nothing here is printed twice.
"""

import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipeline.records.base import Probability, Record, Span
from pipeline.records.meeting import AgendaItem, OpennessOf, RosterRole, Style
from pipeline.records.roles import Evidence
from pipeline.records.withheld import Passages, WithheldItem, WithheldName, Withholding
from pipeline.records.words import Word

SCHEMA: Literal["kaigiroku-minutes/1"] = "kaigiroku-minutes/1"
UNKNOWN = "【要確認】"
"""Printed wherever a field of the form is not known."""


class Sentence(Record):
    """A sentence with the words it was made of; text may be 整文, the words keep what was recognised."""

    text: str
    start_ms: int
    end_ms: int
    words: tuple[Word, ...]
    withheld: Passages = ()
    """What of text the public copy leaves out; records/withheld.py moves the marks when text is edited."""

    @model_validator(mode="after")
    def _marks_lie_in_the_text(self) -> Self:
        for passage in self.withheld:
            if passage.end > len(self.text):
                raise ValueError(f"withheld up to character {passage.end} of {len(self.text)}")
        return self

    @property
    def raw(self) -> str:
        return "".join(word.raw for word in self.words)


class Heading(Record):
    """An agenda heading: 報告案件(1) …"""

    kind: Literal["heading"] = "heading"
    id: str
    item: AgendaItem
    text: str
    start_ms: int
    withheld: WithheldItem | None = None
    """The public copy leaves out the whole item, up to the next heading."""


class Speech(Record):
    """役職:発言. Paragraphs of sentences; the role is printed once."""

    kind: Literal["speech"] = "speech"
    id: str
    role: str
    speaker: str
    office: str | None = None
    confidence: Probability
    flagged: bool = False
    """The role is a best guess below the set confidence: the clerk should look."""
    evidence: tuple[Evidence, ...] = ()
    paragraphs: tuple[tuple[Sentence, ...], ...]
    start_ms: int
    end_ms: int
    withheld: Withholding | None = None


class Explanation(Record):
    """〔事務局:「…」を説明〕: the explanation itself is kept here but not printed."""

    kind: Literal["explanation"] = "explanation"
    id: str
    item: AgendaItem
    text: str
    speech: tuple[Speech, ...]
    start_ms: int
    end_ms: int
    withheld: Withholding | None = None


class Decision(Record):
    """A decision standing alone: ―了承―. inferred: nobody said it in words; the clerk should look."""

    kind: Literal["decision"] = "decision"
    id: str
    text: str
    inferred: bool
    start_ms: int
    withheld: Withholding | None = None


class Inaudible(Record):
    """Speech that could not be recognised: 【聞き取り不能 00:12:31】."""

    kind: Literal["inaudible"] = "inaudible"
    id: str
    span: Span
    withheld: Withholding | None = None


class Masked(Record):
    """Where a public copy leaves something out: 「（非公開）」. In no other minutes."""

    kind: Literal["withheld"] = "withheld"
    id: str
    text: str
    start_ms: int = 0
    """Always 0: a time would tell how long something is."""
    withheld: Withholding | None = None
    """Always None: it is left out already."""


Block = Annotated[Heading | Speech | Explanation | Decision | Inaudible | Masked, Field(discriminator="kind")]


class Warning(Record):
    """Something the clerk should look at: code is stable, text is Japanese."""

    code: str
    text: str
    start_ms: int | None = None


class Minutes(Record):
    """The whole document. None or empty: unknown, printed as UNKNOWN."""

    schema_name: Literal["kaigiroku-minutes/1"] = SCHEMA
    name: str | None
    secretariat: str | None
    date: datetime.date | None
    opens: datetime.time | None
    closes: datetime.time | None
    closes_estimated: bool = False
    place: str | None
    agenda: tuple[AgendaItem, ...]
    meeting_openness: OpennessOf
    minutes_openness: OpennessOf
    roster: tuple[RosterRole, ...]
    handouts: tuple[str, ...]
    body: tuple[Block, ...]
    duration_ms: int
    warnings: tuple[Warning, ...] = ()
    style: Style | None = None
    """How the body is written; None: as the form has it, else 全文."""
    withheld_names: tuple[WithheldName, ...] = ()
