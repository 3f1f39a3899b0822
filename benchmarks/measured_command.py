"""Seconds and peak memory of a command and all processes it starts, for the benchmarks of whole programs."""

import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

ROOT = Path(__file__).resolve().parents[1]
MAIN = "from pipeline.cli.main import main; main()"
"""For python -c: kaigiroku of this checkout, installed or not."""
_LOOK_S = 0.2


class Run(NamedTuple):
    """answer: what it wrote on stdout. seconds: start-up included."""

    answer: str
    seconds: float
    peak_mib: float


def measured(command: Sequence[str]) -> Run:
    """Run it in the checkout to its end; one that fails ends the benchmark with what it said."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", cwd=ROOT)
    peak = _Peak(process.pid)
    answer, told = process.communicate()
    seconds = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(f"failed: {' '.join(command)}\n{told[-2000:]}")
    return Run(answer, seconds, peak.mib())


class _Peak:
    """Most memory that a process and its children held at once, shared pages counted once (PSS; resident size where
    the system does not tell)."""

    def __init__(self, pid: int) -> None:
        self._most = 0
        self._thread = threading.Thread(target=self._watch, args=(psutil.Process(pid),))
        self._thread.start()

    def mib(self) -> float:
        self._thread.join()
        return self._most / 2**20

    def _watch(self, process: psutil.Process) -> None:
        while True:
            try:
                family = [process, *process.children(recursive=True)]
                if process.status() == psutil.STATUS_ZOMBIE:
                    return
            except psutil.NoSuchProcess:
                return
            self._most = max(self._most, sum(map(_held, family)))
            time.sleep(_LOOK_S)


def _held(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", 0) or full.rss)
    except psutil.Error:
        return 0
