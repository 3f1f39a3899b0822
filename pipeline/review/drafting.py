"""Drafts asked for from the page are made by `kaigiroku batch` in a process of its own: the page stays quick, and no
model library is ever imported here."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator

from pipeline.records.job import DraftOptions
from pipeline.store.library import Library
from pipeline.store.queue import jobs
from pipeline.store.tables.jobs import JobState

_COMMAND = "from pipeline.cli.main import main; main()"
_AGAIN_S = 60.0
"""After a batch that could not work at all (no model, say)."""


class Drafting:
    """Keeps one batch at work while something waits. It ends with this server: its stdin closes, whatever happens."""

    def __init__(self, library: Library, options: DraftOptions) -> None:
        self._library = library
        self._options = options
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0
        self.trouble = ""
        """Why no draft can be made, as the batch said it; empty while all is well."""

    def ensure(self) -> None:
        """Start a batch when something waits and none of ours is at work."""
        with self._lock:
            if self._process is not None and not self._ended(self._process):
                return
            if time.monotonic() < self._not_before or not jobs(self._library, (JobState.WAITING,)):
                return
            with (self._library.folder / "drafting.log").open("wb") as out:
                self._process = subprocess.Popen(
                    [sys.executable, "-c", _COMMAND, *self._arguments()], stdin=subprocess.PIPE, stdout=out, stderr=out
                )

    def close(self) -> None:
        with self._lock:
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.close()
                self._process.wait()

    def _ended(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether it is done; remembers why when it could not work."""
        code = process.poll()
        if code is None:
            return False
        waiting = jobs(self._library, (JobState.WAITING,))
        self.trouble = self._said() if code and waiting else ""
        self._not_before = time.monotonic() + _AGAIN_S if self.trouble else 0.0
        self._process = None
        return True

    def _said(self) -> str:
        text = (self._library.folder / "drafting.log").read_text(encoding="utf-8", errors="replace")
        return " ".join(text.split())[-600:]

    def _arguments(self) -> Iterator[str]:
        engines = self._options.engines
        yield from ("batch", "run", "--library", str(self._library.folder.resolve()), "--workers", "1")
        yield from ("--model", engines.model, "--device", engines.device, "--quiet", "--end-with-stdin")
        if engines.replay is not None:
            yield from ("--replay", str(engines.replay.resolve()))
