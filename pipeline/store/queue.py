"""The queue as people use it: ask for a draft, look how far it is, call it off, ask again."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pipeline.errors import LibraryError
from pipeline.records.job import DraftOptions
from pipeline.store.library import Library
from pipeline.store.tables.base import now
from pipeline.store.tables.jobs import OPEN, JobRow, JobState
from pipeline.store.tables.meetings import MeetingRow, State

URGENT = 100
"""Priority of what is needed tomorrow."""


def enqueue(library: Library, meeting_id: str, options: DraftOptions | None = None, priority: int = 0) -> JobRow:
    """Ask for a draft of this meeting.

    A job that is still waiting takes these options and the higher priority; a running one is left alone and returned.
    Raises LibraryError when there is no such meeting.
    """
    with library.database.writing() as session:
        meeting = session.get(MeetingRow, meeting_id, with_for_update=True)
        if meeting is None:
            raise LibraryError(f"{meeting_id}: there is no such meeting in the library.", "Check its identifier.")
        job = session.scalars(_of(meeting_id).where(JobRow.state.in_(OPEN))).first()
        if job is None:
            job = JobRow(meeting_id=meeting_id, options=options or DraftOptions(), priority=priority)
            session.add(job)
            move(meeting, State.WAITING)
        elif job.state is JobState.WAITING:
            job.options = options or job.options
            job.priority = max(job.priority, priority)
    return job


def jobs(library: Library, states: Sequence[JobState] = tuple(JobState)) -> list[JobRow]:
    """In the order in which they will be, or were, worked on: open ones first, then the latest ended."""
    wanted = sa.select(JobRow).where(JobRow.state.in_(states)).order_by(JobRow.priority.desc(), JobRow.id)
    with library.database.reading() as session:
        found = list(session.scalars(wanted))
    ended = [job for job in found if job.state not in OPEN]
    return [
        *(job for job in found if job.state is JobState.RUNNING),
        *(job for job in found if job.state is JobState.WAITING),
        *sorted(ended, key=lambda job: (job.ended_at or job.created_at, job.id), reverse=True),
    ]


def job_of(library: Library, meeting_id: str) -> JobRow | None:
    """The latest job of a meeting: what its page shows."""
    with library.database.reading() as session:
        return session.scalars(_of(meeting_id).order_by(JobRow.id.desc())).first()


def cancel(library: Library, job_id: int) -> JobRow:
    """Call a job off: at once when it waits, at its next step when it runs; finished stages stay. Raises LibraryError
    when there is no such job; one that has ended is left as it is."""
    with library.database.writing() as session:
        job = found_job(session, job_id)
        if job.state is JobState.WAITING:
            end(session, job, JobState.CANCELLED)
        elif job.state is JobState.RUNNING:
            job.cancel = True
    return job


def retry(library: Library, job_id: int) -> JobRow:
    """Put a job that has ended back into the queue. Raises LibraryError when there is no such job; an open one, or one
    whose meeting has a newer open job, is left as it is."""
    with library.database.writing() as session:
        job = found_job(session, job_id)
        newer = session.scalars(_of(job.meeting_id).where(JobRow.state.in_(OPEN))).first()
        if newer is not None:
            return newer
        job.state, job.failure, job.ended_at, job.cancel = JobState.WAITING, None, None, False
        job.deaths, job.deadly_stage, job.progress = 0, None, {}
        move(session.get_one(MeetingRow, job.meeting_id), State.WAITING)
    return job


def found_job(session: Session, job_id: int) -> JobRow:
    """Raises LibraryError when there is no such job."""
    job = session.get(JobRow, job_id)
    if job is None:
        raise LibraryError(f"{job_id}: there is no such job.", "See `kaigiroku batch status`.")
    return job


def end(session: Session, job: JobRow, state: JobState) -> None:
    """The job has ended this way, and its meeting with it."""
    job.state, job.ended_at, job.owner, job.cancel = state, now(), None, False
    if state is JobState.CANCELLED:
        drafted = session.scalars(_of(job.meeting_id).where(JobRow.state == JobState.DONE)).first()
        reached = State.DRAFT if drafted else State.WAITING
    else:
        reached = State.DRAFT if state is JobState.DONE else State.FAILED
    move(session.get_one(MeetingRow, job.meeting_id), reached)


def move(meeting: MeetingRow, state: State) -> None:
    """The machine moves a meeting as far as draft; what people have taken in hand stays theirs."""
    if meeting.state in (State.WAITING, State.RUNNING, State.FAILED, State.DRAFT):
        meeting.state = state


def _of(meeting_id: str) -> sa.Select[JobRow]:
    return sa.select(JobRow).where(JobRow.meeting_id == meeting_id)
