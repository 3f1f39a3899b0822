"""How high a voice speaks: what voice embeddings leave out where two people sound alike, and nearly constant within one
person and meeting."""

import numpy as np
from numpy.typing import NDArray

from pipeline.contracts import SAMPLE_RATE_HZ

Floats = NDArray[np.float32]
FRAME_MS = 20
_RATE_HZ = SAMPLE_RATE_HZ // 2
_WINDOW, _TRANSFORM = _RATE_HZ * 40 // 1000, 1024
_LOWEST_HZ, _HIGHEST_HZ = 70, 420
_VOICED = 0.75
"""Autocorrelation from which a frame is taken to be voiced."""
_FIRST_PEAK = 0.9
"""Share of the highest peak that an earlier one needs to be believed: later ones are multiples of the period."""
_REFERENCE_HZ = 100.0


def semitones(samples: Floats) -> Floats:
    """Pitch every FRAME_MS in semitones above 100 Hz, NaN where nothing is voiced. Autocorrelation over that of the
    window, after Boersma (1993), at half the sampling rate."""
    half = samples[: len(samples) // 2 * 2].reshape(-1, 2).mean(1)
    hop = _RATE_HZ * FRAME_MS // 1000
    count = (len(half) - _WINDOW) // hop + 1
    if count < 1:
        return np.zeros(0, dtype=np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(half, _WINDOW)[::hop][:count]
    window = np.hanning(_WINDOW).astype(np.float32)
    likeness = _autocorrelation((frames - frames.mean(1, keepdims=True)) * window)
    shape = _autocorrelation(window[None])[0]
    likeness = likeness / np.maximum(likeness[:, :1], 1e-12) / (shape / shape[0])
    shortest = _RATE_HZ // _HIGHEST_HZ
    lags = likeness[:, shortest - 1 : _RATE_HZ // _LOWEST_HZ + 1]
    inner = lags[:, 1:-1]
    peaks = (inner >= lags[:, :-2]) & (inner >= lags[:, 2:])
    best = np.where(peaks, inner, 0).max(1)
    first = (peaks & (inner >= _FIRST_PEAK * best[:, None])).argmax(1) + shortest
    pitch = 12 * np.log2(_RATE_HZ / first / _REFERENCE_HZ)
    return np.where(best >= _VOICED, pitch, np.nan).astype(np.float32)


def _autocorrelation(frames: Floats) -> Floats:
    spectrum = np.abs(np.fft.rfft(frames, _TRANSFORM)) ** 2
    correlation: Floats = np.fft.irfft(spectrum)[:, :_WINDOW].astype(np.float32)
    return correlation
