"""One meeting under correction: the fold of its journal kept in step with the database, and edits entered whole, once,
and only on what their author has seen."""

import secrets
import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache

from pipeline.editing.fold import Fold
from pipeline.editing.sheet import Change
from pipeline.errors import EditError, LibraryError
from pipeline.records.base import Record
from pipeline.records.edits import Adopt, Edit, Id, Operation
from pipeline.records.minutes import Minutes
from pipeline.store.journal import Journal
from pipeline.store.library import Library
from pipeline.store.tables.base import now


class StaleEdit(EditError):
    """Somebody else changed, in the meantime, what this edit touches. ids: which turns."""

    def __init__(self, ids: tuple[str, ...]) -> None:
        super().__init__("Somebody changed these turns in the meantime.", "Look at both texts and choose.")
        self.ids = ids


class Submission(Record):
    """An edit on its way. seen: the version of everything it touches; None: whatever it is (a program's edit)."""

    key: Id
    operations: tuple[Operation, ...]
    seen: Mapping[str, int] | None = None
    group: str = ""


class Desk:
    """Opening one takes the machine's draft as the base. Its methods may be called from any thread."""

    def __init__(self, library: Library, meeting_id: str) -> None:
        """Raises LibraryError when the meeting has no draft yet."""
        self._library = library
        self._journal = Journal(library, meeting_id)
        self.lock = threading.RLock()
        """Held by whoever looks at the fold."""
        if self._journal.take_draft() is None:
            raise LibraryError(f"{meeting_id}: has no draft yet.", "Make its draft first.")
        self._base = lru_cache(maxsize=2)(self._journal.base)
        self.fold = Fold(self._base)
        self.refresh()

    def refresh(self) -> tuple[Edit, ...]:
        """Take in what other programs entered; returns it."""
        with self.lock, self._library.database.reading() as session:
            new = self._journal.edits(session, after=self.fold.number)
            for edit in new:
                self.fold.apply(edit)
        return tuple(new)

    def minutes(self) -> Minutes:
        """The corrected minutes as they are now."""
        with self.lock:
            return self.fold.minutes()

    def changes(self, number: int) -> tuple[Change, ...]:
        """What an edit changed."""
        with self.lock:
            return self.fold.changes(number)

    def edit(self, number: int) -> Edit:
        """An edit by its number."""
        with self.lock:
            return self.fold.edits[number - 1]

    def submit(self, given: Submission, author: str) -> Edit:
        """Enter an edit; it is on the disk when this returns. The same key twice is entered once.

        Raises StaleEdit when what it touches is not as it was seen, EditError when it does not fit; nothing is entered
        then. Raises DiskFullError, BusyError or DatabaseError when it cannot be kept.
        """
        with self.lock:
            try:
                with self._library.database.writing() as session:
                    for edit in self._journal.edits(session, after=self.fold.number):
                        self.fold.apply(edit)
                    before = self._journal.with_key(session, given.key)
                    if before is not None:
                        return before
                    edit = self._checked(given, author)
                    self._journal.append(session, edit)
                    session.flush()
                    self.fold.apply(edit)
            except Exception:
                self._catch_up()
                raise
        return edit

    def newer_draft(self) -> int | None:
        """Number of a draft that the machine made since; None when the latest lies below already."""
        latest = self._journal.take_draft()
        with self.lock:
            return latest if latest is not None and latest != self.fold.sheet.base else None

    def adopt(self, base: int, author: str) -> Edit:
        """Go on with this draft."""
        return self.submit(Submission(key=f"adopt-{secrets.token_hex(8)}", operations=(Adopt(base=base),)), author)

    def _checked(self, given: Submission, author: str) -> Edit:
        if given.seen is not None and (stale := self.fold.stale(given.operations, given.seen)):
            raise StaleEdit(stale)
        return Edit(
            number=self.fold.number + 1,
            key=given.key,
            author=author,
            at=now(),
            group=given.group,
            operations=tuple(given.operations),
        )

    def _catch_up(self) -> None:
        """After a transaction that failed the fold may be ahead of the database: fold again what is really there."""
        with self._library.database.reading() as session:
            edits: Sequence[Edit] = self._journal.edits(session)
        if len(edits) < self.fold.number:
            fold = Fold(self._base)
            for edit in edits:
                fold.apply(edit)
            self.fold = fold


def corrected(library: Library, meeting_id: str) -> Minutes:
    """The minutes of a meeting as people left them; the draft when nobody touched it. Raises LibraryError."""
    return Desk(library, meeting_id).minutes()
