"""The history of measurements in a database."""

from collections.abc import Sequence

import sqlalchemy as sa

from pipeline.store.database import Database
from pipeline.store.tables.measurements import MeasurementRow


def remember(database: Database, rows: Sequence[MeasurementRow]) -> None:
    """Add measurements, all or none."""
    with database.writing() as session:
        session.add_all(rows)


def history(database: Database) -> list[MeasurementRow]:
    """All measurements, oldest first."""
    with database.reading() as session:
        return list(session.scalars(sa.select(MeasurementRow).order_by(MeasurementRow.made_at, MeasurementRow.id)))
