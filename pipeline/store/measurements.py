"""The history of measurements: in a library's database, or in a file of its own where there is no library."""

from collections.abc import Sequence
from pathlib import Path

import platformdirs
import sqlalchemy as sa

from pipeline.config.paths import APP
from pipeline.store.database import Database
from pipeline.store.files import disk_errors
from pipeline.store.library import Library
from pipeline.store.tables.measurements import MeasurementRow


def history_database(library: Path | None) -> Database:
    """That of the library, or of this user. Raises LibraryError, DatabaseError, OutputError."""
    if library is not None:
        return Library.open(library).database
    folder = platformdirs.user_data_path(APP, appauthor=False)
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return Database.beside(folder / "measurements.db")


def remember(database: Database, rows: Sequence[MeasurementRow]) -> None:
    """Add measurements, all or none."""
    with database.writing() as session:
        session.add_all(rows)


def history(database: Database) -> list[MeasurementRow]:
    """All measurements, oldest first."""
    with database.reading() as session:
        return list(session.scalars(sa.select(MeasurementRow).order_by(MeasurementRow.made_at, MeasurementRow.id)))
