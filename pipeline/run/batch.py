"""Works through the queue of a library: several meetings at a time, each failure told and never in another's way."""

import datetime
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.errors import DiskFullError
from pipeline.records.job import EngineChoice, Failure
from pipeline.run.attempt import Attempt, Ended
from pipeline.run.nightly import Hours
from pipeline.run.workers.away import engines_in
from pipeline.run.workers.pool import Pool
from pipeline.stages.chain import Engines
from pipeline.store.claims import Claims
from pipeline.store.library import Library
from pipeline.store.tables.jobs import JobRow, JobState

_TICK_S = 0.2
_BEAT_S = 2.0
_LOOK_S = 10.0
"""Between looks for jobs of dead batches and for new recordings."""
_BUSY_S = 30.0
"""Before a job is tried again whose folder another program works in."""


@dataclass(frozen=True)
class BatchSettings:
    """at_once: meetings in work at a time. stay: wait for more when the queue is empty."""

    at_once: int
    hours: Hours | None = None
    stay: bool = False


class Board(Protocol):
    """Told what a batch does, from its one thread; shows it to a person, or stays silent."""

    def took(self, job: JobRow) -> None: ...

    def ended(self, job: JobRow, ended: Ended) -> None: ...

    def now(self, progress: dict[int, dict[str, float]], resting: bool) -> None:
        """Several times a second: job → stage → fraction. resting: outside the hours."""
        ...


@dataclass
class Batch:
    """One run over the queue. The database is written by the thread that calls run(), and by no other."""

    library: Library
    pool: Pool
    settings: BatchSettings
    board: Board
    look: Callable[[], bool] = lambda: False
    """Takes one new recording in, in a thread of its own; whether there may be more."""
    stopped: Callable[[], bool] = lambda: False
    """Asked several times a second: whether to end, giving back what is not done."""
    _engines: Callable[[EngineChoice], Engines] = field(init=False)
    _running: dict[Future[Ended], Attempt] = field(default_factory=dict)
    _busy_until: dict[int, float] = field(default_factory=dict)
    _looking: Future[bool] | None = None
    _last: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._engines = engines_in(self.pool)

    def run(self) -> list[tuple[JobRow, Ended]]:
        """Until the queue is empty, or for ever. Returns how each job ended at last.

        Raises DiskFullError, DatabaseError; whatever ends it, jobs not done go back into the queue.
        """
        results: dict[int, tuple[JobRow, Ended]] = {}
        with Claims(self.library) as claims, ThreadPoolExecutor(self.settings.at_once + 1, "meeting") as threads:
            try:
                while True:
                    more = self._take_in(claims, threads)
                    self._beat(claims)
                    results |= self._collect(claims)
                    resting = not self._open()
                    if resting:
                        self._stop_all()
                    later = resting or self._fill(claims, threads)
                    if self.stopped() or not (self._running or more or later or self.settings.stay):
                        break
                    self.board.now({a.job.id: dict(a.reached) for a in self._running.values()}, resting)
                    time.sleep(_TICK_S)
            finally:
                self._stop_all()
                threads.shutdown(wait=True)
                results |= self._collect(claims)
        return list(results.values())

    def _take_in(self, claims: Claims, threads: ThreadPoolExecutor) -> bool:
        """Jobs of dead batches, and new recordings. Whether there may be more of these."""
        if self._looking and not self._looking.done():
            return True
        more = self._looking.result() if self._looking else False
        self._looking = None
        if self._due("look", _LOOK_S):
            claims.take_over()
            more = True
        if more:
            self._looking = threads.submit(self.look)
        return more

    def _due(self, what: str, every_s: float) -> bool:
        """Whether it is time for this again."""
        now = time.monotonic()
        if now - self._last.get(what, float("-inf")) < every_s:
            return False
        self._last[what] = now
        return True

    def _open(self) -> bool:
        hours = self.settings.hours
        return hours is None or _time_of_day() in hours

    def _fill(self, claims: Claims, threads: ThreadPoolExecutor) -> bool:
        """Take jobs while there is room. Whether some wait that cannot be taken yet."""
        now = time.monotonic()
        busy = [job for job, until in self._busy_until.items() if until > now]
        while len(self._running) < self.settings.at_once:
            job = claims.claim(besides=busy)
            if job is None:
                break
            attempt = Attempt(self.library, self._engines, job)
            self._running[threads.submit(attempt.run)] = attempt
            self.board.took(job)
        return bool(busy)

    def _beat(self, claims: Claims) -> None:
        if not self._due("beat", _BEAT_S):
            return
        ours = {attempt.job.id: attempt for attempt in self._running.values()}
        for number in claims.beat({number: dict(attempt.reached) for number, attempt in ours.items()}):
            ours[number].stop()

    def _stop_all(self) -> None:
        for attempt in self._running.values():
            attempt.stop()

    def _collect(self, claims: Claims) -> dict[int, tuple[JobRow, Ended]]:
        found = {}
        for future in [future for future in self._running if future.done()]:
            attempt = self._running.pop(future)
            ended = self._entered(claims, attempt, future.result())
            self.board.ended(attempt.job, ended)
            found[attempt.job.id] = (attempt.job, ended)
        return found

    def _entered(self, claims: Claims, attempt: Attempt, ended: Ended) -> Ended:
        """Write into the queue how an attempt ended."""
        number = attempt.job.id
        state: JobState | None = ended.state
        if ended.state is JobState.DONE:
            claims.done(number)
        elif ended.failure is None:
            state = claims.give_back(number)
            if ended.busy:
                self._busy_until[number] = time.monotonic() + _BUSY_S
        elif ended.failure.kind == DiskFullError.__name__:  # nothing of the meeting's own, and it meets all others too
            claims.give_back(number)
            raise DiskFullError(ended.failure.cause, ended.failure.remedy, file=ended.failure.file)
        elif ended.deaths:
            state = claims.died(number, ended.failure, ended.deaths)
        else:
            claims.failed(number, ended.failure)
        return ended.model_copy(update={"state": state or JobState.WAITING})


def _time_of_day() -> datetime.time:
    return datetime.datetime.now().time()


def failures(results: Sequence[tuple[JobRow, Ended]]) -> list[tuple[JobRow, Failure]]:
    """The jobs that ended without a draft, each with its failure."""
    return [
        (job, ended.failure)
        for job, ended in results
        if ended.failure and ended.state in (JobState.FAILED, JobState.SET_ASIDE)
    ]
