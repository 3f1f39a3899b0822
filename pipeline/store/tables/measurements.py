"""What was measured and when: the history from which trends are drawn."""

import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables.base import Base, Moment, now


class MeasurementRow(Base):
    """One system measured on one recording. errors and characters: of the recognition rate; changed and typed: of the
    edit effort; None where that was not measured. No text of the meeting is kept."""

    __tablename__ = "measurements"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    made_at: Mapped[datetime.datetime] = mapped_column(Moment, default=now)
    title: Mapped[str] = mapped_column(String(200))
    system: Mapped[str] = mapped_column(String(200))
    recording: Mapped[str] = mapped_column(String(64), default="", index=True)
    """Digest of the reference: tells measurements of one recording from others."""
    profile: Mapped[str] = mapped_column(String(64))
    errors: Mapped[int | None]
    characters: Mapped[int | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    changed: Mapped[int | None]
    typed: Mapped[int | None]
    clerk_ms: Mapped[int | None]
    audio_ms: Mapped[int | None]
    model: Mapped[str] = mapped_column(String(200), default="")
    model_sha256: Mapped[str] = mapped_column(String(64), default="")
    dictionary: Mapped[str] = mapped_column(String(64), default="")
    kaigiroku: Mapped[str] = mapped_column(String(32), default="")
