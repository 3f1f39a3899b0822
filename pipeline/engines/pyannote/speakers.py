"""Gives every piece of every turn its speaker."""

import numpy as np

from pipeline.contracts import SpeakerHints
from pipeline.engines.pyannote.clustering import Floats, Labels, cluster, nearest, unit
from pipeline.engines.pyannote.embedding import Piece


def speakers(
    parts: list[Piece], voices: Floats, frame_ms: float, certain_ms: int, threshold: float, hints: SpeakerHints
) -> Labels:
    """One label per piece. Turns with little clean speech join the voice they are most like."""
    if not parts:
        return np.zeros(0, dtype=int)
    turn = np.array([part.turn for part in parts])
    clean_ms = np.array([part.clean for part in parts]) * frame_ms
    _, index = np.unique(turn, return_inverse=True)
    weights = np.bincount(index, clean_ms)
    means = np.zeros((len(weights), voices.shape[1]), dtype=np.float32)
    np.add.at(means, index, voices * (clean_ms + 1e-3)[:, None].astype(np.float32))
    means = unit(means)
    certain = weights >= min(certain_ms, weights.max())
    labels = np.zeros(len(weights), dtype=int)
    labels[certain] = cluster(means[certain], threshold, hints)
    centres = centres_of(means[certain], weights[certain], labels[certain])
    labels[~certain] = nearest(means[~certain], centres)
    return labels[index]


def centres_of(voices: Floats, weights: Floats, labels: Labels) -> Floats:
    """Weighted mean voice of labels 0 … n-1, unit length."""
    sums = np.zeros((labels.max() + 1, voices.shape[1]), dtype=np.float32)
    np.add.at(sums, labels, voices * weights[:, None].astype(np.float32))
    return unit(sums)
