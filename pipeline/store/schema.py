"""The database's tables brought to what this kaigiroku knows, from whatever an older one left: each change of the
tables is one file in migrations/versions, run once, in order, by Alembic."""

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from pipeline.errors import NewerLibraryError
from pipeline.store.files import disk_errors, synced_folder

HEAD = "0001"
"""The last of migrations/versions: a database at this revision is opened without importing Alembic."""
_FOLDER = Path(__file__).with_name("migrations")
_REVISION = sa.table("alembic_version", sa.column("version_num", sa.String))


def bring_up_to_date(engine: Engine, where: str) -> None:
    """Make missing tables and change older ones, all or nothing; two programs may ask at the same moment, and the
    engine lets one at a time begin an immediate transaction (store/database.py).

    A SQLite database that has to be changed is copied first, to NAME.before-update.db beside it. where: what the
    database is called in errors. Raises NewerLibraryError.
    """
    with engine.connect() as connection:
        if revision(connection) == HEAD:
            return
    with engine.execution_options(immediate=True).connect() as connection:
        connection.detach()  # it is not lent to anybody after this
        if engine.dialect.name == "sqlite":  # a table is changed by making it anew: what points to it must not follow
            _driver(connection).execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            _upgrade(connection, where)


def revision(connection: Connection) -> str | None:
    """Of the database; None when it is new, or older than revisions."""
    if not sa.inspect(connection).has_table(_REVISION.name):
        return None
    return connection.execute(sa.select(_REVISION.c.version_num)).scalar()


def copy_sqlite(source: Path, target: Path) -> None:
    """The database as it is at one moment, while others read and write it; target is there whole or not at all."""
    part = target.with_name(f".{target.name}.part")
    with disk_errors(target):
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(part)) as here:
            there.backup(here)
            here.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        part.replace(target)
        synced_folder(target.parent)


def _upgrade(connection: Connection, where: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    found = revision(connection)
    if found == HEAD:  # by the program that had its turn before us
        return
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    if found not in (None, *(each.revision for each in ScriptDirectory.from_config(config).walk_revisions())):
        raise NewerLibraryError(
            f"{where}: was changed by a newer kaigiroku (revision {found}; this one knows {HEAD}).",
            "Update kaigiroku on this machine.",
            file=where,
        )
    if connection.dialect.name == "sqlite" and (found or sa.inspect(connection).has_table("meetings")):
        file = Path(str(connection.engine.url.database))
        copy_sqlite(file, file.with_suffix(".before-update.db"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
