"""Comments, what was heard and the time spent, in the database."""

import datetime
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from pipeline.errors import LibraryError
from pipeline.store.library import Library
from pipeline.store.tables.notes import CommentRow, HeardRow, WorkRow

Spans = tuple[tuple[int, int], ...]


class Notes:
    """Of one meeting."""

    def __init__(self, library: Library, meeting_id: str) -> None:
        self._database = library.database
        self._meeting = meeting_id

    def comments(self) -> list[CommentRow]:
        """In the order they were written."""
        with self._database.reading() as session:
            wanted = sa.select(CommentRow).where(CommentRow.meeting_id == self._meeting)
            return list(session.scalars(wanted.order_by(CommentRow.id)))

    def comment(self, block: str, start_ms: int, quote: str, text: str, author: str) -> CommentRow:
        row = CommentRow(
            meeting_id=self._meeting, block=block, start_ms=start_ms, quote=quote, text=text, author=author
        )
        with self._database.writing() as session:
            session.add(row)
        return row

    def resolve(self, comment: int, by: str | None) -> CommentRow:
        """Settle a comment, or open it again (None). Raises LibraryError when there is no such comment."""
        with self._database.writing() as session:
            row = session.get(CommentRow, comment)
            if row is None or row.meeting_id != self._meeting:
                raise LibraryError(f"{comment}: there is no such comment.", "Load the minutes again.")
            row.resolved_by = by
        return row

    def heard(self) -> Spans:
        """What anybody has played."""
        with self._database.reading() as session:
            rows = session.scalars(sa.select(HeardRow).where(HeardRow.meeting_id == self._meeting))
            return joined(span for row in rows for span in row.spans)

    def hear(self, account: str, spans: Iterable[tuple[int, int]]) -> None:
        with self._database.writing() as session:
            row = session.get(HeardRow, (self._meeting, account))
            if row is None:
                session.add(HeardRow(meeting_id=self._meeting, account=account, spans=joined(spans)))
            else:
                row.spans = joined([*row.spans, *spans])

    def work(self, account: str, day: datetime.date, seconds: int) -> None:
        """Add active seconds."""
        with self._database.writing() as session:
            row = session.get(WorkRow, (self._meeting, account, day))
            if row is None:
                session.add(WorkRow(meeting_id=self._meeting, account=account, day=day, seconds=seconds))
            else:
                row.seconds += seconds

    def seconds(self) -> int:
        """Active seconds of everybody: the time to correct this meeting so far."""
        with self._database.reading() as session:
            wanted = sa.select(sa.func.sum(WorkRow.seconds)).where(WorkRow.meeting_id == self._meeting)
            return int(session.scalar(wanted) or 0)


def joined(spans: Iterable[Sequence[int]]) -> Spans:
    """Spans in order, those that touch as one; empty ones left out."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((start, end) for start, end in spans if end > start):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)
