"""From overlapping local windows to one timeline of stretches, each of one voice as far as segmentation can tell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.optimize import linear_sum_assignment

from pipeline.engines.pyannote.segmentation import Windows

_SHARED_FRAMES = 9
"""Two local voices need to speak together for this long (0.15 s) to be taken for the same."""
_SHARED_PART = 0.4
_AROUND_MS = 10_000
_LEAST_SPOKEN = 0.02
_DOUBT, _THRESHOLD = (0.2, 0.5), (0.75, 0.3)
"""Share of wavering frames, and the threshold of speech at that share; chosen on made meetings and AMI excerpts."""
_TOGETHER = 0.35
"""Probability from which two voices are taken to speak at once: the likeliest class alone hears only half of it."""


@dataclass(frozen=True)
class Stretch:
    """Frames [start, end) of the timeline during which the voice of a track speaks. A track is one voice as followed
    through neighbouring windows; the same person comes back under other tracks."""

    track: int
    start: int
    end: int


@dataclass(frozen=True)
class Timeline:
    """frame i is centred at i * frame_ms (+ the offset below one frame that is left out). voices: how many speak."""

    stretches: list[Stretch]
    voices: NDArray[np.uint8]
    frame_ms: float


def timeline(windows: Windows) -> Timeline:
    """Each moment is taken from the window in whose middle it lies; tracks are carried over by how well the voices of
    neighbouring windows agree where the windows overlap."""
    count, frames, _ = windows.probabilities.shape
    offsets = np.rint((windows.starts_ms + windows.first_ms) / windows.frame_ms).astype(int)
    cuts = np.rint((offsets[:-1] + frames + offsets[1:]) / 2).astype(int)
    bounds = np.concatenate([[0], cuts, [offsets[-1] + frames]])
    total = int(bounds[-1])
    speaking, together = _speaking(windows, offsets, total)
    size = windows.classes.sum(1)
    voices = np.zeros(total, dtype=np.uint8)
    stretches: list[Stretch] = []
    names = np.zeros(0, dtype=int)
    before = np.zeros((0, 0), dtype=np.float32)
    used = 0
    for index in range(count):
        scores = windows.probabilities[index].astype(np.float32)
        marginals = scores @ windows.classes
        names, used = _carry_over(names, before, marginals, offsets[index] - offsets[max(0, index - 1)], used)
        before = marginals
        start, end = max(int(bounds[index]), int(offsets[index])), int(bounds[index + 1])
        inner = scores[start - offsets[index] : end - offsets[index]]
        heard = inner[:, size > 1].sum(1) > _TOGETHER / 2  # by this window too, so that it knows who
        several = (together[start : start + len(inner)] & heard)[:, None]
        alone, pair = (_likeliest(inner, windows.classes, size == 1), _likeliest(inner, windows.classes, size > 1))
        loudest = np.where(several, pair, alone)
        active = loudest & speaking[start : start + len(inner), None]
        voices[start : start + len(active)] = active.sum(1)
        for local, track in enumerate(names):
            stretches += [Stretch(int(track), start + a, start + b) for a, b in runs(active[:, local])]
    return Timeline(_joined(stretches), voices, windows.frame_ms)


def _likeliest(
    scores: NDArray[np.float32], classes: NDArray[np.bool_], allowed: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """(frames, voices): who speaks in the most probable of the classes allowed; nobody where none is."""
    if not allowed.any():
        return np.zeros((len(scores), classes.shape[1]), dtype=bool)
    found: NDArray[np.bool_] = classes[allowed][scores[:, allowed].argmax(1)]
    return found


def _speaking(windows: Windows, offsets: NDArray[np.int_], total: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where anybody speaks, and where several do: all windows' opinions, those near a window's middle counting more.
    Where they are clear, a strict threshold keeps pauses and reverberation out; where they waver (a distant or quiet
    voice), a low one keeps the voice in."""
    sums, weights = np.zeros((2, total)), np.zeros(total)
    bell = np.hamming(windows.probabilities.shape[1])
    several = windows.classes.sum(1) > 1
    for offset, scores in zip(offsets, windows.probabilities, strict=True):
        inside = slice(offset, offset + len(bell))
        sums[0, inside] += bell * (1 - scores[:, 0].astype(np.float64))
        sums[1, inside] += bell * scores[:, several].sum(1, dtype=np.float64)
        weights[inside] += bell
    speech, together = sums / np.maximum(weights, 1e-9)
    around = round(_AROUND_MS / windows.frame_ms)
    wavering = uniform_filter1d(((speech > 0.1) & (speech < 0.9)).astype(float), around, mode="nearest")
    spoken = uniform_filter1d((speech > 0.5).astype(float), around, mode="nearest")
    doubt = wavering / np.maximum(spoken, _LEAST_SPOKEN)
    speaking: NDArray[np.bool_] = speech > np.interp(doubt, _DOUBT, _THRESHOLD)
    return speaking, together > _TOGETHER


def runs(active: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Half-open index ranges where a mask is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], active, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _carry_over(
    names: NDArray[np.int_], before: NDArray[np.float32], now: NDArray[np.float32], shift: int, used: int
) -> tuple[NDArray[np.int_], int]:
    """Tracks of this window's local voices, and how many tracks there are by now."""
    fresh = np.arange(used, used + now.shape[1])
    used += now.shape[1]
    shared = len(before) - shift
    if not len(names) or shared <= 0:
        return fresh, used
    old, new = before[shift:], now[:shared]
    together = old.T @ new
    least = np.minimum(old.sum(0)[:, None], new.sum(0)[None, :])
    rows, columns = linear_sum_assignment(-together)
    for row, column in zip(rows, columns, strict=True):
        if together[row, column] >= max(_SHARED_FRAMES, _SHARED_PART * least[row, column]):
            fresh[column] = names[row]
    return fresh, used


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """Stretches of one track that touch become one; in order of time."""
    joined: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda s: (s.track, s.start)):
        last = joined[-1] if joined else None
        if last is not None and last.track == stretch.track and stretch.start <= last.end:
            joined[-1] = Stretch(last.track, last.start, max(last.end, stretch.end))
        else:
            joined.append(stretch)
    return sorted(joined, key=lambda s: (s.start, s.end))
