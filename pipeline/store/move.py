"""A library's database moved from the file beside it onto a server; the meetings' files stay where they are."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.errors import BusyError, UsageError
from pipeline.store.database import Database
from pipeline.store.files import disk_errors, write_text_atomic
from pipeline.store.library import SETTINGS, Library
from pipeline.store.transfer import copy_rows

MOVED = "kaigiroku.moved.db"


def move(folder: Path, url: str) -> None:
    """All rows onto the server, each checked there; then library.toml names it, and the file is put out of use as
    kaigiroku.moved.db. Killed at any moment, the library is whole in one of the two places.

    Raises UsageError when it is on a server already or url is no server's, BusyError when anybody has it open,
    DatabaseError when the server's database is not empty or cannot be used.
    """
    library = Library.open(folder)
    library.close()
    file = library.database.file
    if file is None:
        raise UsageError(f"{folder}: its database is on a server already.", "Restore a backup to get it back.")
    if sa.make_url(url).get_backend_name() == "sqlite":
        raise UsageError("A library is moved to a server only.", "Name it: postgresql://user@host/database.")
    with _alone(file) as source:
        server = Database(url)
        try:
            with server.writing() as session:
                copy_rows(source, session.connection())
        finally:
            server.close()
        _point(folder / SETTINGS, url)
        # Who waits for the file at this moment must not work on in it.
        source.execute(sa.text("UPDATE alembic_version SET version_num = 'moved'"))
    with disk_errors(file):
        file.replace(file.with_name(MOVED))


@contextmanager
def _alone(file: Path) -> Iterator[Connection]:
    """A connection beside which there is no other."""
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as driver:
        try:
            driver.execute("PRAGMA journal_mode=DELETE")  # only the last one to have it open may do so
            driver.execute("PRAGMA locking_mode=EXCLUSIVE")  # from the next lock on until it is closed
            driver.executescript("BEGIN EXCLUSIVE; COMMIT")
        except sqlite3.OperationalError:
            raise BusyError(
                f"{file}: somebody works with the library.", "Stop `review` and `batch` first.", file=file
            ) from None
        engine = sa.create_engine("sqlite://", creator=lambda: driver, poolclass=sa.StaticPool)
        with engine.connect() as connection:
            yield connection


def _point(settings: Path, url: str) -> None:
    with disk_errors(settings):
        before = settings.read_text(encoding="utf-8") if settings.is_file() else ""
    others = re.sub(r"(?m)^\s*database\s*=.*\n?", "", before)
    write_text_atomic(settings, f"database = {json.dumps(url)}\n{others}")
