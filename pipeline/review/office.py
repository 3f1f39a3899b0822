"""What all pages share: the library, the desks that are open, and the news that goes to open pages."""

import secrets
import threading
from collections import OrderedDict
from contextlib import suppress
from typing import Any

from pipeline.editing.desk import Desk, Submission
from pipeline.errors import KaigirokuError, LibraryError
from pipeline.records.edits import Cast, Edit, Front, Restore, SetFront, Undo
from pipeline.records.meeting import Meeting
from pipeline.review.drafting import Drafting
from pipeline.review.hub import Hub
from pipeline.review.seats import Seat, Seats
from pipeline.review.settings import ReviewSettings
from pipeline.review.summary import Summaries
from pipeline.review.uploads import Uploads
from pipeline.review.views import change_views
from pipeline.store import queue
from pipeline.store.library import Library
from pipeline.store.tables.jobs import OPEN
from pipeline.store.tables.meetings import State

JOBS = "jobs"
"""The channel of what happens to meetings as a whole."""
_DESKS = 8
"""Kept open without anybody at them."""


class Closed(Exception):
    """The minutes are final: they change only after an approver has opened them again."""


class Office:
    """One per server. Its methods may be called from any thread."""

    def __init__(self, library: Library, settings: ReviewSettings) -> None:
        self.library = library
        self.settings = settings
        self.hub = Hub()
        self.seats = Seats()
        self.summaries = Summaries(library)
        self.uploads = Uploads(library.folder / "uploads", settings.upload_limit)
        self.drafting = Drafting(library, settings.drafts)
        self._lock = threading.RLock()
        self._desks: OrderedDict[str, Desk] = OrderedDict()
        self._told: dict[str, int] = {}
        """Meeting → number of the last edit that open pages were told."""
        self._newer: dict[str, int | None] = {}
        """Meeting → the draft of the machine's that open pages were told is not taken yet."""
        self._jobs: dict[str, object] = {}
        """Meeting → how its draft was last told to be."""
        self._trouble: str | None = None
        """Why no draft can be made, as it was last told."""

    def desk(self, meeting_id: str) -> Desk:
        """Raises LibraryError when there is no such meeting or it has no draft yet."""
        with self._lock:
            desk = self._desks.get(meeting_id)
            if desk is None:
                self.library.meeting(meeting_id)
                desk = self._opened(meeting_id)
                self._desks[meeting_id] = desk
                self._told[meeting_id] = desk.fold.number
            self._desks.move_to_end(meeting_id)
            self._close_idle()
        return desk

    def submit(self, meeting_id: str, given: Submission, author: str) -> Edit:
        """Enter an edit and tell everybody. What was found right and is edited again is under correction again. Raises
        Closed, and as `Desk.submit`."""
        state = self._open_state(meeting_id)
        edit = self.desk(meeting_id).submit(given, author)
        if state in (State.DRAFT, State.CHECKED):
            self.set_state(meeting_id, State.CORRECTING)
        self.tell(meeting_id)
        if self._changes_roles(meeting_id, edit):
            threading.Thread(target=self._recast, args=(meeting_id,), daemon=True).start()
        return edit

    def _open_state(self, meeting_id: str) -> State:
        """The meeting's state. Raises Closed when its minutes are final."""
        state = self.library.meeting(meeting_id).state
        if state is State.FINAL:
            raise Closed
        return state

    def _changes_roles(self, meeting_id: str, edit: Edit) -> bool:
        """Whether a person set a role, or took that back."""
        edits = [edit, *(self.desk(meeting_id).edit(n) for o in edit.operations if isinstance(o, Undo) for n in o.of)]
        return any(isinstance(operation, (Cast, Restore)) for each in edits for operation in each.operations)

    def _recast(self, meeting_id: str) -> None:
        """What follows for other turns from the roles people set: it takes a second or two, so nobody waits for it."""
        from pipeline.run.recast import recast  # brings numpy and the dictionary: not before somebody needs them

        with suppress(KaigirokuError):  # a busy database: the next correction infers it all again
            if recast(self.desk(meeting_id)) is not None:
                self.tell(meeting_id)

    def remove(self, meeting_id: str) -> None:
        """Delete a meeting for good. Pages that have it open come again, and are told."""
        self.library.remove(meeting_id)
        with self._lock:
            self._desks.pop(meeting_id, None)
        self.hub.close()
        self.tell_meeting(meeting_id)

    def set_state(self, meeting_id: str, state: State) -> None:
        self.library.change(meeting_id, state=state)
        self.tell_meeting(meeting_id)
        self.hub.publish(meeting_id, {"type": "state", "state": state})

    def set_fields(self, meeting_id: str, fields: Meeting, author: str) -> None:
        """Set what is known of a meeting; where it has minutes, their form too, as an edit. Raises Closed."""
        self._open_state(meeting_id)
        self.library.change(meeting_id, fields=fields)
        try:
            desk = self.desk(meeting_id)
        except LibraryError:
            desk = None
        if desk is not None and (front := _front(desk.fold.sheet.front, fields)) != desk.fold.sheet.front:
            key = f"fields-{secrets.token_hex(8)}"
            self.submit(meeting_id, Submission(key=key, operations=(SetFront(front=front),)), author)
        self.tell_meeting(meeting_id)

    def tell(self, meeting_id: str) -> None:
        """Send open pages what was edited since they were last told, by this server or by other programs."""
        desk = self.desk(meeting_id)
        desk.refresh()
        with self._lock:
            first, last = self._told[meeting_id] + 1, desk.fold.number
            self._told[meeting_id] = max(last, first - 1)
            for number in range(first, last + 1):
                self.hub.publish(meeting_id, edit_event(desk, number))

    def tell_meeting(self, meeting_id: str) -> None:
        """Send open lists that something about a meeting changed."""
        self.hub.publish(JOBS, {"type": "meeting", "id": meeting_id})

    def take_seat(self, meeting_id: str, seat: Seat) -> None:
        if self.seats.take(meeting_id, seat):
            self._tell_seats(meeting_id)

    def leave(self, meeting_id: str, client: str) -> None:
        if self.seats.leave(meeting_id, client):
            self._tell_seats(meeting_id)

    def look(self) -> None:
        """Now and then: see that drafts are made, and tell what happened elsewhere. Never raises KaigirokuError: what
        is in trouble is told where somebody does something."""
        for step in (self._look_at_jobs, self._look_at_summaries):
            try:
                step()
            except KaigirokuError:
                continue
        for channel in self.hub.channels():
            if channel != JOBS:
                try:
                    self._look_at_minutes(channel)
                except KaigirokuError:
                    continue

    def close(self) -> None:
        self.hub.close()
        self.drafting.close()

    def _opened(self, meeting_id: str) -> Desk:
        """Minutes that nobody has touched begin with the latest draft."""
        desk = Desk(self.library, meeting_id)
        newer = desk.newer_draft()
        if newer is not None and desk.fold.number == 0:
            desk.adopt(newer, "")
        return desk

    def _close_idle(self) -> None:
        busy = set(self.hub.channels())
        idle = [meeting_id for meeting_id in self._desks if meeting_id not in busy]
        for meeting_id in idle[: max(0, len(self._desks) - _DESKS)]:
            del self._desks[meeting_id]

    def _look_at_jobs(self) -> None:
        if self.settings.draft_here:
            self.drafting.ensure()
        now: dict[str, object] = {
            job.meeting_id: (job.state, tuple(job.progress.items())) for job in queue.jobs(self.library, OPEN)
        }
        for meeting_id in {*now, *self._jobs}:
            if now.get(meeting_id) != self._jobs.get(meeting_id):
                self.tell_meeting(meeting_id)
        self._jobs = now
        trouble = self.drafting.trouble
        said = trouble.said if trouble else None
        if said != self._trouble:
            self._trouble = said
            self.hub.publish(JOBS, {"type": "drafting"})

    def _look_at_summaries(self) -> None:
        renewed = self.summaries.renew_one(self.desk)
        if renewed is not None:
            self.tell_meeting(renewed)

    def _look_at_minutes(self, meeting_id: str) -> None:
        self.tell(meeting_id)
        newer = self.desk(meeting_id).newer_draft()
        if newer != self._newer.get(meeting_id):
            self._newer[meeting_id] = newer
            self.hub.publish(meeting_id, {"type": "draft", "number": newer})

    def _tell_seats(self, meeting_id: str) -> None:
        seats = [seat.model_dump() for seat in self.seats.of(meeting_id)]
        self.hub.publish(meeting_id, {"type": "seats", "seats": seats})


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


def _front(now: Front, fields: Meeting) -> Front:
    """The form's fields with what the meeting's fields say; a closing time left empty stays estimated."""
    update = {name: getattr(fields, name) for name in Front.model_fields if name in Meeting.model_fields}
    if fields.closes is None and now.closes_estimated:
        del update["closes"]
    elif fields.closes is not None:
        update["closes_estimated"] = False
    return now.model_copy(update=update)
