"""Whether one system is really better than another on the same recordings."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from pipeline.evaluate.uncertainty.bootstrap import Counts, Interval, difference_interval
from pipeline.records.base import Record

SHUFFLES = 10_000
_SEED = 1989
_BLOCK = 500
_LEVEL = 0.05


class PairedTest(Record):
    """difference: recognition rate of the first minus that of the second, in points. p_value: how often chance alone
    makes at least this difference when both are equally good."""

    first: str
    second: str
    profile: str
    difference: float
    interval: Interval | None
    p_value: float
    turns: int
    verdict: Literal["first", "second", "undecided"]


def paired_test(
    names: tuple[str, str], profile: str, meetings: Sequence[tuple[Counts, Counts]], shuffles: int = SHUFFLES
) -> PairedTest:
    """Approximate randomisation: the two systems' results of a turn change places at random; p is the share of such
    worlds with a difference at least as large. Source: Noreen, Computer-Intensive Methods for Testing Hypotheses
    (1989); units as in Gillick and Cox, Some statistical issues in the comparison of speech recognition algorithms
    (ICASSP 1989). Raises ValueError when the systems were not scored on the same turns."""
    if any(one.shape != other.shape or (one[:, 1] != other[:, 1]).any() for one, other in meetings):
        raise ValueError("a paired test needs the same turns of both systems")
    first = np.concatenate([one for one, _ in meetings])
    second = np.concatenate([other for _, other in meetings])
    gains = second[:, 0] - first[:, 0]
    length = max(first[:, 1].sum(), 1)
    interval = difference_interval(meetings)
    p_value = _p_value(gains, shuffles)
    sure = p_value < _LEVEL and interval is not None and not interval.low <= 0 <= interval.high
    return PairedTest(
        first=names[0],
        second=names[1],
        profile=profile,
        difference=float(100 * gains.sum() / length),
        interval=interval,
        p_value=p_value,
        turns=len(gains),
        verdict="undecided" if not sure else "first" if gains.sum() > 0 else "second",
    )


def _p_value(gains: np.ndarray, shuffles: int) -> float:
    changed = gains[gains != 0]
    if not len(changed):
        return 1.0
    random = np.random.default_rng(_SEED)
    seen = abs(changed.sum())
    as_large = 0
    for start in range(0, shuffles, _BLOCK):
        size = min(_BLOCK, shuffles - start)
        signs = random.integers(2, size=(size, len(changed)), dtype=np.int8) * 2 - 1
        as_large += int((np.abs(signs @ changed) >= seen).sum())
    return (as_large + 1) / (shuffles + 1)
