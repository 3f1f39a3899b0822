"""Gives every piece of every turn its speaker."""

import numpy as np

from pipeline.contracts import SpeakerHints
from pipeline.engines.pyannote.clustering import Floats, Labels, Limits, Stretches, cluster, unit
from pipeline.engines.pyannote.embedding import Piece

_CLEAR_MS = 500
_SURE_MS = 1000
_USUAL_SPREAD = 0.22
"""Of CAM++ on pieces of 2 s, where a recording has too few neighbouring pieces to measure it."""


def speakers(
    parts: list[Piece], voices: Floats, frame_ms: float, change: float, limits: Limits, hints: SpeakerHints
) -> Labels:
    """One label per piece. Neighbouring pieces of a turn less alike than change (cosine) may be of two people whom the
    local segmentation took for one."""
    if not parts:
        return np.zeros(0, dtype=int)
    voices = unit(voices)
    clean_ms = (np.array([part.clean for part in parts]) * frame_ms).astype(np.float32)
    group, likeness = _groups(parts, voices, clean_ms, change)
    sums = np.zeros((group.max() + 1, voices.shape[1]), dtype=np.float32)
    np.add.at(sums, group, voices * (clean_ms + np.float32(1e-3))[:, None])
    sure = likeness[likeness > change]
    stretches = Stretches(
        voices=unit(sums),
        speech_ms=np.bincount(group, clean_ms).astype(np.float32),
        spread=float(1 - np.median(sure)) if len(sure) >= 5 else _USUAL_SPREAD,
        piece_ms=float(np.median(clean_ms[clean_ms > 0])) if (clean_ms > 0).any() else 1.0,
    )
    labels: Labels = cluster(stretches, limits, hints)[group]
    return labels


def _groups(parts: list[Piece], voices: Floats, clean_ms: Floats, change: float) -> tuple[Labels, Floats]:
    """A number per piece, new where the turn or the voice changes, and how alike neighbours of a turn are where both
    have a second of clean speech. Pieces of a turn follow each other only within the turn, not in the list."""
    group = np.zeros(len(parts), dtype=int)
    last: dict[int, int] = {}
    likeness = []
    used = 0
    for index, part in enumerate(parts):
        before = last.get(part.turn)
        last[part.turn] = index
        if before is not None:
            alike = float(voices[before] @ voices[index])
            shorter = min(clean_ms[before], clean_ms[index])
            if shorter >= _SURE_MS:
                likeness.append(alike)
            if alike >= change or shorter < _CLEAR_MS:
                group[index] = group[before]
                continue
        group[index] = used
        used += 1
    return group, np.array(likeness, dtype=np.float32)
