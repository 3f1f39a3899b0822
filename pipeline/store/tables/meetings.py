"""The meetings of a library: what was recorded, what is known of it, and how far its minutes are."""

import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.records.base import Record
from pipeline.records.meeting import Meeting
from pipeline.store.tables.base import Base, Moment, RecordColumn, now, values_of


class State(StrEnum):
    """How far a meeting is. The machine moves it up to draft, people from there on."""

    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"
    DRAFT = "draft"
    CORRECTING = "correcting"
    CHECKED = "checked"
    FINAL = "final"


class Source(Record):
    """One file of the recording, as it lies in the meeting's folder."""

    stored: str
    """Name in the folder ``recording``, made by us: part-01.opus."""
    name: str
    """As it was called where it came from; only shown."""
    sha256: str
    size: int


class MeetingRow(Base):
    """One meeting. id is also the name of its folder."""

    __tablename__ = "meetings"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    created_at: Mapped[datetime.datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime.datetime] = mapped_column(Moment, default=now, onupdate=now)
    state: Mapped[State] = mapped_column(values_of(State), default=State.WAITING)
    fields: Mapped[Meeting] = mapped_column(RecordColumn(Meeting))
    sources: Mapped[tuple[Source, ...]] = mapped_column(RecordColumn(tuple[Source, ...]))
    recording_sha256: Mapped[str] = mapped_column(String(64), index=True)
    """Over all files in order: the same recording is recognised however its files are called."""
