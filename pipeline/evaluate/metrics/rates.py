"""The recognition rate (認識率) with its interval, as a whole and for parts of the meeting."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import reduce

from pipeline.evaluate.counts import ErrorCounts, no_errors
from pipeline.evaluate.uncertainty.bootstrap import Interval, rate_interval, table
from pipeline.evaluate.uncertainty.sample import SampleSize, sample_size
from pipeline.records.base import Record


class Rate(Record):
    """認識率 = 100 - 100 × (substitutions + deletions + insertions) / reference characters, under a profile.

    interval is None where there are too few turns to draw from; counts.rate is None where nothing was said.
    """

    counts: ErrorCounts
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
    return corpus_rate([parts], profile)


def corpus_rate(meetings: Sequence[Sequence[ErrorCounts]], profile: str) -> Rate:
    """From the errors of each turn of each meeting: errors and characters are added, rates never averaged."""
    parts = [part for meeting in meetings for part in meeting]
    counts = reduce(ErrorCounts.__add__, parts, no_errors(profile))
    interval = rate_interval([table(meeting) for meeting in meetings])
    spoken = [part for part in parts if part.reference]
    return Rate(counts=counts, interval=interval, sample=sample_size(len(spoken), counts.reference, interval))


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
