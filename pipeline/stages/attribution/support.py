"""What the diarization says of every unit: how many milliseconds of it speak against each voice."""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.records.speakers import Diarization, SpeakerSegment
from pipeline.stages.attribution.units import Unit

OVERLAP_CREDIT = 0.6
"""Of a voice that is heard here beside the one of the exclusive timeline."""
FARTHEST_MS = 2_000
"""Beyond this distance every voice is equally far from a word that no segment covers."""
NOTHING_COVERS = 0.35
"""Weight of distance against a voice where no segment covers the word."""
LIGHTEST_MS = 60
"""A word of no length still says something."""


def against(units: Sequence[Unit], diarization: Diarization, speakers: Sequence[str]) -> NDArray[np.float64]:
    """Cost matrix (units, speakers) in milliseconds: how much of a unit is not explained by the voice."""
    column = {speaker: index for index, speaker in enumerate(speakers)}
    exclusive = diarization.exclusive or diarization.segments
    timelines = [_Timeline([s for s in exclusive if s.speaker == speaker]) for speaker in speakers]
    sole, heard = _Sweep(exclusive), _Sweep(diarization.segments)
    costs = np.zeros((len(units), len(speakers)))
    for row, unit in enumerate(units):
        length = max(unit.duration_ms, LIGHTEST_MS)
        support = np.zeros(len(speakers))
        for segment, common in sole.meeting(unit):
            support[column[segment.speaker]] += common
        covered = float(support.sum())
        if covered <= 0.0:
            distances = np.array([timeline.distance_ms(unit) for timeline in timelines])
            costs[row] = length * NOTHING_COVERS * np.minimum(distances, FARTHEST_MS) / FARTHEST_MS * 4
            continue
        share = support / covered
        for segment, common in heard.meeting(unit):
            index = column[segment.speaker]
            share[index] = max(share[index], OVERLAP_CREDIT * min(1.0, common / covered))
        costs[row] = length * (1.0 - share)
    return costs


class _Sweep:
    """Segments met by units whose starts mostly grow: bisect on the running maximum of ends keeps it near linear."""

    def __init__(self, segments: Sequence[SpeakerSegment]) -> None:
        self._segments = sorted(segments, key=lambda s: (s.start_ms, s.end_ms))
        self._reach = list(np.maximum.accumulate([s.end_ms for s in self._segments])) if self._segments else []

    def meeting(self, unit: Unit) -> list[tuple[SpeakerSegment, int]]:
        found = []
        for segment in self._segments[bisect_right(self._reach, unit.start_ms) :]:
            if segment.start_ms >= max(unit.end_ms, unit.start_ms + 1):
                break
            common = min(segment.end_ms, unit.end_ms) - max(segment.start_ms, unit.start_ms)
            if common > 0 or (unit.duration_ms == 0 and segment.end_ms > unit.start_ms):
                found.append((segment, max(common, 1)))
        return found


class _Timeline:
    """One voice's segments, for asking how far away it last spoke or next speaks."""

    def __init__(self, segments: Sequence[SpeakerSegment]) -> None:
        ordered = sorted(segments, key=lambda s: s.start_ms)
        self._starts = [s.start_ms for s in ordered]
        self._ends = list(np.maximum.accumulate([s.end_ms for s in ordered])) if ordered else []

    def distance_ms(self, unit: Unit) -> float:
        index = bisect_right(self._starts, unit.start_ms)
        before = unit.start_ms - self._ends[index - 1] if index else np.inf
        after = self._starts[index] - unit.end_ms if index < len(self._starts) else np.inf
        return float(max(0.0, min(before, after)))
