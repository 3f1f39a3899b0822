"""Which turns are of the same person: agglomerative clustering of voice embeddings, with what is known of the number of
speakers as prior."""

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from pipeline.contracts import SpeakerHints

Floats = NDArray[np.float32]
Labels = NDArray[np.int_]


def unit(vectors: Floats) -> Floats:
    """Rows scaled to length one."""
    scaled: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return scaled


def cluster(voices: Floats, threshold: float, hints: SpeakerHints) -> Labels:
    """Labels 0, 1, 2 … of unit-length rows, by average linkage; voices less alike than threshold (cosine) stay apart.

    The bounds of the hints hold wherever there are enough rows.
    """
    if len(voices) < 2:
        return np.zeros(len(voices), dtype=int)
    tree = linkage(voices, "average", metric="cosine")
    heights = tree[:, 2]
    count = len(voices) - int((heights <= 1 - threshold).sum())
    count = max(count, hints.at_least or 1)
    count = min(count, hints.at_most or count, len(voices))
    labels: Labels = fcluster(tree, count, "maxclust") - 1
    return labels


def nearest(voices: Floats, centres: Floats) -> Labels:
    """The most similar centre of each row; rows and centres of unit length."""
    best: Labels = (voices @ centres.T).argmax(1)
    return best
