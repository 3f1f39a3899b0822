"""The tables of what people did, one file per concern; importing this package makes all of them known."""

from pipeline.store.tables import edits, intake, jobs, measurements, meetings, notes, people
from pipeline.store.tables.base import Base

__all__ = ["Base", "edits", "intake", "jobs", "measurements", "meetings", "notes", "people"]
