"""Drafts asked for from the page, called off, brought forward and asked for again."""

from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from pipeline.review.drafting import Trouble
from pipeline.review.guard import Allowed, Asking, TheOffice, ThePeople, asking, hidden_from
from pipeline.review.messages import no_draft
from pipeline.review.office import Office
from pipeline.review.replies import json
from pipeline.store import queue
from pipeline.store.tables.base import now
from pipeline.store.tables.jobs import OPEN, JobRow, JobState

router = APIRouter(prefix="/api", dependencies=[Depends(asking)])


@router.post("/drafting", status_code=204)
def try_at_once(office: TheOffice) -> None:
    """Try at once to make the drafts that wait."""
    _begin_drafts(office)


@router.post("/drafting/again")
def try_failed(person: Asking, office: TheOffice, people: ThePeople) -> Response:
    """Ask again for every draft that failed, of the meetings that this person may see. Answers how many."""
    hidden = hidden_from(person, people)
    failed = queue.jobs(office.library, (JobState.FAILED, JobState.SET_ASIDE))
    again = [job for job in failed if job.meeting_id not in hidden]
    for job in again:
        queue.retry(office.library, job.id)
        people.note(person.name, "draft-asked", meeting_id=job.meeting_id)
        office.tell_meeting(job.meeting_id)
    _begin_drafts(office)
    return json({"count": len(again)})


@router.post("/meetings/{meeting_id}/draft")
def draft(meeting_id: Allowed, person: Asking, office: TheOffice, people: ThePeople) -> Response:
    """Ask for a draft, also for another one: what people corrected stays."""
    people.note(person.name, "draft-asked", meeting_id=meeting_id)
    ask_for_draft(office, meeting_id)
    return json({}, 202)


@router.post("/meetings/{meeting_id}/cancel")
def cancel(meeting_id: Allowed, person: Asking, office: TheOffice, people: ThePeople) -> Response:
    job = queue.job_of(office.library, meeting_id)
    if job is not None and job.state in OPEN:
        queue.cancel(office.library, job.id)
        people.note(person.name, "draft-cancelled", meeting_id=meeting_id)
        office.tell_meeting(meeting_id)
    return json({})


@router.post("/meetings/{meeting_id}/hurry")
def hurry(meeting_id: Allowed, office: TheOffice) -> Response:
    """Make the draft of this meeting next."""
    queue.hurry(office.library, meeting_id)
    office.tell_meeting(meeting_id)
    return json({})


def ask_for_draft(office: Office, meeting_id: str) -> None:
    queue.enqueue(office.library, meeting_id, office.settings.drafts, queue.URGENT)
    _begin_drafts(office)
    office.tell_meeting(meeting_id)


def _begin_drafts(office: Office) -> None:
    if office.settings.draft_here:
        office.drafting.ensure(at_once=True)


def job_view(job: JobRow, ahead: int) -> dict[str, Any]:
    failure = job.failure
    told = {"text": no_draft(failure.kind), "cause": failure.cause} if failure else None
    seconds = (now() - job.started_at).total_seconds() if job.started_at and job.state is JobState.RUNNING else None
    return {"state": job.state, "ahead": ahead, "progress": job.progress, "seconds": seconds, "failure": told}


def trouble_view(trouble: Trouble | None) -> dict[str, Any] | None:
    """Why no draft can be made at all: for the clerk, and in the machine's words for who keeps it."""
    if trouble is None:
        return None
    return {"text": no_draft(trouble.kind), "said": trouble.said, "againS": trouble.again_s}
