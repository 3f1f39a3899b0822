"""What all pages share: the library, the desks that are open, who sits at them, and the news for open pages."""

import threading
import time
from contextlib import suppress
from typing import Any

from pipeline.editing.desk import Desk, Submission
from pipeline.errors import KaigirokuError
from pipeline.records.base import Record
from pipeline.records.edits import Edit
from pipeline.review.hub import Hub
from pipeline.review.settings import ReviewSettings
from pipeline.review.views import change_views
from pipeline.store.library import Library
from pipeline.store.tables.meetings import State

_OF_ROLES = frozenset(("cast", "undo", "restore"))
_GONE_S = 40.0
"""A page that has not said for so long that it is open is closed."""


class Seat(Record):
    """An open editor: who, and in which turn the cursor is."""

    client: str
    name: str
    turn: str | None = None


class Office:
    """One per server. Its methods may be called from any thread."""

    def __init__(self, library: Library, settings: ReviewSettings) -> None:
        self.library = library
        self.settings = settings
        self.hub = Hub()
        self._lock = threading.Lock()
        self._desks: dict[str, Desk] = {}
        self._told: dict[str, int] = {}
        """Meeting → number of the last edit that open pages were told."""
        self._seats: dict[str, dict[str, tuple[Seat, float]]] = {}

    def desk(self, meeting_id: str) -> Desk:
        """Raises LibraryError when there is no such meeting or it has no draft yet."""
        with self._lock:
            desk = self._desks.get(meeting_id)
        if desk is None:
            self.library.meeting(meeting_id)
            made = Desk(self.library, meeting_id)
            with self._lock:
                desk = self._desks.setdefault(meeting_id, made)
                self._told.setdefault(meeting_id, desk.fold.number)
        return desk

    def submit(self, meeting_id: str, given: Submission, author: str) -> Edit:
        """Enter an edit and tell everybody. Raises as `Desk.submit`."""
        edit = self.desk(meeting_id).submit(given, author)
        if self.library.meeting(meeting_id).state is State.DRAFT:
            self.library.change(meeting_id, state=State.CORRECTING)
            self.hub.publish("jobs", {"type": "meeting", "id": meeting_id})
        self.tell(meeting_id)
        if any(operation.op in _OF_ROLES for operation in edit.operations):
            threading.Thread(target=self._recast, args=(meeting_id,), daemon=True).start()
        return edit

    def _recast(self, meeting_id: str) -> None:
        """What follows for other turns from the roles people set: it takes a second or two, so nobody waits for it."""
        from pipeline.run.recast import recast  # brings numpy and the dictionary: not before somebody needs them

        with suppress(KaigirokuError):  # a busy database: the next correction infers it all again
            if recast(self.desk(meeting_id)) is not None:
                self.tell(meeting_id)

    def tell(self, meeting_id: str) -> None:
        """Send open pages what was edited since they were last told, by this server or by other programs."""
        desk = self.desk(meeting_id)
        desk.refresh()
        with self._lock:
            first, last = self._told[meeting_id] + 1, desk.fold.number
            self._told[meeting_id] = max(last, first - 1)
            for number in range(first, last + 1):
                self.hub.publish(meeting_id, edit_event(desk, number))

    def take_seat(self, meeting_id: str, seat: Seat) -> None:
        """Somebody is in this turn now, or still."""
        with self._lock:
            seats = self._seats.setdefault(meeting_id, {})
            before = {each for each, _ in seats.values()}
            seats[seat.client] = (seat, time.monotonic())
            changed = self._drop_gone(meeting_id) or seat not in before
        if changed:
            self.hub.publish(meeting_id, {"type": "seats", "seats": self.seats(meeting_id)})

    def leave(self, meeting_id: str, client: str) -> None:
        with self._lock:
            left = self._seats.get(meeting_id, {}).pop(client, None)
        if left is not None:
            self.hub.publish(meeting_id, {"type": "seats", "seats": self.seats(meeting_id)})

    def seats(self, meeting_id: str) -> list[dict[str, Any]]:
        with self._lock:
            self._drop_gone(meeting_id)
            return [seat.model_dump() for seat, _ in self._seats.get(meeting_id, {}).values()]

    def _drop_gone(self, meeting_id: str) -> bool:
        seats = self._seats.get(meeting_id, {})
        gone = [client for client, (_, seen) in seats.items() if time.monotonic() - seen > _GONE_S]
        for client in gone:
            del seats[client]
        return bool(gone)


def edit_event(desk: Desk, number: int) -> dict[str, Any]:
    """What a page needs to repeat an edit."""
    edit = desk.edit(number)
    return {
        "type": "edit",
        "number": number,
        "key": edit.key,
        "author": edit.author,
        "at": edit.at.isoformat(),
        "changes": change_views(desk.changes(number)),
    }
