"""Which stretches of speech are of the same person: means of voice embeddings are merged as long as they lie no further
apart than chance and one person's own variation explain, and the roster helps to say where that ends."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.contracts import SpeakerHints

Floats = NDArray[np.float64]
Labels = NDArray[np.int_]
_MOST_COMPARED = 3000
"""All pairs of this many stretches are compared at most (72 MB); beyond, the longest are."""
_FEW, _SHORTEST = 12, 0.25
"""Where there are fewer stretches than this to compare, stretches of this many pieces are long enough."""
_DIMENSIONS = 60.0
"""Of an embedding's 192, as its chance variation has them: the noise of a squared distance is known to √(2 / this)."""
_ONE_VOICE, _ONE_VOICE_SURE = 0.1, 4
"""Squared distance between stretches of one person where a recording does not tell, worth so many merges."""
_BLUR = 0.03
"""What the same person's stretches may differ by in any recording."""
_ANOTHER = 4.0
"""People differ from each other by about so many times what one person's stretches differ by."""
_FARTHER = 1.0
"""That they differ by more is less of a wonder than that they differ by less."""
_ALONE = 0.9
"""Squared distance to an imagined second person, where there is only one."""
_GAP, _GAP_LISTED = 2.0, 1.0
"""What a gap of factor e between one merge and the next is worth, without and with a roster."""
_SPEAKING, _COUNT_SPREAD, _COUNT_WORST = 0.97, 0.3, 2.0
"""Of the people listed this share speaks, within this factor; a count far off costs no more than the worst."""
_ROUNDS = 4
_OUTLYING = 0.6
"""A short stretch further than this from every voice is somebody else's."""


@dataclass(frozen=True)
class Stretches:
    """means: (stretches, dimensions) mean voice of each stretch's pieces; pieces: (stretches,) how many pieces of usual
    length it rests on; noise: expected squared distance of one such piece from its speaker's mean."""

    means: Floats
    pieces: Floats
    noise: float


@dataclass(frozen=True)
class Limits:
    """In pieces. certain: shorter stretches are not used to find out who is there. smallest: a voice known only from
    short stretches has at least this much speech."""

    certain: float
    smallest: float


@dataclass(frozen=True)
class Merge:
    """Two groups become one (drop joins keep); height is their squared distance less what chance puts between them."""

    height: float
    keep: int
    drop: int


