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
TURN = (JobRow.priority.desc(), JobRow.asked_at, JobRow.id)
"""Order in which waiting jobs are taken."""


def enqueue(library: Library, meeting_id: str, options: DraftOptions | None = None, priority: int = 0) -> JobRow:
    """Ask for a draft of this meeting, whether there is one already or not.

    While it waits it takes these options and the higher priority; while it is at work it is left alone. Raises
    LibraryError when there is no such meeting.
    """
    with library.database.writing() as session:
        meeting = session.get(MeetingRow, meeting_id)
        if meeting is None:
            raise LibraryError(f"{meeting_id}: there is no such meeting in the library.", "Check its identifier.")
        job = session.scalars(_of(meeting_id)).first()
        if job is None:
            job = JobRow(meeting_id=meeting_id, options=options or DraftOptions(), priority=priority)
            session.add(job)
            move(meeting, State.WAITING)
        elif job.state is not JobState.RUNNING:
            job.priority = max(job.priority, priority) if job.state is JobState.WAITING else priority
            job.options = options or job.options
            _asked_again(session, job)
    return job


def jobs(library: Library, states: Sequence[JobState] = tuple(JobState)) -> list[JobRow]:
    """Those at work, those that wait in their order, and those that ended, the latest first."""
    wanted = sa.select(JobRow).where(JobRow.state.in_(states)).order_by(*TURN)
    with library.database.reading() as session:
        found = list(session.scalars(wanted))
    ended = [job for job in found if job.state not in OPEN]
    return [
        *(job for job in found if job.state is JobState.RUNNING),
        *(job for job in found if job.state is JobState.WAITING),
        *sorted(ended, key=lambda job: (job.ended_at or job.asked_at, job.id), reverse=True),
    ]


def job_of(library: Library, meeting_id: str) -> JobRow | None:
    """The job of a meeting: what its page shows. None when nobody has asked for a draft yet."""
    with library.database.reading() as session:
        return session.scalars(_of(meeting_id)).first()


def cancel(library: Library, job_id: int) -> JobRow:
    """Call a job off: at once when it waits, at its next step when it runs; finished stages stay. Raises LibraryError
    when there is no such job; one that has ended is left as it is."""
    with library.database.writing() as session:
        job = _found(session, job_id)
        if job.state is JobState.WAITING:
            end(session, job, JobState.CANCELLED)
        elif job.state is JobState.RUNNING:
            job.cancel = True
    return job


def hurry(library: Library, meeting_id: str) -> None:
    """The draft of this meeting, if it waits, comes next."""
    with library.database.writing() as session:
        job = session.scalars(_of(meeting_id)).first()
        if job is not None and job.state is JobState.WAITING:
            waiting = sa.select(sa.func.max(JobRow.priority)).where(
                JobRow.state == JobState.WAITING, JobRow.id != job.id
            )
            job.priority = max(job.priority, (session.scalar(waiting) or 0) + 1)


def retry(library: Library, job_id: int) -> JobRow:
    """Ask again for a job that failed, was set aside or called off. Raises LibraryError when there is no such job; any
    other is left as it is."""
    with library.database.writing() as session:
        job = _found(session, job_id)
        if job.state in (JobState.FAILED, JobState.SET_ASIDE, JobState.CANCELLED):
            _asked_again(session, job)
    return job


def end(session: Session, job: JobRow, state: JobState) -> None:
    """The job has ended this way, and its meeting with it."""
    job.state, job.ended_at, job.owner, job.cancel = state, now(), None, False
    if state is JobState.CANCELLED:
        reached = State.DRAFT if job.drafts else State.WAITING
    else:
        reached = State.DRAFT if state is JobState.DONE else State.FAILED
    move(session.get_one(MeetingRow, job.meeting_id), reached)


def move(meeting: MeetingRow, state: State) -> None:
    """The machine moves a meeting as far as draft; what people have taken in hand stays theirs."""
    if meeting.state in (State.WAITING, State.RUNNING, State.FAILED, State.DRAFT):
        meeting.state = state


def _asked_again(session: Session, job: JobRow) -> None:
    if job.state is not JobState.WAITING:
        job.state, job.asked_at, job.ended_at, job.cancel = JobState.WAITING, now(), None, False
        job.failure, job.deaths, job.deadly_stage, job.progress = None, 0, None, {}
        move(session.get_one(MeetingRow, job.meeting_id), State.WAITING)


def _found(session: Session, job_id: int) -> JobRow:
    job = session.get(JobRow, job_id)
    if job is None:
        raise LibraryError(f"{job_id}: there is no such job.", "See `kaigiroku batch status`.")
    return job


def _of(meeting_id: str) -> sa.Select[JobRow]:
    return sa.select(JobRow).where(JobRow.meeting_id == meeting_id)
