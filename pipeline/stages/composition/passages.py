"""Turns that belong together: one voice in one role, speaking on without anybody else being heard."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.records.minutes import UNKNOWN
from pipeline.records.roles import Evidence, RoleAssignment, Roles
from pipeline.records.turns import Turn, Turns
from pipeline.records.words import Word

_NOTHING_SAID = frozenset("。、,.，．?？!！…・ー 　")


@dataclass(frozen=True)
class Passage:
    """Words of one voice in one role. confidence is the mean of its turns', weighted by their words."""

    speaker: str
    role: str
    office: str | None
    confidence: float
    evidence: tuple[Evidence, ...]
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)

    @property
    def start_ms(self) -> int:
        return self.words[0].start_ms

    @property
    def end_ms(self) -> int:
        return max(word.end_ms for word in self.words)


def passages(turns: Turns, roles: Roles) -> tuple[Passage, ...]:
    """Turns with their roles, consecutive ones of the same voice and role joined. No word is lost or moved.

    A turn of which nothing is printed (only fillers) has no line of its own: its words go to the passage before it.
    """
    assigned = {assignment.turn: assignment for assignment in roles.assignments}
    joined: list[Passage] = []
    for turn in turns.turns:
        passage = _passage(turn, assigned.get(turn.number))
        if joined and _silent(passage):
            joined[-1] = _append(joined[-1], passage.words)
        elif joined and _silent(joined[-1]):
            joined[-1] = _with_words(passage, joined[-1].words + passage.words)
        elif joined and (joined[-1].speaker, joined[-1].role) == (passage.speaker, passage.role):
            joined[-1] = _join(joined[-1], passage)
        else:
            joined.append(passage)
    return tuple(joined)


def _passage(turn: Turn, assignment: RoleAssignment | None) -> Passage:
    if assignment is None:
        return Passage(turn.speaker, UNKNOWN, None, 0.0, (), turn.words)
    return Passage(
        turn.speaker, assignment.role, assignment.office, assignment.confidence, assignment.evidence, turn.words
    )


def _silent(passage: Passage) -> bool:
    return all(letter in _NOTHING_SAID for letter in passage.text)


def _with_words(passage: Passage, words: tuple[Word, ...]) -> Passage:
    return Passage(passage.speaker, passage.role, passage.office, passage.confidence, passage.evidence, words)


def _append(passage: Passage, words: Sequence[Word]) -> Passage:
    return _with_words(passage, passage.words + tuple(words))


def _join(first: Passage, second: Passage) -> Passage:
    one, two = len(first.words), len(second.words)
    confidence = (first.confidence * one + second.confidence * two) / (one + two)
    return Passage(
        first.speaker,
        first.role,
        first.office or second.office,
        min(1.0, confidence),
        first.evidence + tuple(reason for reason in second.evidence if reason not in first.evidence),
        first.words + second.words,
    )