def unit(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows scaled to length one."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: NDArray[np.float32] = (vectors / np.maximum(norms, 1e-9)).astype(np.float32)
    return scaled


def cluster(stretches: Stretches, limits: Limits, hints: SpeakerHints) -> Labels:
    """One label per stretch, 0, 1, 2 … without gaps. The bounds of the hints hold as far as there are stretches."""
    count = len(stretches.means)
    if count == 0:
        return np.zeros(0, dtype=int)
    chosen = _long_enough(stretches.pieces, limits.certain)
    if hints.at_least is not None and len(chosen) < hints.at_least:
        chosen = np.argsort(-stretches.pieces, kind="stable")[: hints.at_least]
    part = Stretches(stretches.means[chosen], stretches.pieces[chosen], stretches.noise)
    merges = agglomerate(part)
    labels = np.full(count, -1)
    groups = best_count([merge.height for merge in merges], hints)
    labels[chosen] = _settled(part, cut(merges, len(chosen), groups))
    most = hints.at_most or count
    return _with_the_short(stretches, labels, limits.smallest, most)


def _long_enough(pieces: Floats, certain: float) -> Labels:
    """Indices of stretches to compare: the long ones; of a short recording shorter ones too, of a very long one not
    all."""
    ranked = np.argsort(-pieces, kind="stable")
    enough = max(1, int((pieces >= certain).sum()), min(_FEW, int((pieces >= _SHORTEST).sum())))
    return np.sort(ranked[: min(_MOST_COMPARED, enough)])


def agglomerate(stretches: Stretches) -> list[Merge]:
    """All merges, closest first: centroid linkage on distances less their noise. Memory and time grow as n²."""
    means, mass = stretches.means.astype(np.float64), stretches.pieces.astype(np.float64)
    count = len(means)
    distances = squared_distances(means, means) - _chance(mass[:, None], mass[None], stretches.noise)
    np.fill_diagonal(distances, np.inf)
    nearest = distances.argmin(1)
    closest = distances[np.arange(count), nearest]
    alive = np.ones(count, dtype=bool)
    merges = []
    for _ in range(count - 1):
        keep = int(closest.argmin())
        drop = int(nearest[keep])
        merges.append(Merge(float(closest[keep]), keep, drop))
        means[keep] = (means[keep] * mass[keep] + means[drop] * mass[drop]) / (mass[keep] + mass[drop])
        mass[keep] += mass[drop]
        alive[drop] = False
        fresh = apart(means[keep], mass[keep], means, mass, stretches.noise)
        fresh[~alive] = np.inf
        fresh[keep] = np.inf
        distances[keep], distances[:, keep] = fresh, fresh
        distances[drop], distances[:, drop] = np.inf, np.inf
        stale = np.flatnonzero(alive & ((nearest == keep) | (nearest == drop) | (fresh < closest)))
        stale = np.union1d(stale, [keep])
        nearest[stale] = distances[stale].argmin(1)
        closest[stale] = distances[stale, nearest[stale]]
        closest[drop] = np.inf
    return merges


def apart(mean: Floats, pieces: float, means: Floats, masses: Floats, noise: float) -> Floats:
    """Squared distances from one mean to others, less the most that chance puts between them."""
    distances: Floats = ((means - mean) ** 2).sum(-1) - _chance(np.float64(pieces), masses, noise)
    return distances


def _chance(some: Floats | np.float64, others: Floats, noise: float) -> Floats:
    most: Floats = noise * (1 / some + 1 / others) * (1 + np.sqrt(2 / _DIMENSIONS))
    return most


def squared_distances(some: Floats, others: Floats) -> Floats:
    """(some, others) without the intermediate of their product with the dimensions."""
    squares: Floats = (some**2).sum(1)[:, None] - 2 * some @ others.T + (others**2).sum(1)[None]
    return squares


def cut(merges: list[Merge], count: int, groups: int) -> Labels:
    """Labels when so many groups are left."""
    labels = np.arange(count)
    for merge in merges[: count - groups]:
        labels[labels == merge.drop] = merge.keep
    renamed: Labels = np.unique(labels, return_inverse=True)[1]
    return renamed


def best_count(heights: list[float], hints: SpeakerHints) -> int:
    """How many people speak: where a wide gap lies between the merges (their heights, in order), at a distance that one
    voice of this recording does not vary by, and near the number that the roster leads to expect."""
    below = np.maximum.accumulate([0.0, *heights])[::-1]  # [k-1]: highest merge made while k groups are left
    above = np.concatenate([[max(_ALONE, below[0])], below[:-1]])
    same = _BLUR + _same_voice(heights)
    gap = np.log((above + same) / (below + same))
    usual = np.log(np.sqrt((below + same) * (above + same)) / (_ANOTHER * same))
    cost = np.where(usual < 0, 1.0, _FARTHER) * usual**2 - (_GAP_LISTED if hints.expected else _GAP) * gap
    counts = np.arange(1, len(below) + 1)
    if hints.expected:
        off = np.log(counts / (_SPEAKING * hints.expected)) / _COUNT_SPREAD
        cost = cost + np.minimum(off**2, _COUNT_WORST)
    least, most = hints.at_least or 1, hints.at_most or len(counts)
    allowed = (counts >= min(least, len(counts))) & (counts <= most)
    return int(counts[allowed][cost[allowed].argmin()])


def _same_voice(heights: list[float]) -> float:
    """What stretches of one person differ by in this recording: most merges are of one person's stretches."""
    count = len(heights)
    middle = max(0.0, float(np.median(heights))) if count else 0.0
    return (count * middle + _ONE_VOICE_SURE * _ONE_VOICE) / (count + _ONE_VOICE_SURE)


def _settled(stretches: Stretches, labels: Labels) -> Labels:
    """Everybody moves to the nearest voice, a few times over (k-means); no voice is left without speech."""
    for _ in range(_ROUNDS):
        centres, _ = centres_of(stretches, labels)
        moved = squared_distances(stretches.means, centres).argmin(1)
        if np.array_equal(moved, labels) or len(np.unique(moved)) < len(centres):
            break
        labels = moved
    return labels


def _with_the_short(stretches: Stretches, labels: Labels, smallest: float, most: int) -> Labels:
    """Short stretches join the nearest voice; those far from all voices are grouped into further ones."""
    labels = labels.copy()
    centres, mass = centres_of(stretches, labels)
    rest = np.flatnonzero(labels < 0)
    distances = np.array(
        [apart(stretches.means[i], stretches.pieces[i], centres, mass, stretches.noise) for i in rest]
    ).reshape(len(rest), len(centres))
    far = rest[distances.min(1) > _OUTLYING]
    if len(far) and len(centres) < most:
        part = Stretches(stretches.means[far], stretches.pieces[far], stretches.noise)
        merges = agglomerate(part)
        groups = cut(merges, len(far), len(far) - sum(merge.height <= _OUTLYING for merge in merges))
        totals = np.bincount(groups, part.pieces)
        for group in np.argsort(-totals, kind="stable")[: most - len(centres)]:
            if totals[group] >= smallest:
                labels[far[groups == group]] = labels.max() + 1
    rest_still = labels[rest] < 0
    labels[rest[rest_still]] = distances[rest_still].argmin(1)
    return labels


def centres_of(stretches: Stretches, labels: Labels) -> tuple[Floats, Floats]:
    """(voices, dimensions) weighted means of labels 0 … n-1, and (voices,) pieces each rests on; labels below 0 do not
    count."""
    known = labels >= 0
    mass = np.bincount(labels[known], stretches.pieces[known]).astype(np.float64)
    sums = np.zeros((len(mass), stretches.means.shape[1]))
    np.add.at(sums, labels[known], stretches.means[known] * stretches.pieces[known, None])
    return sums / mass[:, None], mass
