"""Writing the one waveform file: complete under its name or absent, readable by its owner only, whatever happens."""

import errno
import math
import os
import wave
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.errors import DiskFullError, OutputError
from pipeline.store.files import put_in_place

_SAMPLES_PER_MS = SAMPLE_RATE_HZ // 1000
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class WaveformWriter:
    """Context manager: samples go to a temporary file beside path; finish() puts it in place, leaving without it
    removes it. Raises DiskFullError where there is no room, OutputError where the folder cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.temporary = path.with_name(f".{path.name}.part")
        self._samples = 0
        self._peak = 0

    def __enter__(self) -> Self:
        with self._disk():
            self.temporary.unlink(missing_ok=True)
            descriptor = os.open(
                self.temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
            )
            self._file = os.fdopen(descriptor, "wb")
        self._wave = wave.open(self._file, "wb")
        self._wave.setnchannels(1)
        self._wave.setsampwidth(2)
        self._wave.setframerate(SAMPLE_RATE_HZ)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # After a failed write, closing tries to write the rest and fails again: nothing new to report.
        with suppress(OSError):
            self._wave.close()
        with suppress(OSError):
            self._file.close()
        self.temporary.unlink(missing_ok=True)

    @property
    def duration_ms(self) -> int:
        return self._samples // _SAMPLES_PER_MS

    @property
    def peak_dbfs(self) -> float | None:
        """Loudest sample so far; None for digital silence."""
        return round(20 * math.log10(self._peak / 32768), 2) if self._peak else None

    def write(self, samples: NDArray[np.int16]) -> None:
        """Appends samples, shape (samples,)."""
        if not len(samples):
            return
        with self._disk():
            self._wave.writeframesraw(samples.tobytes())
        self._samples += len(samples)
        self._peak = max(self._peak, int(samples.max()), -int(samples.min()))

    def fill_millisecond(self) -> None:
        """Silence up to the next whole millisecond: parts start on one, or the time base would drift."""
        self.write(np.zeros(-self._samples % _SAMPLES_PER_MS, dtype=np.int16))

    def finish(self) -> None:
        """Puts the file in place."""
        with self._disk():
            self._wave.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            put_in_place(self.temporary, self.path)

    @contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise DiskFullError(
                    f"{self.path.parent}: no room for the waveform (2 MB per minute).",
                    "Free some space, or name another --out, and run again.",
                    file=self.path.parent,
                ) from error
            raise OutputError(
                f"{self.path.parent}: cannot be written to ({error.strerror}).",
                "Name an --out folder that you may write to.",
                file=self.path.parent,
            ) from error
