"""Gives every piece of every turn its speaker: pieces that follow each other and sound alike form stretches, stretches
are clustered, and every piece goes to the voice that it and its stretch are most like."""

import numpy as np
from numpy.typing import NDArray

from pipeline.contracts import SpeakerHints
from pipeline.engines.pyannote.clustering import (
    Floats,
    Labels,
    Limits,
    Stretches,
    apart,
    centres_of,
    cluster,
    squared_distances,
    unit,
)
from pipeline.engines.pyannote.embedding import LEAST_CLEAN_MS, Piece

USUAL_NOISE = 0.21
"""Squared distance of a piece of 2 s from its speaker's mean, as CAM++ has it, where a recording does not tell."""
_WHOLE_MS = 2000.0
_FOLLOWS_MS = 900.0
"""A voice seldom goes on after a longer pause without having been told apart from the last one."""
_PER_SEMITONE, _HIGHEST = 0.15, 10.0
"""What a semitone is worth beside the embedding, and semitones from the usual pitch beyond which it says no more."""
_STRETCH = 2.0
"""What a piece's stretch says of its voice, beside the piece itself."""
_SIDE, _DIFFERENT, _SURPRISE = 2.5, 0.06, 3.5
"""Pieces on each side of a cut inside a stretch, squared distance between the sides, and times what chance makes it."""
_ALIKE, _NEXT_ALIKE = 0.25, 0.55
"""Squared distance within which a piece goes on with its stretch, and cosine to the piece before."""


def speakers(
    parts: list[Piece],
    voices: NDArray[np.float32],
    pitch: NDArray[np.float32],
    frame_ms: float,
    limits: Limits,
    hints: SpeakerHints,
) -> Labels:
    """One label per piece. voices: (pieces, 192). pitch: (pieces,) semitones, NaN where nothing was voiced."""
    if not parts:
        return np.zeros(0, dtype=int)
    weight = np.maximum(np.array([part.clean for part in parts]) * frame_ms / _WHOLE_MS, 1e-3)
    stretch = _stretches(parts, unit(voices).astype(np.float64), weight, frame_ms)
    known = np.flatnonzero(stretch >= 0)
    if not len(known):
        return np.zeros(len(parts), dtype=int)
    heard = _with_pitch(unit(voices), pitch, weight, stretch)
    stretch = _divided(heard, weight, stretch)
    mass = np.bincount(stretch[known], weight[known]).astype(np.float64)
    means = np.zeros((len(mass), heard.shape[1]))
    np.add.at(means, stretch[known], heard[known] * weight[known, None])
    means /= mass[:, None]
    found = Stretches(means, mass, _noise(heard, weight, stretch, means))
    labels = cluster(found, limits, hints)
    centres, _ = centres_of(found, labels)
    far = squared_distances(heard, centres)
    far[known] += _STRETCH * squared_distances(means, centres)[stretch[known]]
    assigned: Labels = far.argmin(1)
    return np.unique(assigned, return_inverse=True)[1]


def _with_pitch(embedded: NDArray[np.float32], pitch: NDArray[np.float32], weight: Floats, stretch: Labels) -> Floats:
    """(pieces, 193): pitch as one more dimension; where a piece has none, that of its stretch, else the usual one."""
    known = np.isfinite(pitch)
    usual = float(np.median(pitch[known])) if known.any() else 0.0
    filled = np.where(known, pitch, usual).astype(np.float64)
    for number in np.unique(stretch[~known]):
        same = known & (stretch == number)
        if number >= 0 and same.any():
            filled[~known & (stretch == number)] = np.average(pitch[same], weights=weight[same])
    scaled = _PER_SEMITONE * np.clip(filled - usual, -_HIGHEST, _HIGHEST)
    return np.column_stack([embedded.astype(np.float64), scaled])


def _stretches(parts: list[Piece], embedded: Floats, weight: Floats, frame_ms: float) -> Labels:
    """A number per piece in order of time, -1 where there is too little clean speech to tell."""
    stretch = np.full(len(parts), -1)
    total, mass, last = np.zeros(embedded.shape[1]), 0.0, -1
    for index in sorted(range(len(parts)), key=lambda i: (parts[i].start, parts[i].end)):
        if weight[index] * _WHOLE_MS < LEAST_CLEAN_MS:
            continue
        own = embedded[index] * weight[index]
        goes_on = last >= 0 and (parts[index].start - parts[last].end) * frame_ms <= _FOLLOWS_MS
        if goes_on:
            distance = apart(total / mass, mass, embedded[None, index], weight[None, index], USUAL_NOISE)[0]
            short = min(weight[index], weight[last]) < 0.5
            goes_on = distance <= _ALIKE and (short or embedded[last] @ embedded[index] >= _NEXT_ALIKE)
        total, mass = (total + own, mass + weight[index]) if goes_on else (own, float(weight[index]))
        stretch[index] = stretch[last] if goes_on else stretch.max() + 1
        last = index
    return stretch


def _divided(heard: Floats, weight: Floats, stretch: Labels) -> Labels:
    """Stretches cut where both sides as a whole differ by more than chance: two people whose pieces are alike."""
    divided = np.full(len(stretch), -1)
    used = 0
    for number in range(stretch.max() + 1):
        parts = [np.flatnonzero(stretch == number)]
        while parts:
            members = parts.pop()
            place = _best_cut(heard[members], weight[members])
            if place:
                parts += [members[place:], members[:place]]
            else:
                divided[members] = used
                used += 1
    return divided


def _best_cut(heard: Floats, weight: Floats) -> int:
    """Number of pieces before the cut; 0 when there is none. Pieces in order of time."""
    mass = np.cumsum(weight)
    left, right = mass[:-1], mass[-1] - mass[:-1]
    sums = np.cumsum(heard * weight[:, None], axis=0)
    means = sums[:-1] / left[:, None], (sums[-1] - sums[:-1]) / np.maximum(right, 1e-9)[:, None]
    squares = ((means[0] - means[1]) ** 2).sum(1)
    chance = USUAL_NOISE * (1 / left + 1 / np.maximum(right, 1e-9))
    surprise = np.where((np.minimum(left, right) >= _SIDE) & (squares - chance >= _DIFFERENT), squares / chance, 0.0)
    return int(surprise.argmax()) + 1 if len(surprise) and surprise.max() >= _SURPRISE else 0


def _noise(embedded: Floats, weight: Floats, stretch: Labels, means: Floats) -> float:
    """How far a whole piece lies from its stretch's mean, from stretches of at least three whole pieces."""
    whole = (stretch >= 0) & (weight >= 0.5)
    size = np.bincount(stretch[whole], minlength=len(means))
    used = np.flatnonzero(whole)[size[stretch[whole]] >= 3]
    if len(used) < 10:
        return USUAL_NOISE
    squares = ((embedded[used] - means[stretch[used]]) ** 2).sum(1) * weight[used]
    share = 1 - 1 / size[stretch[used]]
    return float(squares.sum() / share.sum())
