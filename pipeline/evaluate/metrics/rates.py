"""The recognition rate (認識率) with its interval, as a whole and for parts of the meeting."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import reduce

from pydantic import Field

from pipeline.evaluate.counts import ErrorCounts, no_errors
from pipeline.evaluate.uncertainty.bootstrap import Interval, rate_interval, table
from pipeline.evaluate.uncertainty.sample import SampleSize, sample_size
from pipeline.records.base import Record


class Rate(Record):
    """認識率 = 100 - 100 × (substitutions + deletions + insertions) / reference characters, under a profile.

    interval is None where there are too few turns to draw from; counts.rate is None where nothing was said. turns:
    errors and reference characters of each turn, so that recordings can be added and systems compared.
    """

    counts: ErrorCounts
    turns: tuple[tuple[int, int], ...] = Field(repr=False)
    interval: Interval | None
    sample: SampleSize

    @property
    def profile(self) -> str:
        return self.counts.profile

    @property
    def percent(self) -> float | None:
        return self.counts.recognition_rate


class GroupRate(Record):
    """The rate of a part of the meeting: dimension says what it was divided by, name which part."""

    dimension: str
    name: str
    rate: Rate


def rate_of(parts: Sequence[ErrorCounts], profile: str) -> Rate:
    """From the errors of each turn of one meeting."""
    counts = reduce(ErrorCounts.__add__, parts, no_errors(profile))
    return _rate(counts, [tuple((part.errors, part.reference) for part in parts)])


def pooled_rate(meetings: Sequence[Rate]) -> Rate:
    """Of several meetings: errors and characters are added, rates never averaged; the interval is over meetings and
    their turns. Raises ValueError for different profiles."""
    counts = reduce(ErrorCounts.__add__, (meeting.counts for meeting in meetings))
    return _rate(counts, [meeting.turns for meeting in meetings])


def _rate(counts: ErrorCounts, meetings: Sequence[tuple[tuple[int, int], ...]]) -> Rate:
    interval = rate_interval([table(turns) for turns in meetings])
    turns = tuple(turn for meeting in meetings for turn in meeting)
    spoken = sum(1 for _, characters in turns if characters)
    return Rate(counts=counts, turns=turns, interval=interval, sample=sample_size(spoken, counts.reference, interval))


def group_rates(
    parts: Sequence[ErrorCounts], dimensions: Mapping[str, Sequence[str | None]], profile: str
) -> tuple[GroupRate, ...]:
    """Each dimension gives every turn the name of its group, or None to leave it out; groups in order of first turn."""
    found = []
    for dimension, names in dimensions.items():
        groups: dict[str, list[ErrorCounts]] = defaultdict(list)
        for name, part in zip(names, parts, strict=True):
            if name is not None:
                groups[name].append(part)
        if len(groups) > 1 or dimension == "role":
            found += [
                GroupRate(dimension=dimension, name=name, rate=rate_of(members, profile))
                for name, members in groups.items()
            ]
    return tuple(found)
