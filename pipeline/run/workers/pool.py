"""Some workers behind one small interface: each does one call at a time, those who wait take turns."""

import threading
from collections.abc import Sequence
from typing import Any, Protocol

from pipeline.contracts import Progress
from pipeline.run.workers.calls import Bench, Call, Kind


class Worker(Protocol):
    """Does calls, one at a time."""

    def run(self, call: Call, tell: Progress) -> Any:
        """The engine's answer, or its error. tell is called in this thread, at least every second or two where that is
        possible; what it raises ends the call. Raises WorkerDiedError; the next call finds a new worker."""
        ...

    def close(self) -> None: ...


class InProcess:
    """Works in the calling thread: for tests, and to look into something with a debugger."""

    def __init__(self) -> None:
        self._bench = Bench()

    def run(self, call: Call, tell: Progress) -> Any:
        return self._bench.answer(call, tell)

    def close(self) -> None:
        self._bench.close()


class Pool:
    """Use as a context manager: leaving it ends the workers. keeps: whether engines stay open for the next meeting;
    without, a worker ends as soon as nothing more is asked of the engines it has, and its memory is free."""

    def __init__(self, workers: Sequence[Worker], keeps: bool = True) -> None:
        self._keeps = keeps
        self._all = tuple(workers)
        self._idle = list(workers)
        self._has: dict[int, set[Kind]] = {id(worker): set() for worker in workers}
        self._change = threading.Condition()

    @property
    def size(self) -> int:
        return len(self._all)

    def run(self, call: Call, tell: Progress) -> Any:
        """Waits for a worker, then as Worker.run."""
        worker = self._taken(call.kind)
        try:
            return worker.run(call, tell)
        finally:
            with self._change:
                self._idle.append(worker)
                self._change.notify()

    def done_with(self, kind: Kind) -> None:
        """This meeting asks no more of these engines."""
        if self._keeps:
            return
        with self._change:
            for worker in self._all:
                kinds = self._has[id(worker)]
                if kinds == {kind}:
                    worker.close()
                kinds.discard(kind)

    def close(self) -> None:
        for worker in self._all:
            worker.close()

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _taken(self, kind: Kind) -> Worker:
        """One that has this engine open already if there is one, else the one with fewest engines: models cost time to
        load and memory to keep."""
        with self._change:
            self._change.wait_for(lambda: self._idle)
            worker = min(self._idle, key=lambda w: (kind not in self._has[id(w)], len(self._has[id(w)])))
            self._idle.remove(worker)
            self._has[id(worker)].add(kind)
            return worker
