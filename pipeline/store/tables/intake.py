"""Which files were taken into the library already, so that a watched folder need not be read again and again."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables.base import Base


class IntakeRow(Base):
    """The files of one meeting as they lay in the folder or list they came from."""

    __tablename__ = "intake"

    stamp: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 over path, size and time of change of each file, and of its meeting.toml."""
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
