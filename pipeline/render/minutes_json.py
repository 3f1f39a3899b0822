"""minutes.json: the minutes as a public format (docs/minutes-json.md) that other programs may read and write."""

from pipeline.documents.minutes_json import read_minutes
from pipeline.records.minutes import Minutes

__all__ = ["minutes_json", "read_minutes"]


def minutes_json(minutes: Minutes) -> str:
    """The file's text."""
    return minutes.model_dump_json(indent=1) + "\n"
