"""Where the history of measurements is kept: with the library, or in a file of one's own where there is none."""

from pathlib import Path

import platformdirs

from pipeline.config.paths import APP
from pipeline.store.database import Database
from pipeline.store.files import disk_errors
from pipeline.store.library import Library


def history_database(library: Path | None) -> Database:
    """That of the library, or of this user. Raises LibraryError, DatabaseError, OutputError."""
    if library is not None:
        return Library.open(library).database
    folder = platformdirs.user_data_path(APP, appauthor=False)
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return Database.beside(folder / "measurements.db")
