"""How far a meeting's minutes are, in the few figures that the list shows; kept in the database, made anew when the
minutes changed."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from pipeline.editing.desk import Desk
from pipeline.editing.sheet import Entry, Sheet
from pipeline.records.base import Record
from pipeline.records.minutes import Decision, Inaudible, Speech
from pipeline.store.library import Library
from pipeline.store.notes import Notes, Spans
from pipeline.store.tables.edits import EditRow
from pipeline.store.tables.meetings import MeetingRow, State
from pipeline.store.tables.notes import SummaryRow

_DRAFTED = (State.DRAFT, State.CORRECTING, State.CHECKED, State.FINAL)


class Summary(Record):
    """heard: percent of the printed speech that somebody played. flags: unsure roles, guessed decisions, places that
    could not be heard, not yet confirmed."""

    duration_ms: int
    turns: int
    confirmed: int
    flags: int
    heard: int


def summary_of(sheet: Sheet, heard: Spans) -> Summary:
    printed = [entry for entry in sheet.entries if _is_printed(entry)]
    length = sum(max(0, end - start) for start, end in map(_times, printed))
    covered = sum(_covered(heard, *_times(entry)) for entry in printed)
    return Summary(
        duration_ms=sheet.draft.duration_ms,
        turns=len(printed),
        confirmed=sum(entry.confirmed for entry in printed),
        flags=sum(_is_flagged(entry) for entry in sheet.entries if not entry.confirmed and entry.within is None),
        heard=round(100 * covered / length) if length else 0,
    )


class Summaries:
    """Of all meetings of a library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def all(self) -> dict[str, Summary]:
        with self._library.database.reading() as session:
            rows = session.execute(sa.select(SummaryRow.meeting_id, SummaryRow.figures)).all()
        return {meeting_id: Summary.model_validate_json(figures) for meeting_id, figures in rows}

    def renew_one(self, desk_of: Callable[[str], Desk]) -> str | None:
        """Make one that is missing or out of date; which, or None when all are as they should be."""
        edits = sa.select(EditRow.meeting_id, sa.func.max(EditRow.number).label("last")).group_by(EditRow.meeting_id)
        last = edits.subquery()
        wanted = (
            sa.select(MeetingRow.id)
            .outerjoin(last, last.c.meeting_id == MeetingRow.id)
            .outerjoin(SummaryRow, SummaryRow.meeting_id == MeetingRow.id)
            .where(MeetingRow.state.in_(_DRAFTED))
            .where(sa.or_(SummaryRow.edits.is_(None), SummaryRow.edits < sa.func.coalesce(last.c.last, 0)))
        )
        with self._library.database.reading() as session:
            meeting_id = session.scalars(wanted.limit(1)).first()
        if meeting_id is not None:
            self._renew(meeting_id, desk_of(meeting_id))
        return meeting_id

    def _renew(self, meeting_id: str, desk: Desk) -> None:
        heard = Notes(self._library, meeting_id).heard()
        with desk.lock:
            figures, edits = summary_of(desk.fold.sheet, heard), desk.fold.number
        with self._library.database.writing() as session:
            session.merge(SummaryRow(meeting_id=meeting_id, edits=edits, figures=figures.model_dump_json()))


def _is_printed(entry: Entry) -> bool:
    block = entry.block
    return isinstance(block, Speech) and entry.within is None and any(s.text for p in block.paragraphs for s in p)


def _is_flagged(entry: Entry) -> bool:
    match entry.block:
        case Speech():
            return entry.block.flagged
        case Decision():
            return entry.block.inferred
    return isinstance(entry.block, Inaudible)


def _times(entry: Entry) -> tuple[int, int]:
    assert isinstance(entry.block, Speech)
    return entry.block.start_ms, entry.block.end_ms


def _covered(spans: Sequence[tuple[int, int]], start: int, end: int) -> int:
    return sum(max(0, min(end, b) - max(start, a)) for a, b in spans)
