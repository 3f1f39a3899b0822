"""The journal of edits, append-only, and the machine's drafts that it begins from."""

import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.records.edits import Operation
from pipeline.store.tables.base import Base, Moment, RecordColumn, now


class BaseRow(Base):
    """A draft as it was when people began to work on it: a later run of the machine does not pull it away."""

    __tablename__ = "bases"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(64))
    """Of the artifact it was read from (store/artifacts.py)."""
    taken_at: Mapped[datetime.datetime] = mapped_column(Moment, default=now)
    minutes: Mapped[bytes] = mapped_column(LargeBinary)
    """Compressed JSON of records.minutes.Minutes."""


class EditRow(Base):
    """One edit: records.edits.Edit."""

    __tablename__ = "edits"
    __table_args__ = (UniqueConstraint("meeting_id", "key"),)

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime.datetime] = mapped_column(Moment, default=now)
    group: Mapped[str] = mapped_column(String(64), default="")
    operations: Mapped[tuple[Operation, ...]] = mapped_column(RecordColumn(tuple[Operation, ...]))
