"""Accounts, log-ins, access to meetings and the audit log in the database. Whoever calls hashes the passwords."""

import datetime
import hashlib
import secrets
from collections.abc import Sequence
from itertools import takewhile

import sqlalchemy as sa

from pipeline.errors import UsageError
from pipeline.store.library import Library
from pipeline.store.tables.base import now
from pipeline.store.tables.people import AccessRow, AccountRow, AuditRow, Rank, SecretRow, SessionRow

IDLE = datetime.timedelta(hours=12)
LONGEST = datetime.timedelta(days=7)
_SEEN_EVERY = datetime.timedelta(minutes=1)


class People:
    """All questions about people that the application asks."""

    def __init__(self, library: Library) -> None:
        self._database = library.database

    def exist(self) -> bool:
        """Whether anybody has an account: from then on everybody has to log in."""
        with self._database.reading() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(AccountRow)) != 0

    def accounts(self) -> list[AccountRow]:
        with self._database.reading() as session:
            return list(session.scalars(sa.select(AccountRow).order_by(AccountRow.name)))

    def account(self, name: str) -> AccountRow | None:
        with self._database.reading() as session:
            return session.get(AccountRow, name)

    def put(self, name: str, *, shown: str, rank: Rank, password: str | None, enabled: bool = True) -> None:
        """Make or change an account; password is its hash, None keeps the old one. Whoever is disabled or gets a new
        password is logged out. Raises UsageError when no administrator would be left."""
        with self._database.writing() as session:
            row = session.get(AccountRow, name)
            if row is None:
                if password is None:
                    raise UsageError(f"{name}: a new account needs a password.", "Give one.")
                row = AccountRow(name=name, shown=shown, rank=rank, password=password, enabled=enabled)
                session.add(row)
            row.shown, row.rank, row.enabled = shown, rank, enabled
            row.password = password or row.password
            session.flush()
            wanted = sa.select(sa.func.count()).select_from(AccountRow)
            if not session.scalar(wanted.where(AccountRow.rank == Rank.ADMINISTRATOR, AccountRow.enabled)):
                raise UsageError("No administrator would be left.", "Make somebody else administrator first.")
            if password is not None or not enabled:
                session.execute(sa.delete(SessionRow).where(SessionRow.account == name))

    def begin_session(self, account: str) -> str:
        """The value of the new session's cookie."""
        token = secrets.token_urlsafe(32)
        with self._database.writing() as session:
            session.execute(sa.delete(SessionRow).where(SessionRow.created_at < now() - LONGEST))
            session.add(SessionRow(token_sha256=_hash(token), account=account))
        return token

    def of_session(self, token: str) -> AccountRow | None:
        """Who is logged in with this cookie; None: nobody, or no more."""
        with self._database.reading() as session:
            row = session.get(SessionRow, _hash(token))
            account = session.get(AccountRow, row.account) if row is not None else None
        if row is None or account is None or not account.enabled:
            return None
        moment = now()
        if moment - row.seen_at > IDLE or moment - row.created_at > LONGEST:
            self.end_session(token)
            return None
        if moment - row.seen_at > _SEEN_EVERY:
            with self._database.writing() as session:
                session.execute(
                    sa.update(SessionRow).where(SessionRow.token_sha256 == row.token_sha256).values(seen_at=moment)
                )
        return account

    def end_session(self, token: str) -> None:
        with self._database.writing() as session:
            session.execute(sa.delete(SessionRow).where(SessionRow.token_sha256 == _hash(token)))

    def access(self, meeting_id: str) -> tuple[str, ...]:
        """The accounts a meeting is restricted to; empty: everybody sees it."""
        with self._database.reading() as session:
            wanted = sa.select(AccessRow.account).where(AccessRow.meeting_id == meeting_id)
            return tuple(session.scalars(wanted.order_by(AccessRow.account)))

    def restrict(self, meeting_id: str, accounts: Sequence[str]) -> None:
        with self._database.writing() as session:
            session.execute(sa.delete(AccessRow).where(AccessRow.meeting_id == meeting_id))
            session.add_all(AccessRow(meeting_id=meeting_id, account=name) for name in dict.fromkeys(accounts))

    def restricted(self) -> frozenset[str]:
        """The meetings that not everybody sees."""
        with self._database.reading() as session:
            return frozenset(session.scalars(sa.select(AccessRow.meeting_id).distinct()))

    def hidden_from(self, account: str) -> frozenset[str]:
        """The meetings that somebody who is no administrator may not see."""
        with self._database.reading() as session:
            restricted = set(session.scalars(sa.select(AccessRow.meeting_id).distinct()))
            allowed = set(session.scalars(sa.select(AccessRow.meeting_id).where(AccessRow.account == account)))
        return frozenset(restricted - allowed)

    def note(
        self, account: str, action: str, *, meeting_id: str | None = None, detail: str = "", address: str = ""
    ) -> None:
        """Enter something into the audit log."""
        with self._database.writing() as session:
            session.add(
                AuditRow(account=account, action=action, meeting_id=meeting_id, detail=detail[:512], address=address)
            )

    def log(self, limit: int, before: int | None = None) -> list[AuditRow]:
        """The audit log, latest first."""
        wanted = sa.select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
        with self._database.reading() as session:
            return list(session.scalars(wanted if before is None else wanted.where(AuditRow.id < before)))

    def failures(
        self, since: datetime.datetime, *, account: str | None = None, address: str | None = None
    ) -> tuple[int, datetime.datetime | None]:
        """How many log-ins failed, and when the last: with this name since one succeeded, or all from this address."""
        same = AuditRow.account == account if account is not None else AuditRow.address == address
        wanted = sa.select(AuditRow.action, AuditRow.at).where(
            AuditRow.at > since, same, AuditRow.action.in_(("login", "login-failed"))
        )
        with self._database.reading() as session:
            rows = session.execute(wanted.order_by(AuditRow.id.desc())).all()
        if account is not None:
            rows = list(takewhile(lambda row: row.action == "login-failed", rows))
        failed = [at for action, at in rows if action == "login-failed"]
        return len(failed), failed[0] if failed else None

    def secret(self, name: str) -> str:
        """A random value of this library, made when it is first asked for."""
        with self._database.writing() as session:
            row = session.get(SecretRow, name)
            if row is None:
                row = SecretRow(name=name, value=secrets.token_urlsafe(32))
                session.add(row)
            return row.value


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
