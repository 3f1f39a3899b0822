"""Reading the one waveform file (16 kHz mono 16-bit WAV) in pieces, shared by all engines, so that none of them ever
needs a whole recording in memory."""

import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.errors import EngineError

Samples = NDArray[np.float32]
"""Shape (samples,), full scale is -1..1."""
SAMPLES_PER_MS = SAMPLE_RATE_HZ // 1000
_FULL_SCALE = np.float32(1 / 32768)


def duration_ms(path: Path) -> int:
    """Length of the waveform, rounded down to whole milliseconds."""
    with _opened(path) as reader:
        return reader.getnframes() // SAMPLES_PER_MS


def read(path: Path, start_ms: int = 0, end_ms: int | None = None) -> Samples:
    """Samples of [start_ms, end_ms); end_ms None means the end. What lies beyond the end of the file is left out, so
    the result may be shorter than asked for, or empty."""
    if start_ms < 0 or (end_ms is not None and end_ms < start_ms):
        raise ValueError(f"not a stretch of time: {start_ms}–{end_ms} ms")
    with _opened(path) as reader:
        total = reader.getnframes()
        start = min(start_ms * SAMPLES_PER_MS, total)
        end = total if end_ms is None else min(end_ms * SAMPLES_PER_MS, total)
        reader.setpos(start)
        return _floats(reader.readframes(end - start))


def blocks(path: Path, samples: int) -> Iterator[Samples]:
    """The whole waveform in order, in blocks of the given number of samples; only the last may be shorter."""
    if samples < 1:
        raise ValueError("a block holds at least one sample")
    with _opened(path) as reader:
        while data := reader.readframes(samples):
            yield _floats(data)


def _floats(data: bytes) -> Samples:
    return np.frombuffer(data, dtype="<i2").astype(np.float32) * _FULL_SCALE


@contextmanager
def _opened(path: Path) -> Iterator[wave.Wave_read]:
    try:
        reader = wave.open(str(path), "rb")  # noqa: SIM115 - closed by the with below; opening fails in ways of its own
    except (OSError, EOFError, wave.Error) as error:
        raise EngineError(
            f"{path.name}: the waveform cannot be read ({error}).", "Run again from the ingest stage.", file=path
        ) from error
    with reader:
        form = (reader.getframerate(), reader.getnchannels(), reader.getsampwidth())
        if form != (SAMPLE_RATE_HZ, 1, 2):
            raise EngineError(
                f"{path.name}: not a 16 kHz mono 16-bit WAV file.", "Run again from the ingest stage.", file=path
            )
        yield reader
