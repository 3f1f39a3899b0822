"""Which stretches are of the same person: agglomerative clustering of voice embeddings, and splitting further where the
roster says that more people spoke than could be told apart at first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from pipeline.contracts import SpeakerHints

Floats = NDArray[np.float32]
Labels = NDArray[np.int_]
_MOST_COMPARED = 4000
"""All pairs of this many stretches are compared at most (64 MB); beyond, the longest are."""
_MOST_SPLIT = 800
_ROUNDS = 4
_COARSEST = 0.42
"""Voices less alike than this are never taken for one just because the roster is short."""
_FEW = 0.65
_TALKATIVE = 0.9
"""When fewer than the first share of the people on a roster are found, voices are split until there are as many as the
second (a guess at how many of them speak), as far as splits are credible."""
_TOO_MANY = 1.2
"""Splitting goes further by this factor, and the closest voices are joined again: halving favours large voices."""


@dataclass(frozen=True)
class Stretches:
    """voices: (stretches, 192) unit-length mean embeddings; speech_ms: how much clean speech each rests on;
    spread: variance of the voice of one person between two neighbouring pieces, for one piece of piece_ms."""

    voices: Floats
    speech_ms: Floats
    spread: float
    piece_ms: float


@dataclass(frozen=True)
class Limits:
    """threshold: cosine below which voices stay apart; certain_ms: a shorter stretch makes no voice of its own;
    smallest_ms: nor does a group of stretches with less speech in all; doubt: how many times further apart than chance
    two halves of a voice have to lie before a roster makes two people of them."""

    threshold: float
    certain_ms: float
    smallest_ms: float
    doubt: float


def unit(vectors: Floats) -> Floats:
    """Rows scaled to length one."""
    scaled: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return scaled


def centres_of(voices: Floats, weights: Floats, labels: Labels) -> Floats:
    """Weighted mean voice of labels 0 … n-1, unit length; labels below 0 do not count."""
    known = labels >= 0
    sums = np.zeros((labels.max() + 1, voices.shape[1]), dtype=np.float32)
    np.add.at(sums, labels[known], voices[known] * weights[known, None].astype(np.float32))
    return unit(sums)


def cluster(stretches: Stretches, limits: Limits, hints: SpeakerHints) -> Labels:
    """One label per stretch, 0, 1, 2 … without gaps. The bounds of the hints hold as far as there are stretches."""
    if len(stretches.voices) == 0:
        return np.zeros(0, dtype=int)
    labels = _alike(stretches, limits, hints)
    listed = hints.expected or 0
    if labels.max() + 1 < _FEW * listed:
        wanted = min(round(_TALKATIVE * listed), hints.at_most or listed)
        labels = _split(stretches, labels, round(_TOO_MANY * wanted), limits.smallest_ms, limits.doubt)
        labels = _rejoined(stretches, labels, wanted)
    if hints.at_least is not None:
        labels = _split(stretches, labels, hints.at_least, 0.0, 0.0)
    return labels


def _alike(stretches: Stretches, limits: Limits, hints: SpeakerHints) -> Labels:
    """Average linkage over the longer stretches; the rest joins the nearest voice."""
    longest = np.sort(stretches.speech_ms)[::-1]
    floor = min(limits.certain_ms, float(longest[0]))
    if len(longest) > _MOST_COMPARED:
        floor = max(floor, float(longest[_MOST_COMPARED]))
    chosen = stretches.speech_ms >= floor
    labels = np.full(len(stretches.voices), -1)
    if chosen.sum() == 1:
        labels[:] = 0
        return labels
    tree = linkage(stretches.voices[chosen], "average", metric="cosine")
    labels[chosen] = _cut(tree, stretches.speech_ms[chosen], limits, hints)
    return _settled(stretches.voices, stretches.speech_ms, labels)


def _cut(tree: NDArray[np.float64], speech_ms: Floats, limits: Limits, hints: SpeakerHints) -> Labels:
    """Labels of groups with enough speech, -1 for the others. More groups than people listed are joined, while they
    are alike at all; more than the operator's bound are joined in any case."""
    threshold = limits.threshold
    while True:
        labels = _substantial(fcluster(tree, 1 - threshold, "distance") - 1, speech_ms, limits.smallest_ms)
        count = int(labels.max()) + 1
        too_many = hints.at_most is not None and count > hints.at_most
        unlisted = hints.expected is not None and count > hints.expected and threshold > _COARSEST
        if count == 1 or not (too_many or unlisted):
            return labels
        threshold -= 0.01


def _substantial(labels: Labels, speech_ms: Floats, smallest_ms: float) -> Labels:
    """Labels 0 … n-1 for groups with enough speech (at least the largest one), -1 for the others."""
    totals = np.bincount(labels, speech_ms)
    kept = np.flatnonzero(totals >= min(smallest_ms, totals.max()))
    names = np.full(len(totals), -1)
    names[kept] = np.arange(len(kept))
    renamed: Labels = names[labels]
    return renamed


