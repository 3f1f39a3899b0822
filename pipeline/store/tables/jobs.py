"""The queue: which drafts are to be made, how far each is, and why one failed."""

import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.records.job import DraftOptions, Failure
from pipeline.store.tables.base import Base, Moment, RecordColumn, now, values_of


class JobState(StrEnum):
    """Waiting and running are open; the others have ended until somebody asks for them again."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SET_ASIDE = "set-aside"
    """Its worker died of it twice: not tried again by itself."""
    CANCELLED = "cancelled"


OPEN = (JobState.WAITING, JobState.RUNNING)


class JobRow(Base):
    """The draft of one meeting: asked for, made, and asked for again."""

    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), unique=True)
    state: Mapped[JobState] = mapped_column(values_of(JobState), default=JobState.WAITING)
    priority: Mapped[int] = mapped_column(default=0)
    """Higher comes first; equal ones in the order they were asked for."""
    options: Mapped[DraftOptions] = mapped_column(RecordColumn(DraftOptions))
    asked_at: Mapped[datetime.datetime] = mapped_column(Moment, default=now)
    started_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    drafts: Mapped[int] = mapped_column(default=0)
    """How many attempts ended in a draft."""
    owner: Mapped[str | None] = mapped_column(String(128))
    """The batch that works on it (store/claims.py); None when nobody does."""
    beat: Mapped[int] = mapped_column(default=0)
    """Counts up while its owner lives. A counter, not a time: clocks are set back and differ between machines."""
    cancel: Mapped[bool] = mapped_column(default=False)
    """Somebody asked the owner to stop."""
    progress: Mapped[dict[str, float]] = mapped_column(RecordColumn(dict[str, float]), default=dict)
    """Stage → fraction done, 0 … 1, of the stages begun in this attempt."""
    deaths: Mapped[int] = mapped_column(default=0)
    """How many workers died of it in the same stage."""
    deadly_stage: Mapped[str | None] = mapped_column(String(32))
    failure: Mapped[Failure | None] = mapped_column(RecordColumn(Failure))

    __table_args__ = (Index("ix_jobs_turn", "state", "priority", "asked_at"),)
