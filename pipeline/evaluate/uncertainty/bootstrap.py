"""95 % confidence intervals of rates by bootstrap over turns, or over meetings and their turns."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.records.base import Record

RESAMPLES = 1000
_SEED = 20200527
_BLOCK = 100
"""Resamples drawn at once: bounds memory at 100 × turns."""
_TAILS = (2.5, 97.5)
Counts = NDArray[np.float64]
"""Shape (turns, 2): errors and reference characters of each turn."""


class Interval(Record):
    """Within which the true figure lies, 95 times of 100."""

    low: float
    high: float

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


def table(turns: Sequence[tuple[int, int]]) -> Counts:
    """Errors and reference characters of turns as numbers to draw from."""
    return np.array(turns, dtype=float).reshape(-1, 2)


def rate_interval(meetings: Sequence[Counts], resamples: int = RESAMPLES) -> Interval | None:
    """Of the recognition rate 100 - 100 × ΣE/ΣN in per cent. None where fewer than two turns can be drawn.

    Bisani and Ney, Bootstrap estimates for confidence intervals in ASR performance evaluation (ICASSP 2004). One
    meeting: its turns are drawn with replacement. Several: meetings are drawn, then turns within each, so that the
    interval speaks of meetings not yet recorded. Spreads are widened by √(n/(n-1)), which percentiles lack on few
    units. The seed is fixed: the same counts give the same interval.
    """
    filled = [meeting for meeting in meetings if meeting[:, 1].sum() > 0]
    if sum(len(meeting) for meeting in filled) < 2:
        return None
    drawn = np.concatenate(list(_totals(filled, resamples)))
    rates = 100 * (1 - drawn[:, 0] / np.maximum(drawn[:, 1], 1))
    total = np.sum([meeting.sum(axis=0) for meeting in filled], axis=0)
    wide = _widened(rates, 100 * (1 - total[0] / total[1]), _units(filled))
    return Interval(low=wide.low, high=min(100.0, wide.high))


def difference_interval(meetings: Sequence[tuple[Counts, Counts]], resamples: int = RESAMPLES) -> Interval | None:
    """Of the difference of two systems' recognition rates (first - second) in points, on the same turns: each draw
    takes the same turns for both, so that what is hard for both cancels out."""
    filled = [np.hstack(pair) for pair in meetings if pair[0][:, 1].sum() > 0]
    if sum(len(meeting) for meeting in filled) < 2:
        return None
    drawn = np.concatenate(list(_totals(filled, resamples)))
    differences = 100 * (drawn[:, 2] / np.maximum(drawn[:, 3], 1) - drawn[:, 0] / np.maximum(drawn[:, 1], 1))
    total = np.sum([meeting.sum(axis=0) for meeting in filled], axis=0)
    return _widened(differences, 100 * (total[2] / total[3] - total[0] / total[1]), _units(filled))


def _units(meetings: list[NDArray[np.float64]]) -> int:
    return len(meetings) if len(meetings) > 1 else len(meetings[0])


def _totals(meetings: list[NDArray[np.float64]], resamples: int) -> Iterator[NDArray[np.float64]]:
    """Summed columns of each resample, in blocks: shape (block, columns)."""
    random = np.random.default_rng(_SEED)
    for start in range(0, resamples, _BLOCK):
        size = min(_BLOCK, resamples - start)
        sums = np.stack([_turns_drawn(meeting, size, random) for meeting in meetings], axis=1)
        if len(meetings) == 1:
            yield sums[:, 0]
            continue
        chosen = random.integers(len(meetings), size=(size, len(meetings)))
        yield np.take_along_axis(sums, chosen[:, :, None], axis=1).sum(axis=1)


def _turns_drawn(meeting: NDArray[np.float64], size: int, random: np.random.Generator) -> NDArray[np.float64]:
    turns = len(meeting)
    return random.multinomial(turns, np.full(turns, 1 / turns), size=size) @ meeting


def _widened(values: NDArray[np.float64], centre: float, units: int) -> Interval:
    low, high = np.percentile(values, _TAILS)
    factor = (units / max(units - 1, 1)) ** 0.5
    return Interval(low=float(centre + (low - centre) * factor), high=float(centre + (high - centre) * factor))
