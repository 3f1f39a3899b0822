"""The journal of one meeting's edits in the database, and the drafts below it; it does not know what an edit does."""

import zlib

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pipeline.errors import LibraryError
from pipeline.records.edits import Edit
from pipeline.records.minutes import Minutes
from pipeline.store.artifacts import artifact_key_of, read_artifact
from pipeline.store.library import Library
from pipeline.store.tables.edits import BaseRow, EditRow


class Journal:
    """Reads and appends. What `append` was given is on the disk when its transaction ends."""

    def __init__(self, library: Library, meeting_id: str) -> None:
        self._library = library
        self.meeting_id = meeting_id
        self._taken: tuple[int, Minutes] | None = None
        """The draft taken last, until somebody asks for it: reading a long one takes a while."""

    def edits(self, session: Session, after: int = 0) -> list[Edit]:
        """The edits with higher numbers than after, in order."""
        wanted = sa.select(EditRow).where(EditRow.meeting_id == self.meeting_id, EditRow.number > after)
        return [_edit(row) for row in session.scalars(wanted.order_by(EditRow.number))]

    def with_key(self, session: Session, key: str) -> Edit | None:
        """The edit that was delivered under this key before."""
        wanted = sa.select(EditRow).where(EditRow.meeting_id == self.meeting_id, EditRow.key == key)
        row = session.scalars(wanted).first()
        return None if row is None else _edit(row)

    def append(self, session: Session, edit: Edit) -> None:
        fields = {name: getattr(edit, name) for name in ("number", "key", "author", "at", "group", "operations")}
        session.add(EditRow(meeting_id=self.meeting_id, **fields))

    def base(self, number: int) -> Minutes:
        """A draft as it was adopted. Raises LibraryError when there is none."""
        taken, self._taken = self._taken, None
        if taken is not None and taken[0] == number:
            return taken[1]
        with self._library.database.reading() as session:
            row = session.get(BaseRow, (self.meeting_id, number))
        if row is None:
            raise LibraryError(f"{self.meeting_id}: has no draft {number} yet.", "Make its draft first.")
        return Minutes.model_validate_json(zlib.decompress(row.minutes))

    def take_draft(self) -> int | None:
        """Number of the machine's latest draft, kept from now on; None while there is none.

        The draft is the artifact of the last stage, not minutes.json, which people may have changed.
        """
        path = self._library.workspace(self.meeting_id).artifact("compose")
        key = artifact_key_of(path)
        with self._library.database.reading() as session:
            known = session.execute(_bases(self.meeting_id)).all()
        if key is None or (known and known[-1].key == key):
            return known[-1].number if known else None
        found = read_artifact(path, key, Minutes)
        if found is None:  # it was replaced at this very moment: the next look finds it
            return known[-1].number if known else None
        data = zlib.compress(found.model_dump_json().encode(), level=3)
        with self._library.database.writing() as session:
            known = session.execute(_bases(self.meeting_id)).all()
            if known and known[-1].key == key:
                return int(known[-1].number)
            number = len(known) + 1
            session.add(BaseRow(meeting_id=self.meeting_id, number=number, key=key, minutes=data))
        self._taken = number, found
        return number


def _bases(meeting_id: str) -> sa.Select[int, str]:
    return sa.select(BaseRow.number, BaseRow.key).where(BaseRow.meeting_id == meeting_id).order_by(BaseRow.number)


def _edit(row: EditRow) -> Edit:
    return Edit(
        number=row.number, key=row.key, author=row.author, at=row.at, group=row.group, operations=row.operations
    )
