"""The rows of one database into another, of whatever kind: into a backup's SQLite file, or onto a server."""

import hashlib
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.errors import DatabaseError
from pipeline.store.database import Database
from pipeline.store.schema import copy_sqlite
from pipeline.store.tables import Base
from pipeline.store.tables.base import RecordColumn

_ROWS = 500


def snapshot(database: Database, file: Path) -> None:
    """The database as it is at one moment as a SQLite file, while others read and write it."""
    if database.file is not None:
        copy_sqlite(database.file, file)
        return
    part = file.with_name(f".{file.name}.rows.part")
    part.unlink(missing_ok=True)
    copy = Database.beside(part)
    try:
        with database.reading() as source, copy.writing() as target:
            copy_rows(source.connection(), target.connection())
        copy.close()
        copy_sqlite(part, file)
    finally:
        copy.close()
        for left in part.parent.glob(f"{part.name}*"):
            left.unlink()


def copy_rows(source: Connection, target: Connection) -> None:
    """All rows, into tables that have none. Raises DatabaseError when what arrived is not what was sent."""
    for table in map(_plain, Base.metadata.sorted_tables):
        if target.scalar(sa.select(sa.func.count()).select_from(table)):
            raise DatabaseError(f"The database has rows in {table.name} already.", "Name an empty database.")
        for some in _rows(source, table).mappings().partitions():
            target.execute(table.insert(), [dict(row) for row in some])
        if _digest(source, table) != _digest(target, table):
            raise DatabaseError(f"{table.name} did not arrive as it was sent.", "Look at the server's log.")
    if target.dialect.name == "postgresql":
        _count_on(target)


def _plain(table: sa.Table) -> sa.TableClause:
    """The same columns, with records as the text they are stored as."""
    types = ((column.name, column.type) for column in table.columns)
    return sa.table(
        table.name, *(sa.column(name, sa.Text() if isinstance(kind, RecordColumn) else kind) for name, kind in types)
    )


def _digest(connection: Connection, table: sa.TableClause) -> int:
    """The same for the same rows in any order."""
    rows = _rows(connection, table)
    return sum(int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest()) for row in rows)


def _rows(connection: Connection, table: sa.TableClause) -> sa.CursorResult[Any]:
    return connection.execute(sa.select(*table.c).execution_options(yield_per=_ROWS))


def _count_on(target: Connection) -> None:
    """Numbers that the server gives out go on after those that came with the rows."""
    for table in Base.metadata.sorted_tables:
        for column in table.primary_key.columns:
            if column.autoincrement is True:
                last = sa.select(sa.func.max(column)).scalar_subquery()
                sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
                target.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(last, 1), last.is_not(None))))
