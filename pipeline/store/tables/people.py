"""Who may work with the library, who is logged in, who may see which meeting, and what was done by whom."""

import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables.base import Base, Moment, now, values_of


class Rank(StrEnum):
    """A clerk corrects; an approver also declares minutes final; an administrator also keeps the accounts."""

    CLERK = "clerk"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"


class AccountRow(Base):
    """Somebody who can log in. Never deleted, because the journal names them; only disabled."""

    __tablename__ = "accounts"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    shown: Mapped[str] = mapped_column(String(128))
    """As colleagues read it."""
    rank: Mapped[Rank] = mapped_column(values_of(Rank), default=Rank.CLERK)
    password: Mapped[str] = mapped_column(String(256))
    """argon2 hash."""
    enabled: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime.datetime] = mapped_column(Moment, default=now)


class SessionRow(Base):
    """A browser that is logged in. Its cookie is not in the database, only the cookie's SHA-256."""

    __tablename__ = "sessions"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.name", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime.datetime] = mapped_column(Moment, default=now)
    seen_at: Mapped[datetime.datetime] = mapped_column(Moment, default=now)


class AccessRow(Base):
    """A meeting with any such row is seen by these accounts (and administrators) only."""

    __tablename__ = "access"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.name", ondelete="CASCADE"), primary_key=True)


class AuditRow(Base):
    """Something that was done, or tried: append-only."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_action_at", "action", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime.datetime] = mapped_column(Moment, default=now)
    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64), default="")
    action: Mapped[str] = mapped_column(String(32))
    meeting_id: Mapped[str | None] = mapped_column(String(32))
    detail: Mapped[str] = mapped_column(String(512), default="")


class SecretRow(Base):
    """A random value of this library."""

    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(String(128))
