"""Runs pyannote's local segmentation over a waveform of any length: who of up to three voices speaks when, within
overlapping windows of 10 s."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.engines.waveform import duration_ms, read

WINDOW_MS = 10_000
_QUIETEST_RMS = 1e-5
"""Under half a step of 16-bit sound: digital silence is not made loud."""


@dataclass(frozen=True)
class Windows:
    """Posteriors of all windows, small enough to keep for eight hours (half precision, 8 kB per window).

    probabilities: (windows, frames, classes); classes: (classes, voices) which voices speak in each class;
    starts_ms: (windows,); frame_ms: distance of frames; first_ms: centre of the first frame within the window.
    """

    probabilities: NDArray[np.float16]
    classes: NDArray[np.bool_]
    starts_ms: NDArray[np.int64]
    frame_ms: float
    first_ms: float


def window_starts(total_ms: int, step_ms: int) -> list[int]:
    """Where windows begin: every step, the last one flush with the end (one window when the recording is shorter)."""
    last = max(0, total_ms - WINDOW_MS)
    starts = list(range(0, last, step_ms))
    return [*starts, last]


def powerset(voices: int, together: int) -> NDArray[np.bool_]:
    """The classes of a powerset model in its order: nobody, each one, each pair …"""
    sets = [chosen for size in range(together + 1) for chosen in combinations(range(voices), size)]
    return np.array([[voice in chosen for voice in range(voices)] for chosen in sets])


def segment(model: Any, waveform: Path, step_ms: int, batch: int, progress: Callable[[float], None]) -> Windows:
    """All windows of a waveform, each brought to the same level so that a distant microphone loses nobody."""
    import torch

    specification = model.specifications
    classes = powerset(len(specification.classes), specification.powerset_max_classes)
    starts = window_starts(duration_ms(waveform), step_ms)
    results = []
    for first in range(0, len(starts), batch):
        audio = np.stack([_window(waveform, start) for start in starts[first : first + batch]])
        with torch.inference_mode():
            scores = model(torch.from_numpy(audio)[:, None].to(model.device))
        results.append(scores.exp().cpu().numpy().astype(np.float16))
        progress(min(1.0, (first + batch) / len(starts)))
    field = model.receptive_field
    return Windows(
        probabilities=np.concatenate(results),
        classes=classes,
        starts_ms=np.array(starts, dtype=np.int64),
        frame_ms=1000 * field.step,
        first_ms=1000 * (field.start + field.duration / 2),
    )


def _window(waveform: Path, start_ms: int) -> NDArray[np.float32]:
    samples = read(waveform, start_ms, start_ms + WINDOW_MS)
    level = float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0
    padded = np.zeros(WINDOW_MS * SAMPLE_RATE_HZ // 1000, dtype=np.float32)
    padded[: len(samples)] = samples * (0.1 / max(level, _QUIETEST_RMS))
    return padded