def _settled(voices: Floats, weights: Floats, labels: Labels) -> Labels:
    """Everybody moves to the nearest mean voice, a few times over (spherical k-means)."""
    for _ in range(_ROUNDS):
        centres = centres_of(voices, weights, labels)
        moved = (voices @ centres.T).argmax(1)
        _, moved = np.unique(moved, return_inverse=True)
        if np.array_equal(moved, labels):
            break
        labels = moved
    return labels


def _split(stretches: Stretches, labels: Labels, wanted: int, smallest_ms: float, doubt: float) -> Labels:
    """Splits the voice whose halves lie furthest apart, measured in what one voice varies by chance (Ward's criterion
    over the variance between neighbouring pieces), until there are enough or no split is credible."""
    labels = labels.copy()
    halves: dict[int, tuple[float, Labels, Labels] | None] = {}
    while int(labels.max()) + 1 < wanted:
        for label in range(int(labels.max()) + 1):
            if label not in halves:
                halves[label] = _halves(stretches, np.flatnonzero(labels == label), smallest_ms)
        credible = [(half[0], label) for label, half in halves.items() if half is not None and half[0] >= doubt]
        if not credible:
            break
        _, label = max(credible)
        chosen = halves.pop(label)
        assert chosen is not None
        labels[chosen[2]] = labels.max() + 1
    return labels


def _rejoined(stretches: Stretches, labels: Labels, wanted: int) -> Labels:
    """Joins the two closest mean voices until there are as many as wanted; what chance alone puts between means of
    little speech is taken off their distance."""
    labels = labels.copy()
    weights = np.maximum(stretches.speech_ms / stretches.piece_ms, 0.05)
    while (count := int(labels.max()) + 1) > wanted:
        mass = np.bincount(labels, weights)
        means = np.zeros((count, stretches.voices.shape[1]))
        np.add.at(means, labels, stretches.voices * weights[:, None])
        means /= mass[:, None]
        distances = ((means[:, None] - means[None]) ** 2).sum(-1)
        distances -= stretches.spread / 2 * (1 / mass[:, None] + 1 / mass[None])
        np.fill_diagonal(distances, np.inf)
        keep, drop = sorted(int(x) for x in np.unravel_index(int(distances.argmin()), distances.shape))
        labels[labels == drop] = keep
        labels[labels > drop] -= 1
    return labels


def _halves(stretches: Stretches, members: Labels, smallest_ms: float) -> tuple[float, Labels, Labels] | None:
    """How far apart the best two parts with enough speech lie, and who belongs to which; None when there are none."""
    ranked = members[np.argsort(-stretches.speech_ms[members])]
    compared = ranked[:_MOST_SPLIT]
    weights = np.maximum(stretches.speech_ms[compared] / stretches.piece_ms, 0.05)
    for cost, left, right in reversed(_ward(stretches.voices[compared], weights)):
        if min(weights[left].sum(), weights[right].sum()) * stretches.piece_ms >= smallest_ms:
            sides = np.stack([unit((stretches.voices[compared[s]] * weights[s, None]).sum(0)) for s in (left, right)])
            second = (stretches.voices[members] @ sides.T).argmax(1) == 1
            second[np.isin(members, compared[left])] = False
            second[np.isin(members, compared[right])] = True
            return cost / stretches.spread, members[~second], members[second]
    return None


def _ward(voices: Floats, weights: NDArray[np.float64]) -> list[tuple[float, list[int], list[int]]]:
    """Merges in order: increase of the weighted squared error, and the two sides (scipy's has no weights)."""
    means, mass = voices.astype(np.float64), weights.astype(np.float64)
    sides = [[index] for index in range(len(means))]
    costs = np.maximum(2 - 2 * means @ means.T, 0)  # rows have unit length
    costs *= mass[:, None] * mass[None] / (mass[:, None] + mass[None])
    np.fill_diagonal(costs, np.inf)
    gone = np.zeros(len(means), dtype=bool)
    merges = []
    for _ in range(len(means) - 1):
        keep, drop = (int(x) for x in np.unravel_index(int(costs.argmin()), costs.shape))
        merges.append((float(costs[keep, drop]), sides[keep], sides[drop]))
        means[keep] = (means[keep] * mass[keep] + means[drop] * mass[drop]) / (mass[keep] + mass[drop])
        mass[keep] += mass[drop]
        sides[keep] = sides[keep] + sides[drop]
        gone[drop] = True
        fresh = ((means - means[keep]) ** 2).sum(-1) * mass * mass[keep] / (mass + mass[keep])
        fresh[gone] = np.inf
        fresh[keep] = np.inf
        costs[keep], costs[:, keep] = fresh, fresh
        costs[drop], costs[:, drop] = np.inf, np.inf
    return merges
