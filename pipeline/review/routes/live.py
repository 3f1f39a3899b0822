"""News for open pages (server-sent events), who sits where, comments, what was heard and the time spent."""

import datetime
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response, StreamingResponse
from pydantic import Field
from pydantic_core import to_json

from pipeline.records.base import Milliseconds, Record
from pipeline.records.edits import Id, Typed
from pipeline.review.bodies import LARGEST, Number, json_body
from pipeline.review.guard import Allowed, Asking, TheOffice
from pipeline.review.hub import events
from pipeline.review.office import Office, edit_event
from pipeline.review.replies import json, stream_of
from pipeline.review.routes.editing import comment_view
from pipeline.review.seats import Seat
from pipeline.store.notes import Notes

router = APIRouter(prefix="/api/meetings/{meeting_id}")
Moment = Annotated[Milliseconds, Field(le=LARGEST)]


class SeatRequest(Record):
    client: Id
    turn: str | None = Field(default=None, max_length=64)


class CommentRequest(Record):
    block: Id
    start_ms: Moment
    quote: Annotated[Typed, Field(max_length=500)] = ""
    text: Annotated[Typed, Field(min_length=1, max_length=5000)]


class Resolution(Record):
    resolved: bool


class Activity(Record):
    """Since it was last told: what was played, and for how many seconds somebody worked."""

    heard: tuple[tuple[Moment, Moment], ...] = Field(default=(), max_length=1000)
    seconds: int = Field(default=0, ge=0, le=120)


@router.get("/events")
async def news(
    meeting_id: Allowed, office: TheOffice, client: Annotated[str, Query(max_length=64)], after: Number
) -> StreamingResponse:
    """Every edit with a higher number than after, and everything else that happens from now on."""
    office.desk(meeting_id)  # raises before the answer begins
    return stream_of(_stream(office, meeting_id, client, after))


async def _stream(office: Office, meeting_id: str, client: str, after: int) -> AsyncIterator[bytes]:
    desk = office.desk(meeting_id)
    with office.hub.listening(meeting_id) as listener:
        last = desk.fold.number
        for number in range(after + 1, last + 1):
            yield _event(edit_event(desk, number))
        yield _event({"type": "seats", "seats": [each.model_dump() for each in office.seats.of(meeting_id)]})
        try:
            async for event in events(listener):
                if event.get("type") != "edit" or event["number"] > last:
                    yield _event(event)
        finally:
            office.leave(meeting_id, client)


def _event(event: dict[str, object]) -> bytes:
    """An empty event is a comment, which keeps the line open."""
    return b"data: " + to_json(event) + b"\n\n" if event else b":\n\n"


@router.post("/seat", status_code=204)
def seat(
    meeting_id: Allowed, given: Annotated[SeatRequest, json_body(SeatRequest)], person: Asking, office: TheOffice
) -> None:
    office.take_seat(meeting_id, Seat(client=given.client, name=person.shown, turn=given.turn))


@router.post("/comments")
def comment(
    meeting_id: Allowed, given: Annotated[CommentRequest, json_body(CommentRequest)], person: Asking, office: TheOffice
) -> Response:
    notes = Notes(office.library, meeting_id)
    row = notes.comment(given.block, given.start_ms, given.quote, given.text, person.name)
    office.hub.publish(meeting_id, {"type": "comment", "comment": comment_view(row)})
    return json(comment_view(row))


@router.post("/comments/{comment_id}")
def resolve(
    meeting_id: Allowed,
    comment_id: Annotated[int, Path(ge=1, le=LARGEST)],
    given: Annotated[Resolution, json_body(Resolution)],
    person: Asking,
    office: TheOffice,
) -> Response:
    row = Notes(office.library, meeting_id).resolve(comment_id, person.shown or "済" if given.resolved else None)
    office.hub.publish(meeting_id, {"type": "comment", "comment": comment_view(row)})
    return json(comment_view(row))


@router.post("/activity", status_code=204)
def activity(
    meeting_id: Allowed, given: Annotated[Activity, json_body(Activity)], person: Asking, office: TheOffice
) -> None:
    notes = Notes(office.library, meeting_id)
    if given.heard:
        notes.hear(person.name, given.heard)
    if given.seconds:
        notes.work(person.name, datetime.date.today(), given.seconds)  # the day as people count it
