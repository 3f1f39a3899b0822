"""Which part each turn plays in the meeting."""

from pipeline.records.base import Probability, Record


class Evidence(Record):
    """One reason for (weight > 0) or against (weight < 0) a role, in natural-log odds, readable by the clerk."""

    rule: str
    """Stable identifier, e.g. opens-meeting, called-by-office, answers-question."""
    weight: float
    detail: str
    """Japanese, for the clerk: 「開会いたします」と述べている."""


class RoleAssignment(Record):
    """The role of one turn. confidence is the probability the inference gives it."""

    turn: int
    """Turn.number"""
    role: str
    confidence: Probability
    evidence: tuple[Evidence, ...] = ()
    office: str | None = None
    """The office or name from the roster where somebody called the speaker by it; None when nobody did."""


class Roles(Record):
    """One assignment per turn, in order."""

    assignments: tuple[RoleAssignment, ...]
