"""What the history says: the rate of each model with each version of the dictionary, and what a change brought."""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.records.base import Record


class Measured(NamedTuple):
    """One measurement as the history keeps it, in order of time."""

    day: str
    title: str
    system: str
    recording: str
    profile: str
    errors: int | None
    characters: int | None
    changed: int | None
    typed: int | None
    clerk_ms: int | None
    audio_ms: int | None
    model: str
    dictionary: str


class Version(Record):
    """All measurements of one system made by one model with one dictionary, under one profile."""

    system: str
    model: str
    dictionary: str
    profile: str
    first_day: str
    last_day: str
    recordings: int
    errors: int
    characters: int
    changed: int
    typed: int
    clerk_ms: int
    audio_ms: int
    against_previous: float | None = None
    """Points of recognition rate more than the version before, on the recordings that both were measured on; None
    where there are none."""

    @property
    def percent(self) -> float | None:
        """Recognition rate of all recordings together."""
        return 100 * (1 - self.errors / self.characters) if self.characters else None

    @property
    def changed_share(self) -> float | None:
        return self.changed / self.typed if self.typed else None

    @property
    def clerk_minutes_per_hour(self) -> float | None:
        return 60 * self.clerk_ms / self.audio_ms if self.clerk_ms and self.audio_ms else None


def versions(history: Sequence[Measured]) -> tuple[Version, ...]:
    """In order of first use. Of repeated measurements of one recording by one version only the newest counts."""
    newest: dict[tuple[str, str, str, str], dict[str, Measured]] = {}
    for one in history:
        key = (one.system, one.profile, one.model, one.dictionary)
        newest.setdefault(key, {})[one.recording or one.title] = one
    found: list[Version] = []
    latest: dict[tuple[str, str], dict[str, Measured]] = {}
    for key, members in newest.items():
        before = latest.get(key[:2])
        found.append(_version(key, list(members.values()), _gain(before, members) if before else None))
        latest[key[:2]] = members
    return tuple(found)


def _version(key: tuple[str, str, str, str], members: list[Measured], gain: float | None) -> Version:
    system, profile, model, dictionary = key
    timed = [one for one in members if one.clerk_ms and one.audio_ms]
    return Version(
        system=system,
        model=model,
        dictionary=dictionary,
        profile=profile,
        first_day=members[0].day,
        last_day=members[-1].day,
        recordings=len(members),
        errors=sum(one.errors or 0 for one in members),
        characters=sum(one.characters or 0 for one in members),
        changed=sum(one.changed or 0 for one in members),
        typed=sum(one.typed or 0 for one in members),
        clerk_ms=sum(one.clerk_ms or 0 for one in timed),
        audio_ms=sum(one.audio_ms or 0 for one in timed),
        against_previous=gain,
    )


def _gain(before: dict[str, Measured], after: dict[str, Measured]) -> float | None:
    common = [name for name in after if name in before and after[name].characters and before[name].characters]
    characters = sum(after[name].characters or 0 for name in common)
    if not characters:
        return None
    return 100 * sum((before[name].errors or 0) - (after[name].errors or 0) for name in common) / characters
