"""Engines as they are met in the wild: one that crashes, one that lies, one without memory, one without end."""

from pathlib import Path

from pipeline.contracts import Fingerprint, Progress


class StrangeEngine:
    """Counts how it is handled; every kind overrides ask()."""

    def __init__(self) -> None:
        self.opened = 0
        self.closed = 0

    def fingerprint(self) -> Fingerprint:
        return Fingerprint(name=type(self).__name__, version="1")

    def open(self) -> None:
        self.opened += 1

    def close(self) -> None:
        self.closed += 1

    def ask(self, waveform: Path, progress: Progress) -> object:
        raise NotImplementedError


class CrashingEngine(StrangeEngine):
    def ask(self, waveform: Path, progress: Progress) -> object:
        raise RuntimeError("CUDA error:\nan illegal memory access was encountered")


class LyingEngine(StrangeEngine):
    def ask(self, waveform: Path, progress: Progress) -> object:
        return {"spans": "everywhere"}


class OutOfMemoryEngine(StrangeEngine):
    def ask(self, waveform: Path, progress: Progress) -> object:
        raise MemoryError


class UnopenableEngine(StrangeEngine):
    def open(self) -> None:
        raise OSError("libc10_cuda.so: cannot open shared object file")


class EndlessEngine(StrangeEngine):
    """Works for ever, until the person who watches the progress presses Ctrl-C."""

    def ask(self, waveform: Path, progress: Progress) -> object:
        done = 0.0
        while True:
            done = (done + 1) / 2
            progress(done)
