"""The list of meetings: new ones with their recording and fields, states, and meetings that are to go."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import Field
from pydantic_core import to_json

from pipeline.errors import KaigirokuError, UsageError
from pipeline.records.base import Record
from pipeline.review.bodies import json_body
from pipeline.review.forms import Line, MeetingForm, Mistakes, form_of, meeting_of
from pipeline.review.guard import Allowed, Approver, Asking, TheOffice, ThePeople, asking, hidden_from
from pipeline.review.hub import events
from pipeline.review.messages import said
from pipeline.review.office import Office
from pipeline.review.replies import json, stream_of
from pipeline.review.routes.drafts import ask_for_draft, job_view, trouble_view
from pipeline.review.summary import Summary
from pipeline.review.uploads import PIECE
from pipeline.store import queue
from pipeline.store.tables.jobs import OPEN, JobRow, JobState
from pipeline.store.tables.meetings import MeetingRow, State

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
    hidden = hidden_from(person, people)
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
    trouble = trouble_view(office.drafting.trouble)
    return json({"meetings": views, "trouble": trouble, "here": office.settings.draft_here})


@router.get("/events")
async def news(person: Asking, office: TheOffice, people: ThePeople) -> StreamingResponse:
    """Every meeting whose state or progress changes."""
    return stream_of(_stream(office, hidden_from(person, people)))


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
    return json({"size": await anyio.to_thread.run_sync(office.uploads.put, token, at, bytes(data))})


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
        ask_for_draft(office, row.id)
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


@router.delete("/meetings/{meeting_id}")
def remove(meeting_id: Allowed, person: Approver, office: TheOffice, people: ThePeople) -> Response:
    """Delete the recording, the drafts and everything people did; the audit log keeps that it was there."""
    row = office.library.meeting(meeting_id)
    job = queue.job_of(office.library, meeting_id)
    if row.state is State.FINAL:
        raise HTTPException(409, "確定した会議録は消せません。先に確定を取り消してください。")
    if job is not None and job.state is JobState.RUNNING:
        raise HTTPException(409, "下書きを作っている間は消せません。先に取りやめてください。")
    office.remove(meeting_id)
    people.note(person.name, "removed", meeting_id=meeting_id, detail=row.fields.name or row.sources[0].name)
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
    before = office.library.meeting(meeting_id).state
    if given.state not in (State.CORRECTING, State.CHECKED, State.FINAL):
        raise HTTPException(422, "その状態にはできません。")
    if before in (State.WAITING, State.RUNNING, State.FAILED):
        raise HTTPException(409, "下書きができてから変えられます。")
    office.set_state(meeting_id, State(given.state))
    people.note(person.name, "state", meeting_id=meeting_id, detail=f"{before} → {given.state}")
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
