"""The database of what people did: SQLite beside the library, or any server SQLAlchemy speaks to, by URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from pipeline.errors import BusyError, DatabaseError, DependencyError, DiskFullError, KaigirokuError
from pipeline.store import schema

_WAIT_S = 15
"""For another writer, before the work is given up."""
_TURN = 0x6B616967
"""Any number that is ours alone: a server lets one transaction at a time hold it."""


class Database:
    """Short transactions, each as a whole or not at all. One object serves all threads of a process."""

    def __init__(self, url: str | sa.URL) -> None:
        self.url = sa.make_url(url)
        is_sqlite = self.url.get_backend_name() == "sqlite"
        self.file = Path(self.url.database or "") if is_sqlite else None
        """Where it lies; None on a server."""
        with self._told():
            self._engine = _sqlite(self.url) if is_sqlite else _server(self.url)
            self._reading = self._engine
            if not is_sqlite:
                self._reading = self._engine.execution_options(isolation_level="REPEATABLE READ")
            schema.bring_up_to_date(self._engine, self._where)

    @classmethod
    def beside(cls, file: Path) -> "Database":
        """The SQLite database in this file, made when missing. Its folder must exist."""
        return cls(sa.URL.create("sqlite", database=str(file)))

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that changes nothing; what it reads is of one moment."""
        with self._told(), Session(self._reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction, committed at the end and undone on any exception. Committed means on the disk.

        It waits for its turn at its beginning: there is one at a time, so that what it reads stays true until it has
        written. Raises BusyError when its turn does not come, DiskFullError, DatabaseError.
        """
        engine = self._engine.execution_options(immediate=True)
        with self._told(), Session(engine, expire_on_commit=False) as session, session.begin():
            session.connection()  # now, not at the first statement
            yield session

    def close(self) -> None:
        self._engine.dispose()

    @property
    def _where(self) -> str:
        """File or address, never a password."""
        return str(self.file) if self.file else self.url.render_as_string(hide_password=True)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._explained(str(error.orig)) from error
        except SQLAlchemyError as error:  # an unusable URL
            raise self._explained(str(error)) from error

    def _explained(self, said: str) -> KaigirokuError:
        line = " ".join(said.split())[:300]
        if "is full" in line or "No space left" in line:
            return DiskFullError(
                f"{self._where}: no room is left on the disk.", "Free some space and try again.", file=self._where
            )
        if "is locked" in line or "lock timeout" in line:
            return BusyError(
                f"{self._where}: another program keeps the database busy.", "Try again in a moment.", file=self._where
            )
        return DatabaseError(
            f"{self._where}: the database cannot be used ({line}).",
            "Check the folder and its permissions, or restore a backup."
            if self.file
            else "Check that the server runs, and its address in library.toml.",
            file=self._where,
        )


def _sqlite(url: sa.URL) -> Engine:
    engine = sa.create_engine(url, connect_args={"timeout": _WAIT_S})

    @event.listens_for(engine, "connect")
    def _settings(connection: object, _: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]  # transactions begin below, not in the driver
        cursor = connection.cursor()  # type: ignore[attr-defined]
        for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _server(url: sa.URL) -> Engine:
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    try:
        engine = sa.create_engine(url, pool_pre_ping=True)
    except ImportError as error:
        raise DependencyError(
            f"{error.name} is needed for this database and missing.", "Install it: pip install 'kaigiroku[postgres]'."
        ) from None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("immediate", False):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(_WAIT_S * 1000)}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")

    return engine
