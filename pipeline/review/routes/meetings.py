"""The list of meetings: new ones with their recording and fields, drafts asked for and called off, states."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import Field
from pydantic_core import to_json

from pipeline.errors import KaigirokuError, UsageError
from pipeline.records.base import Record
from pipeline.review.bodies import json_body
from pipeline.review.drafting import Trouble
from pipeline.review.forms import Line, MeetingForm, Mistakes, form_of, meeting_of
from pipeline.review.guard import Allowed, Approver, Asking, TheOffice, ThePeople, asking
from pipeline.review.hub import events
from pipeline.review.messages import no_draft, said
from pipeline.review.office import Office
from pipeline.review.replies import json, stream_of
from pipeline.review.summary import Summary
from pipeline.review.uploads import PIECE
from pipeline.store import queue
from pipeline.store.tables.jobs import OPEN, JobRow
from pipeline.store.tables.meetings import MeetingRow, State
from pipeline.store.tables.people import Rank

router = APIRouter(prefix="/api", dependencies=[Depends(asking)])


class UploadRequest(Record):
    name: Line
    size: int = Field(ge=0)


class UploadedFile(Record):
    token: Line
    name: Line


class NewMeeting(Record):
    """files: uploads that are finished, in the order of the recording."""

    form: MeetingForm
    files: tuple[UploadedFile, ...] = Field(min_length=1, max_length=50)
    draft: bool = True


class StateRequest(Record):
    state: Line


GivenUpload = Annotated[UploadRequest, json_body(UploadRequest)]
GivenMeeting = Annotated[NewMeeting, json_body(NewMeeting)]
GivenForm = Annotated[MeetingForm, json_body(MeetingForm)]
GivenState = Annotated[StateRequest, json_body(StateRequest)]


@router.get("/meetings")
def meetings(person: Asking, office: TheOffice, people: ThePeople) -> Response:
    hidden = frozenset() if person.may_as(Rank.ADMINISTRATOR) else people.hidden_from(person.name)
    summaries = office.summaries.all()
    jobs = {job.meeting_id: job for job in queue.jobs(office.library)}
    ahead = {job.meeting_id: number for number, job in enumerate(j for j in jobs.values() if j.state in OPEN)}
    rows = [row for row in office.library.meetings() if row.id not in hidden]
    restricted = people.restricted()
    views = [
        row_view(row, jobs.get(row.id), ahead.get(row.id, 0), summaries.get(row.id))
        | {"restricted": row.id in restricted}
        for row in rows
    ]
    return json({"meetings": views, "trouble": trouble_view(office.drafting.trouble)})


@router.post("/drafting", status_code=204)
def try_again(office: TheOffice) -> None:
    """Try at once to make the drafts that wait."""
    if office.settings.draft_here:
        office.drafting.ensure(at_once=True)


@router.get("/events")
async def news(person: Asking, office: TheOffice, people: ThePeople) -> StreamingResponse:
    """Every meeting whose state or progress changes."""
    hidden = frozenset() if person.may_as(Rank.ADMINISTRATOR) else people.hidden_from(person.name)
    return stream_of(_stream(office, hidden))


async def _stream(office: Office, hidden: frozenset[str]) -> AsyncIterator[bytes]:
    with office.hub.listening("jobs") as listener:
        yield b":\n\n"
        async for event in events(listener):
            if event.get("id") not in hidden:
                yield b"data: " + to_json(event) + b"\n\n" if event else b":\n\n"


@router.post("/uploads")
def begin(given: GivenUpload, office: TheOffice) -> Response:
    limit = office.settings.upload_limit
    if given.size > limit:
        raise HTTPException(413, f"録音ファイルが大きすぎます(上限 {limit >> 20:,} MB)。")
    return json({"token": office.uploads.begin(given.size), "piece": PIECE})


@router.put("/uploads/{token}")
async def piece(token: str, at: Annotated[int, Query(ge=0)], request: Request, office: TheOffice) -> Response:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > PIECE:
            raise HTTPException(413, "送られた内容が大きすぎます。")
    return json({"size": office.uploads.put(token, at, bytes(data))})


@router.post("/meetings")
def create(given: GivenMeeting, person: Asking, office: TheOffice, people: ThePeople) -> Response:
    """Enter a meeting; its draft begins at once unless told otherwise."""
    fields = _checked(given.form)
    paths = [(_finished(office, file), file.name or "録音") for file in given.files]
    row = office.library.add(fields, paths)
    for file in given.files:
        office.uploads.drop(file.token)
    people.note(person.name, "meeting-added", meeting_id=row.id, detail=fields.name or "")
    if given.draft:
        _enqueue(office, row.id)
    return json({"id": row.id}, 201)


@router.post("/meetings/check")
def check(given: GivenForm) -> Response:
    """Whether the fields are right, before a long upload. 422 with every mistake."""
    _checked(given)
    return json({})


@router.get("/meetings/{meeting_id}/form")
def form(meeting_id: Allowed, office: TheOffice) -> Response:
    return json(form_of(office.library.meeting(meeting_id).fields).model_dump())


@router.put("/meetings/{meeting_id}/form")
def fill(meeting_id: Allowed, given: GivenForm, person: Asking, office: TheOffice, people: ThePeople) -> Response:
    """Set the fields: of the meeting, and as an edit of its minutes where they exist."""
    office.set_fields(meeting_id, _checked(given), person.name)
    people.note(person.name, "fields", meeting_id=meeting_id)
    return json({})


@router.post("/meetings/{meeting_id}/draft")
def draft(meeting_id: Allowed, person: Asking, office: TheOffice, people: ThePeople) -> Response:
    """Ask for a draft, also for another one: what people corrected stays."""
    people.note(person.name, "draft-asked", meeting_id=meeting_id)
    _enqueue(office, meeting_id)
    return json({}, 202)


@router.post("/meetings/{meeting_id}/cancel")
def cancel(meeting_id: Allowed, person: Asking, office: TheOffice, people: ThePeople) -> Response:
    job = queue.job_of(office.library, meeting_id)
    if job is not None and job.state in OPEN:
        queue.cancel(office.library, job.id)
        people.note(person.name, "draft-cancelled", meeting_id=meeting_id)
        office.tell_meeting(meeting_id)
    return json({})


@router.post("/meetings/{meeting_id}/state")
def set_state(
    meeting_id: Allowed,
    person: Approver,
    given: GivenState,
    office: TheOffice,
    people: ThePeople,
) -> Response:
    """Move the minutes on (correcting → checked → final) or back: an approver does, without accounts anybody."""
    now = office.library.meeting(meeting_id).state
    if given.state not in (State.CORRECTING, State.CHECKED, State.FINAL):
        raise HTTPException(422, "その状態にはできません。")
    if now in (State.WAITING, State.RUNNING, State.FAILED):
        raise HTTPException(409, "下書きができてから変えられます。")
    office.set_state(meeting_id, State(given.state))
    people.note(person.name, "state", meeting_id=meeting_id, detail=f"{now} → {given.state}")
    return json({"state": given.state})


def _finished(office: Office, file: UploadedFile) -> Path:
    """An upload that holds a recording. Raises UsageError when there is no such upload, and HTTPException naming the
    file when it is no recording."""
    try:
        return office.uploads.finished(file.token)
    except UsageError:
        raise
    except KaigirokuError as error:
        status, text = said(error)
        raise HTTPException(status, {"mistakes": {"files": f"「{file.name}」：{text}"}}) from None


def _checked(form: MeetingForm) -> Any:
    try:
        return meeting_of(form)
    except Mistakes as mistakes:
        raise HTTPException(422, {"mistakes": mistakes.found}) from None


def _enqueue(office: Office, meeting_id: str) -> None:
    queue.enqueue(office.library, meeting_id, office.settings.drafts, queue.URGENT)
    if office.settings.draft_here:
        office.drafting.ensure(at_once=True)
    office.tell_meeting(meeting_id)


def row_view(row: MeetingRow, job: JobRow | None, ahead: int, summary: Summary | None) -> dict[str, Any]:
    """A meeting as the list shows it. ahead: how many drafts come before its own."""
    return {
        "id": row.id,
        "state": row.state,
        "name": row.fields.name,
        "secretariat": row.fields.secretariat,
        "date": row.fields.date.isoformat() if row.fields.date else None,
        "created": row.created_at.isoformat(),
        "changed": row.changed_at.isoformat(),
        "files": [source.name for source in row.sources],
        "job": job_view(job, ahead) if job else None,
        "summary": summary.model_dump() if summary else None,
    }


def job_view(job: JobRow, ahead: int) -> dict[str, Any]:
    failure = job.failure
    told = {"text": no_draft(failure.kind), "cause": failure.cause} if failure else None
    return {"state": job.state, "ahead": ahead, "progress": job.progress, "failure": told}


def trouble_view(trouble: Trouble | None) -> dict[str, Any] | None:
    """Why no draft can be made at all: for the clerk, and in the machine's words for who keeps it."""
    if trouble is None:
        return None
    return {"text": no_draft(trouble.kind), "said": trouble.said, "againS": trouble.again_s}
