"""The pages: each a short template; what moves in them is fetched by their scripts."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pipeline.review.guard import Allowed, Asking, TheOffice, ThePeople
from pipeline.review.templating import page
from pipeline.store.tables.meetings import State

router = APIRouter()


@router.get("/")
def meetings(request: Request, person: Asking) -> HTMLResponse:
    return page(request, "meetings.html", person)


@router.get("/new")
def new(request: Request, person: Asking, office: TheOffice) -> HTMLResponse:
    return page(request, "form.html", person, meeting=None, back="/", limit=office.settings.upload_limit)


@router.get("/meetings/{meeting_id}/form")
def form(request: Request, meeting_id: Allowed, person: Asking, office: TheOffice) -> HTMLResponse:
    meeting = office.library.meeting(meeting_id)
    back = "/" if meeting.state in (State.WAITING, State.RUNNING, State.FAILED) else f"/meetings/{meeting_id}"
    return page(request, "form.html", person, meeting=meeting, back=back, limit=office.settings.upload_limit)


@router.get("/meetings/{meeting_id}")
def editor(request: Request, meeting_id: Allowed, person: Asking, office: TheOffice, people: ThePeople) -> HTMLResponse:
    people.note(person.name, "opened", meeting_id=meeting_id)
    return page(request, "editor.html", person, meeting=office.library.meeting(meeting_id))


@router.get("/keys")
def keys(request: Request, person: Asking) -> HTMLResponse:
    return page(request, "keys.html", person)
