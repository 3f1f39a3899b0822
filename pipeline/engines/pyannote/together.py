"""Two who speak at once are two: pieces of one voice that the segmentation hears together for long are told apart."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.engines.pyannote.clustering import Labels, unit
from pipeline.engines.pyannote.embedding import LEAST_CLEAN_MS, Piece
from pipeline.engines.pyannote.tracks import Timeline

_LONG_MS = 1000.0
"""A shorter overlap with oneself is an error of the segmentation (reverberation) more often than another person."""
_NEAR_MS = 10_000.0
_SAME_TRACK = 0.3
"""Cosine that a label gains by being another piece's of the same track, which the segmentation followed."""
Frames = list[tuple[int, int]]


def told_apart(timeline: Timeline, parts: Sequence[Piece], voices: NDArray[np.float32], labels: Labels) -> Labels:
    """The labels, where of two pieces heard together the one with less clean speech goes to the next likely voice that
    does not speak there. Where there is only one voice, nothing changes."""
    labels = labels.copy()
    clean = np.array([part.clean for part in parts])
    embedded = unit(voices)
    sums = np.zeros((labels.max(initial=0) + 1, embedded.shape[1]))
    np.add.at(sums, labels, embedded * (clean[:, None] + 1e-3))
    likeness = embedded @ unit(sums).T
    heard = _heard(timeline, parts)
    longest = round(_LONG_MS / timeline.frame_ms)
    crowded = [i for i, part in enumerate(parts) if part.clean <= part.end - part.start - longest]
    for index in sorted(crowded, key=lambda i: (clean[i], i)):
        others = _heard_with(index, parts, heard, longest)
        if not any(labels[o] == labels[index] and (clean[o], o) > (clean[index], index) for o in others):
            continue
        score = likeness[index].copy()
        for label in _of_the_track(index, parts, labels, timeline.frame_ms):
            score[label] += _SAME_TRACK
        score[labels[others]] = -np.inf
        if np.isfinite(score).any():
            labels[index] = score.argmax()
    return labels


def _heard(timeline: Timeline, parts: Sequence[Piece]) -> list[Frames]:
    """For each piece, when its track speaks within it."""
    of_track: dict[int, Frames] = defaultdict(list)
    for stretch in timeline.stretches:
        of_track[stretch.track].append((stretch.start, stretch.end))
    return [
        [(max(a, part.start), min(b, part.end)) for a, b in of_track[part.track] if a < part.end and b > part.start]
        for part in parts
    ]


def _heard_with(index: int, parts: Sequence[Piece], heard: Sequence[Frames], longest: int) -> list[int]:
    """Pieces of other tracks that speak together with this one for so many frames. Pieces are in order of time."""
    own = parts[index]
    near = [o for o, p in enumerate(parts) if p.track != own.track and p.start < own.end and p.end > own.start]
    return [o for o in near if _common(heard[index], heard[o]) >= longest]


def _common(some: Frames, others: Frames) -> int:
    return sum(max(0, min(b, d) - max(a, c)) for a, b in some for c, d in others)


def _of_the_track(index: int, parts: Sequence[Piece], labels: Labels, frame_ms: float) -> list[int]:
    own = parts[index]
    return [
        int(labels[other])
        for other, part in enumerate(parts)
        if other != index
        and part.track == own.track
        and abs(part.start - own.start) * frame_ms < _NEAR_MS
        and part.clean * frame_ms > LEAST_CLEAN_MS
    ]
