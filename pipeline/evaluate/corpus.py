"""Many meetings measured as one: errors are added, never rates averaged, and intervals speak of meetings to come."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Literal

from pydantic import AwareDatetime

from pipeline import __version__
from pipeline.evaluate.claim import ClaimAudit, audit
from pipeline.evaluate.counts import ErrorCounts
from pipeline.evaluate.metrics.critical import LABELS, CriticalKind
from pipeline.evaluate.metrics.effort import EditEffort
from pipeline.evaluate.metrics.rates import GroupRate, Rate, pooled_rate
from pipeline.evaluate.results import Evaluation, SystemScores, now
from pipeline.evaluate.score import compared
from pipeline.evaluate.uncertainty.paired import PairedTest
from pipeline.records.base import Record

SCHEMA: Literal["kaigiroku-corpus/1"] = "kaigiroku-corpus/1"
POOLED = ("role", "level", "snr")
"""What means the same in every meeting."""
LEAST_MEETINGS = 5
"""With fewer, how much meetings differ cannot be told, and the interval is too narrow."""


class EffortTotal(Record):
    """Edit effort of all meetings that were corrected. clerk_ms and its audio_ms: of those whose time was recorded."""

    meetings: int
    characters: ErrorCounts
    turns: int
    turns_changed: int
    clerk_ms: int
    audio_ms: int

    @property
    def clerk_minutes_per_hour(self) -> float | None:
        """Minutes of work per recorded hour; None where no time was recorded."""
        return 60 * self.clerk_ms / self.audio_ms if self.audio_ms and self.clerk_ms else None


class SystemTotal(Record):
    """One system over all meetings it was scored on. groups: its rate per meeting, and per role and sound."""

    name: str
    meetings: int
    rates: tuple[Rate, ...]
    groups: tuple[GroupRate, ...]
    critical: tuple[CriticalKind, ...]
    effort: EffortTotal | None
    claim: ClaimAudit | None


class CorpusEvaluation(Record):
    """All systems over all meetings, and each meeting's own evaluation."""

    schema_name: Literal["kaigiroku-corpus/1"] = SCHEMA
    made_at: AwareDatetime
    kaigiroku: str = __version__
    title: str
    profile: str
    totals: tuple[SystemTotal, ...]
    paired: tuple[PairedTest, ...]
    meetings: tuple[Evaluation, ...]
    notes: tuple[str, ...] = ()


def pooled(title: str, meetings: Sequence[Evaluation], claimed: float | None = None) -> CorpusEvaluation:
    """Add up evaluations made under one profile. Raises ValueError when there is none, or profiles differ."""
    profiles = {meeting.profile for meeting in meetings}
    if len(profiles) != 1:
        raise ValueError(f"one profile is needed, found {sorted(profiles)}")
    (profile,) = profiles
    names = dict.fromkeys(system.name for meeting in meetings for system in meeting.systems)
    few = len(meetings) < LEAST_MEETINGS
    return CorpusEvaluation(
        made_at=now(),
        title=title,
        profile=profile,
        totals=tuple(_total(name, meetings, claimed) for name in names),
        paired=compared([meeting.systems for meeting in meetings], profile),
        meetings=tuple(meetings),
        notes=(
            f"会議が{len(meetings)}件しかないため、会議による違いを見積もれず、信頼区間は実際より狭くなっています。",
        )
        if few
        else (),
    )


def _total(name: str, meetings: Sequence[Evaluation], claimed: float | None) -> SystemTotal:
    own = [(meeting, system) for meeting in meetings for system in meeting.systems if system.name == name]
    scored = [(meeting, system) for meeting, system in own if system.main]
    profiles = dict.fromkeys(rate.profile for _, system in scored for rate in system.rates)
    rates = tuple(pooled_rate([r for _, s in scored for r in s.rates if r.profile == profile]) for profile in profiles)
    groups = (
        *(GroupRate(dimension="meeting", name=meeting.title, rate=system.rates[0]) for meeting, system in scored),
        *_pooled_groups([system for _, system in scored]),
    )
    return SystemTotal(
        name=name,
        meetings=len(own),
        rates=rates,
        groups=groups,
        critical=_critical(system for _, system in scored),
        effort=_effort([system.effort for _, system in own if system.effort]),
        claim=audit(claimed, rates, groups) if claimed is not None and rates else None,
    )


def _pooled_groups(systems: Sequence[SystemScores]) -> tuple[GroupRate, ...]:
    """Per role and sound, over the meetings that have them."""
    found: dict[tuple[str, str], list[Rate]] = defaultdict(list)
    for system in systems:
        for group in system.groups:
            if group.dimension in POOLED:
                found[group.dimension, group.name].append(group.rate)
    ordered = sorted(found.items(), key=lambda entry: POOLED.index(entry[0][0]))
    return tuple(
        GroupRate(dimension=dimension, name=name, rate=pooled_rate(rates)) for (dimension, name), rates in ordered
    )


def _critical(systems: Iterable[SystemScores]) -> tuple[CriticalKind, ...]:
    kinds = [kind for system in systems if system.critical for kind in system.critical.kinds]
    return tuple(
        CriticalKind(
            kind=kind,
            total=sum(k.total for k in kinds if k.kind == kind),
            wrong=sum(k.wrong for k in kinds if k.kind == kind),
            invented=sum(k.invented for k in kinds if k.kind == kind),
        )
        for kind in LABELS
        if any(k.kind == kind for k in kinds)
    )


def _effort(efforts: Sequence[EditEffort]) -> EffortTotal | None:
    if not efforts:
        return None
    timed = [effort for effort in efforts if effort.clerk_ms is not None and effort.audio_ms]
    return EffortTotal(
        meetings=len(efforts),
        characters=reduce(ErrorCounts.__add__, (effort.characters for effort in efforts)),
        turns=sum(effort.turns for effort in efforts),
        turns_changed=sum(effort.turns_changed for effort in efforts),
        clerk_ms=sum(effort.clerk_ms or 0 for effort in timed),
        audio_ms=sum(effort.audio_ms or 0 for effort in timed),
    )
