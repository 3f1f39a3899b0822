"""The queue as a batch works it: take a job, say how far it is, end it; and take over from batches that died.

A batch holds a lock on a file of its own in LIBRARY/owners as long as it lives: the system lets go of it whatever ends
the process. Where another machine's lock cannot be seen, its beat counter is watched instead: no clock is believed.
"""

import os
import secrets
import time
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pipeline.records.job import Failure
from pipeline.store.library import Library
from pipeline.store.owners import alive, forget, is_dead, lock_file, machine
from pipeline.store.queue import TURN, end, move
from pipeline.store.tables.base import now
from pipeline.store.tables.jobs import JobRow, JobState
from pipeline.store.tables.meetings import MeetingRow, State

SILENT_S = 120.0
"""Another machine's batch whose beats stood still for so long is dead."""
DEATHS = 2
"""Workers that may die of a job in the same stage before it is set aside."""


class Claims:
    """The jobs one batch works on. Use as a context manager: leaving it gives back what is still held."""

    def __init__(self, library: Library, silent_s: float = SILENT_S) -> None:
        self._library = library
        self._database = library.database
        self._silent_s = silent_s
        self.owner = f"{machine()}.{os.getpid()}.{secrets.token_hex(4)}"
        self._life = ExitStack()
        self._heard: dict[str, tuple[int, float]] = {}
        """Owner on another machine → (its last beat, when it was first seen, on our monotonic clock)."""

    def __enter__(self) -> Self:
        self._life.enter_context(alive(lock_file(self._library.folder, self.owner)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with self._database.writing() as session:
                for job in session.scalars(_held_by(self.owner)):
                    _back(session, job)
        finally:
            self._life.close()

    def claim(self, besides: Sequence[int] = ()) -> JobRow | None:
        """The next waiting job but those, now running and ours; None when none waits."""
        waiting = sa.select(JobRow).where(JobRow.state == JobState.WAITING, JobRow.id.not_in(besides))
        turn = waiting.order_by(*TURN)
        with self._database.writing() as session:
            job = session.scalars(turn.limit(1)).first()
            if job is not None:
                job.state, job.owner, job.progress, job.cancel, job.failure = (
                    JobState.RUNNING,
                    self.owner,
                    {},
                    False,
                    None,
                )
                job.started_at, job.ended_at, job.attempts = now(), None, job.attempts + 1
                move(session.get_one(MeetingRow, job.meeting_id), State.RUNNING)
        return job

    def beat(self, progress: dict[int, dict[str, float]]) -> set[int]:
        """Say that we live and how far our jobs are. Returns the jobs to stop: called off, or no longer ours."""
        with self._database.writing() as session:
            ours = {job.id: job for job in session.scalars(_held_by(self.owner))}
            for number, job in ours.items():
                job.beat += 1
                job.progress = dict(progress.get(number, job.progress))
            return {number for number in progress if number not in ours or ours[number].cancel}

    def done(self, job_id: int) -> None:
        with self._database.writing() as session:
            if job := self._ours(session, job_id):
                job.deaths, job.deadly_stage, job.drafts = 0, None, job.drafts + 1
                end(session, job, JobState.DONE)

    def failed(self, job_id: int, failure: Failure) -> None:
        with self._database.writing() as session:
            if job := self._ours(session, job_id):
                job.failure = failure
                end(session, job, JobState.FAILED)

    def give_back(self, job_id: int) -> JobState | None:
        """Let another, or ourselves later, go on with it, unless it was called off. None when it is not ours."""
        with self._database.writing() as session:
            job = self._ours(session, job_id)
            return None if job is None else _back(session, job)

    def died(self, job_id: int, failure: Failure, deaths: int = 1) -> JobState | None:
        """So many workers died of this job: it waits for one more attempt, or is set aside with its cause."""
        with self._database.writing() as session:
            job = self._ours(session, job_id)
            return None if job is None else _died(session, job, failure, deaths)

    def take_over(self) -> list[int]:
        """Put jobs whose owner died back into the queue. Raises nothing of its own; returns their numbers."""
        with self._database.reading() as session:
            running = sa.select(JobRow).where(JobRow.state == JobState.RUNNING, JobRow.owner != self.owner)
            beats: dict[str, int] = {}
            for job in session.scalars(running):
                beats[job.owner or ""] = max(job.beat, beats.get(job.owner or "", 0))
        dead = [owner for owner, beat in beats.items() if self._is_dead(owner, beat)]
        taken: list[int] = []
        for owner in dead:
            with self._database.writing() as session:
                for job in session.scalars(_held_by(owner)):
                    _back(session, job)
                    taken.append(job.id)
            forget(lock_file(self._library.folder, owner))
        return taken

    def _is_dead(self, owner: str, beat: int) -> bool:
        if owner.split(".")[0] == machine():
            return is_dead(lock_file(self._library.folder, owner))
        last, since = self._heard.get(owner, (-1, 0.0))
        if beat != last:
            self._heard[owner] = (beat, time.monotonic())
            return False
        return time.monotonic() - since > self._silent_s

    def _ours(self, session: Session, job_id: int) -> JobRow | None:
        """The job, unless it was taken from us while we were thought dead."""
        job = session.get(JobRow, job_id)
        return job if job is not None and job.owner == self.owner and job.state is JobState.RUNNING else None


def _held_by(owner: str) -> sa.Select[JobRow]:
    return sa.select(JobRow).where(JobRow.state == JobState.RUNNING, JobRow.owner == owner)


def _back(session: Session, job: JobRow) -> JobState:
    if job.cancel:
        end(session, job, JobState.CANCELLED)
        return JobState.CANCELLED
    job.state, job.owner = JobState.WAITING, None
    move(session.get_one(MeetingRow, job.meeting_id), State.WAITING)
    return JobState.WAITING


def _died(session: Session, job: JobRow, failure: Failure, deaths: int) -> JobState:
    same = job.deadly_stage == failure.stage
    job.deaths, job.deadly_stage = (job.deaths + deaths if same else deaths), failure.stage
    if job.deaths < DEATHS:
        return _back(session, job)
    job.failure = failure
    end(session, job, JobState.SET_ASIDE)
    return JobState.SET_ASIDE
