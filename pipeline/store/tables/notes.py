"""What people tell each other and how they work: comments, what was heard, and the time spent."""

import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables.base import Base, Moment, RecordColumn, now


class CommentRow(Base):
    """A comment to colleagues on a turn; quote is what was marked, so that it can be found again."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    block: Mapped[str] = mapped_column(String(64))
    start_ms: Mapped[int] = mapped_column(default=0)
    quote: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime.datetime] = mapped_column(Moment, default=now)
    resolved_by: Mapped[str | None] = mapped_column(String(64))


class HeardRow(Base):
    """Which stretches of the recording somebody has played."""

    __tablename__ = "heard"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    account: Mapped[str] = mapped_column(String(64), primary_key=True)
    spans: Mapped[tuple[tuple[int, int], ...]] = mapped_column(RecordColumn(tuple[tuple[int, int], ...]))
    """[start, end) in ms, in order, not touching."""


class WorkRow(Base):
    """Active seconds of one person on one meeting on one day: the time to correct."""

    __tablename__ = "work"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    account: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[datetime.date] = mapped_column(primary_key=True)
    seconds: Mapped[int] = mapped_column(default=0)


class SummaryRow(Base):
    """What the list shows of a meeting's minutes; made anew whenever they changed."""

    __tablename__ = "summaries"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    edits: Mapped[int]
    """Number of the last edit that is in it."""
    figures: Mapped[str] = mapped_column(Text)
    """JSON of review.summary.Summary."""
