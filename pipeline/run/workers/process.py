"""A worker in a child process: it may crash, be killed or run out of memory, and only its own call is lost."""

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from pipeline.contracts import Progress
from pipeline.errors import WorkerDiedError
from pipeline.run.workers.calls import Bench, Call

_LOOK_S = 1.0
"""How often a caller is told that its call still runs."""
_SPAWN = multiprocessing.get_context("spawn")  # the same everywhere, and nothing of the parent's threads comes along


class ChildProcess:
    """Started with the first call. threads: of each model's computation."""

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def run(self, call: Call, tell: Progress) -> Any:
        process, pipe = self._started()
        try:
            pipe.send(call)
            return _answer(pipe, tell)
        except (EOFError, BrokenPipeError, ConnectionError) as error:
            process.join()
            self._pipe = self._process = None
            raise _died(process.exitcode) from error
        except _Told as told:
            raise told.error from told.error.__cause__
        except BaseException:  # the caller gave up: the work must not go on behind its back
            self.close()
            raise

    def close(self) -> None:
        if self._process is not None and self._pipe is not None:
            self._process.kill()
            self._process.join()
            self._pipe.close()
        self._pipe = self._process = None

    def _started(self) -> tuple[SpawnProcess, Connection]:
        if self._process is None or self._pipe is None or not self._process.is_alive():
            # Read by glibc as a process starts: one heap for all threads instead of one each (docs/scale.md).
            os.environ.setdefault("MALLOC_ARENA_MAX", "1")
            ours, theirs = _SPAWN.Pipe()
            self._process = _SPAWN.Process(target=_serve, args=(theirs, self._threads), daemon=True)
            self._process.start()
            theirs.close()
            self._pipe = ours
        return self._process, self._pipe


class _Told(Exception):
    """An error that came back as the call's answer, not one of this side."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


def _answer(pipe: Connection, tell: Progress) -> Any:
    done = 0.0
    while True:
        if not pipe.poll(_LOOK_S):
            tell(done)
            continue
        word, value = pipe.recv()
        if word == "progress":
            done = value
            tell(done)
        elif word == "error":
            raise _Told(value)
        else:
            return value


def _died(exit_code: int | None) -> WorkerDiedError:
    how = f"exit code {exit_code}"
    if exit_code is not None and exit_code < 0:
        with contextlib.suppress(ValueError):
            how = signal.Signals(-exit_code).name
    return WorkerDiedError(
        f"The process at work died ({how}): stopped from outside, or this machine ran out of memory.",
        "Close other programs, use fewer --workers or a smaller --model.",
    )


def _serve(pipe: Connection, threads: int) -> None:
    """The child: answers calls until its parent is gone."""
    os.environ["OMP_NUM_THREADS"] = str(threads)  # before any library is imported that reads it once
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all processes of a terminal; the parent decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    bench = Bench()
    while True:
        try:
            call = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer = ("done", bench.answer(call, lambda fraction: pipe.send(("progress", fraction))))
        except BrokenPipeError:
            return
        except Exception as error:
            answer = ("error", _sendable(error))
        pipe.send(answer)


def _sendable(error: Exception) -> Exception:
    """Libraries' errors do not always survive the way."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
