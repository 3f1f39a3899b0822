"""A clue: one observation that speaks for or against roles, in natural-log odds, with its reason for the clerk."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.records.meeting import Member
from pipeline.stages.roles.cast import Cast, Kind

QUOTED = 24
"""Characters of speech quoted in a reason."""


@dataclass(frozen=True)
class Clue:
    """weights: one per role of the cast. lasting: about who the voice is, not only what it does at this moment."""

    turn: int
    rule: str
    weights: tuple[float, ...]
    detail: str
    lasting: bool = False
    member: Member | None = None


def by_kind(cast: Cast, weights: Mapping[Kind, float]) -> tuple[float, ...]:
    return tuple(weights.get(kind, 0.0) for kind in cast.kinds)


def for_role(cast: Cast, role: int, weight: float) -> tuple[float, ...]:
    return tuple(weight if index == role else 0.0 for index in range(len(cast.names)))


def quoted(text: str) -> str:
    return f"「{text[:QUOTED]}…」" if len(text) > QUOTED else f"「{text}」"
