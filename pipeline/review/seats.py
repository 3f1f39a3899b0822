"""Who has which minutes open, and in which turn the cursor is: kept in memory, forgotten when a page falls silent."""

import threading
import time

from pipeline.records.base import Record

_GONE_S = 40.0


class Seat(Record):
    """An open editor."""

    client: str
    name: str
    turn: str | None = None


class Seats:
    """Of all meetings. May be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: dict[str, dict[str, tuple[Seat, float]]] = {}

    def take(self, meeting_id: str, seat: Seat) -> bool:
        """Somebody is there now, or still. Whether anything changed."""
        with self._lock:
            taken = self._taken.setdefault(meeting_id, {})
            changed = seat.client not in taken or taken[seat.client][0] != seat
            taken[seat.client] = (seat, time.monotonic())
            return self._drop_silent(meeting_id) or changed

    def leave(self, meeting_id: str, client: str) -> bool:
        """Whether it was taken."""
        with self._lock:
            return self._taken.get(meeting_id, {}).pop(client, None) is not None

    def of(self, meeting_id: str) -> list[Seat]:
        with self._lock:
            self._drop_silent(meeting_id)
            return [seat for seat, _ in self._taken.get(meeting_id, {}).values()]

    def _drop_silent(self, meeting_id: str) -> bool:
        taken = self._taken.get(meeting_id, {})
        gone = [client for client, (_, heard) in taken.items() if time.monotonic() - heard > _GONE_S]
        for client in gone:
            del taken[client]
        return bool(gone)
