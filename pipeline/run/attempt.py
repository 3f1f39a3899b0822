"""One attempt at one job: the meeting's draft, made with a pool's engines, ending in a record whatever happens."""

import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress

from pipeline.errors import BusyError, KaigirokuError, WorkerDiedError
from pipeline.lexicon.dictionary import default_path
from pipeline.records.base import Record
from pipeline.records.job import EngineChoice, Failure
from pipeline.run.draft import TOGETHER, DraftRequest, draft
from pipeline.run.execute import StageRun
from pipeline.stages.chain import Engines
from pipeline.store.files import write_text_atomic
from pipeline.store.library import Library
from pipeline.store.tables.jobs import JobRow, JobState

_TRACE = "error.txt"


class Ended(Record):
    """How an attempt ended. Waiting: it was stopped, or another program is in the folder (busy)."""

    state: JobState
    seconds: float
    audio_s: float | None = None
    characters: int | None = None
    warnings: int = 0
    failure: Failure | None = None
    deaths: int = 0
    """Workers that died of it."""
    busy: bool = False


class Attempt:
    """run() in a thread of its own; stop() from any. It is its draft's reporter itself."""

    def __init__(self, library: Library, engines: Callable[[EngineChoice], Engines], job: JobRow) -> None:
        self.job = job
        self.reached: dict[str, float] = {}
        """Stage → fraction done."""
        self._library = library
        self._engines = engines
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End at the next sign of progress; finished stages stay."""
        self._stopping.set()

    def run(self) -> Ended:
        began = time.monotonic()
        try:
            ended = self._drafted()
        except KeyboardInterrupt:
            ended = Ended(state=JobState.WAITING, seconds=0.0)
        except BusyError:
            ended = Ended(state=JobState.WAITING, seconds=0.0, busy=True)
        except KaigirokuError as error:
            deaths = error.deaths if isinstance(error, WorkerDiedError) else 0
            ended = Ended(state=JobState.FAILED, seconds=0.0, failure=self._named(Failure.of(error)), deaths=deaths)
        except Exception as error:  # a mistake of ours: this meeting fails, the others go on
            ended = Ended(state=JobState.FAILED, seconds=0.0, failure=self._unexpected(error))
        return ended.model_copy(update={"seconds": time.monotonic() - began})

    def _drafted(self) -> Ended:
        meeting = self._library.meeting(self.job.meeting_id)
        options = self.job.options.model_copy(update={"dictionary": self.job.options.dictionary or default_path()})
        request = DraftRequest(
            sources=self._library.recordings(meeting),
            meeting=meeting.fields,
            out_dir=self._library.workspace(meeting.id).out_dir,
            options=options,
            digests=tuple(source.sha256 for source in meeting.sources),
        )
        engines = self._engines(options.engines)
        done = draft(request, self, engines, TOGETHER)
        with suppress(OSError):
            (request.out_dir / _TRACE).unlink()  # of a failure that is over
        return Ended(
            state=JobState.DONE,
            seconds=0.0,
            audio_s=done.figures.duration_s if done.figures else None,
            characters=done.figures.characters if done.figures else None,
            warnings=len(done.warnings),
        )

    def started(self, stage: str) -> None:
        self.progress(stage, 0.0)

    def progress(self, stage: str, fraction: float) -> None:
        if self._stopping.is_set():
            raise KeyboardInterrupt
        self.reached[stage] = fraction

    def done(self, run: StageRun) -> None:
        self.reached[run.stage] = 1.0

    def _named(self, failure: Failure) -> Failure:
        """With the recording's own name instead of the one it has in the library."""
        cause = failure.cause
        for source in self._library.meeting(self.job.meeting_id).sources:
            cause = cause.replace(source.stored, source.name)
        return failure.model_copy(update={"cause": cause})

    def _unexpected(self, error: Exception) -> Failure:
        """The trace goes into the meeting's folder, for those who can read it."""
        file = self._library.workspace(self.job.meeting_id).out_dir / _TRACE
        with suppress(KaigirokuError):  # the failure itself is what has to be told
            write_text_atomic(file, "".join(traceback.format_exception(error)))
        line = " ".join(str(error).split())[:300]
        told = KaigirokuError(f"Unexpected: {type(error).__name__}: {line}", f"Report it with {file}.", file=file)
        return Failure.of(told)
