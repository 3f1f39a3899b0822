"""One pass over the waveform: levels, clipping and spectrum, in memory that does not grow with the samples."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.records.speech import Speech

Samples = NDArray[np.float32]
"""Shape (samples,), full scale is -1..1."""
FRAME_MS = 20
_FRAME = SAMPLE_RATE_HZ * FRAME_MS // 1000
_FFT = 512
BIN_HZ = SAMPLE_RATE_HZ / _FFT
_EVERY = 5
"""Spectra are taken of every fifth frame: their means need no more."""
_SILENCE = 1e-12
_CLIPPED = 0.999


@dataclass(frozen=True)
class Sound:
    """level_db: dB full scale of each 20 ms frame; clipped: whether it has samples at full scale; speech: whether
    somebody speaks in it. spectrum, pause_spectrum: mean power per bin (257 of 31.25 Hz) in speech and between."""

    level_db: NDArray[np.float32]
    clipped: NDArray[np.bool_]
    speech: NDArray[np.bool_]
    peak: float
    spectrum: NDArray[np.float64]
    pause_spectrum: NDArray[np.float64]

    @property
    def duration_ms(self) -> int:
        return len(self.level_db) * FRAME_MS

    def frames(self, start_ms: int, end_ms: int) -> slice:
        """The frames of a stretch of time, at least one where there is any."""
        first = min(start_ms // FRAME_MS, max(len(self.level_db) - 1, 0))
        return slice(first, max(first + 1, -(-end_ms // FRAME_MS)))


def listen(blocks: Iterable[Samples], speech: Speech) -> Sound:
    """blocks: the waveform in order (16 kHz); speech: where somebody speaks in it."""
    levels: list[NDArray[np.float32]] = []
    clipped: list[NDArray[np.bool_]] = []
    sums = np.zeros((2, _FFT // 2 + 1))
    numbers = np.zeros(2)
    peak = 0.0
    window = np.hanning(_FRAME)
    spoken = _Spoken(speech)
    done = 0
    for frames in _framed(blocks):
        levels.append((10 * np.log10(np.mean(frames**2, axis=1) + _SILENCE)).astype(np.float32))
        clipped.append((np.abs(frames) >= _CLIPPED).sum(axis=1) > 1)
        peak = max(peak, float(np.abs(frames).max()))
        mask = spoken.mask(done, len(frames))[::_EVERY]
        power = np.abs(np.fft.rfft(frames[::_EVERY] * window, _FFT)) ** 2
        for kind in (0, 1):
            sums[kind] += power[mask == bool(kind)].sum(axis=0)
            numbers[kind] += (mask == bool(kind)).sum()
        done += len(frames)
    pause_spectrum, spectrum = sums / np.maximum(numbers, 1)[:, None]
    return Sound(
        level_db=np.concatenate(levels) if levels else np.zeros(0, np.float32),
        clipped=np.concatenate(clipped) if clipped else np.zeros(0, bool),
        speech=spoken.mask(0, done),
        peak=peak,
        spectrum=spectrum,
        pause_spectrum=pause_spectrum,
    )


def _framed(blocks: Iterable[Samples]) -> Iterator[NDArray[np.float64]]:
    """The same samples in whole frames: shape (frames, samples). What does not fill a frame at the end is left out."""
    left = np.zeros(0, np.float32)
    for block in blocks:
        joined = np.concatenate([left, block])
        whole = len(joined) // _FRAME * _FRAME
        left = joined[whole:]
        if whole:
            yield joined[:whole].reshape(-1, _FRAME).astype(np.float64)


class _Spoken:
    """Speech spans as frames."""

    def __init__(self, speech: Speech) -> None:
        self._edges = [(span.start_ms // FRAME_MS, -(-span.end_ms // FRAME_MS)) for span in speech.spans]

    def mask(self, start: int, size: int) -> NDArray[np.bool_]:
        found = np.zeros(size, bool)
        for first, last in self._edges:
            if last > start and first < start + size:
                found[max(0, first - start) : last - start] = True
        return found
