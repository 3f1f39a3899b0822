"""Drafts asked for from the page are made by `kaigiroku batch` in a process of its own: the page stays quick, and no
model library is ever imported here. A batch that gets nowhere is tried again later and later, and its trouble shown."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import psutil

from pipeline.errors import DiskFullError, OutputError, WorkerDiedError, kind_of_exit
from pipeline.records.base import Record
from pipeline.records.job import DraftOptions
from pipeline.store.claims import Claims
from pipeline.store.files import disk_errors
from pipeline.store.library import Library
from pipeline.store.queue import jobs
from pipeline.store.tables.jobs import JobState

_COMMAND = "from pipeline.cli.main import main; main()"
_PAUSES_S = (15.0, 60.0, 300.0, 900.0)
"""Before the next try, after as many batches in a row that got nowhere."""
_TAKE_OVER_S = 30.0
"""Between looks for drafts whose batch died with its machine."""
_SAID = 600
"""Characters of a batch's last words that are shown."""


class Trouble(Record):
    """Why no draft can be made. kind: the error's name; said: what the batch itself said, for who keeps the machine;
    again_s: seconds until the next try."""

    kind: str
    said: str
    again_s: int


class Drafting:
    """Keeps one batch at work while something waits. It ends with this server: its stdin closes, whatever happens."""

    def __init__(self, library: Library, options: DraftOptions, clock: Callable[[], float] = time.monotonic) -> None:
        self._library = library
        self._options = options
        self._clock = clock
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._first = 0
        """The job that waited longest when the batch began."""
        self._fruitless = 0
        """Batches in a row that left it waiting."""
        self._not_before = 0.0
        self._why: tuple[str, str] | None = None
        self._claims = Claims(library)
        self._next_take_over = 0.0

    @property
    def trouble(self) -> Trouble | None:
        """None while all is well."""
        if self._why is None:
            return None
        kind, said = self._why
        return Trouble(kind=kind, said=said, again_s=max(0, round(self._not_before - self._clock())))

    def ensure(self, *, at_once: bool = False) -> None:
        """Start a batch when something waits and none of ours is at work; at_once: whatever became of those before,
        because a person asks."""
        with self._lock:
            if self._process is not None and not self._ended(self._process):
                return
            self._take_over()
            waiting = jobs(self._library, (JobState.WAITING,))
            if not waiting:
                self._why, self._fruitless = None, 0
            elif at_once or self._clock() >= self._not_before:
                self._start(waiting[0].id)

    def close(self) -> None:
        with self._lock:
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.close()
                self._process.wait()

    def _start(self, first: int) -> None:
        log = self._library.folder / "drafting.log"
        command = [sys.executable, "-X", "utf8", "-c", _COMMAND, *self._arguments()]
        hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        try:
            with disk_errors(log), log.open("wb") as out:
                self._process = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=out, stderr=out, creationflags=hidden
                )
            self._first = first
            _in_the_background(self._process.pid)
        except (DiskFullError, OutputError) as error:
            self._got_nowhere(type(error).__name__, str(error))

    def _ended(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether it is done; a batch that left waiting what waited longest got nowhere."""
        code = process.poll()
        if code is None:
            return False
        self._process = None
        if any(job.id == self._first for job in jobs(self._library, (JobState.WAITING,))):
            kind = WorkerDiedError if code < 0 else kind_of_exit(code)
            self._got_nowhere(kind.__name__, self._said())
        else:
            self._why, self._fruitless, self._not_before = None, 0, 0.0
        return True

    def _got_nowhere(self, kind: str, said: str) -> None:
        self._why = (kind, said)
        self._not_before = self._clock() + _PAUSES_S[min(self._fruitless, len(_PAUSES_S) - 1)]
        self._fruitless += 1

    def _take_over(self) -> None:
        """Drafts that were being made when everything went down wait again."""
        if self._clock() >= self._next_take_over:
            self._next_take_over = self._clock() + _TAKE_OVER_S
            self._claims.take_over()

    def _said(self) -> str:
        text = (self._library.folder / "drafting.log").read_text(encoding="utf-8", errors="replace")
        return " ".join(text.split())[-_SAID:]

    def _arguments(self) -> Iterator[str]:
        engines = self._options.engines
        yield from ("batch", "run", "--library", str(self._library.folder.resolve()))
        yield from ("--model", engines.model, "--device", engines.device, "--quiet", "--end-with-stdin")
        if engines.diarization is not None:
            yield from ("--diarization", str(engines.diarization.resolve()))
        if engines.replay is not None:
            yield from ("--replay", str(engines.replay.resolve()))


def _in_the_background(pid: int) -> None:
    """People who listen and type come first."""
    with suppress(psutil.Error):
        psutil.Process(pid).nice(getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", 10))
