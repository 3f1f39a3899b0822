"""Which part each turn plays, from the words and the order of the turns and from the roster.

Rules (pipeline/stages/roles) each make clues; one inference over the whole meeting combines them. Facts set by the
clerk are fixed and everything else is inferred again around them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from pydantic import Field

from pipeline.errors import UsageError
from pipeline.records.base import Record
from pipeline.records.meeting import Meeting
from pipeline.records.roles import RoleAssignment, Roles
from pipeline.records.turns import Turns
from pipeline.stages.roles.cast import GENERIC_OTHER, Cast, Kind, cast_of
from pipeline.stages.roles.clues import Clue, by_kind
from pipeline.stages.roles.dialogue import dialogue_clues
from pipeline.stages.roles.explaining import Explaining, explaining
from pipeline.stages.roles.identity import told_apart
from pipeline.stages.roles.inference import Problem, Solution, Vector, solve
from pipeline.stages.roles.people import called_clues, naming_clues
from pipeline.stages.roles.phrases import phrase_clues
from pipeline.stages.roles.reasons import evidence_of, offices
from pipeline.stages.roles.scene import TurnView, views
from pipeline.stages.roles.voices import Known, voice_clues

VERSION = 4
FLAG_BELOW = 0.7
"""Of roles stated with 0.7–0.9, nine in ten were right (docs/evaluation-roles.md)."""
NOTHING_FIXED: Final[Mapping[int, str]] = {}
NOBODY_KNOWN: Final[Mapping[str, Known]] = {}
PRIOR_POWER = 0.5
"""The roster's head count is a soft prior: many members stay silent."""


DEPUTY_SPEAKS = 2.0
"""A deputy chair speaks as often as this many members."""


class RoleSettings(Record):
    """flag_below: assignments less sure than this are for the clerk to check. Without a roster all of them are."""

    flag_below: float = Field(default=FLAG_BELOW, ge=0.0, le=1.0)


def assign_roles(
    turns: Turns,
    meeting: Meeting,
    settings: RoleSettings,
    fixed: Mapping[int, str] = NOTHING_FIXED,
    known: Mapping[str, Known] = NOBODY_KNOWN,
) -> Roles:
    """One role per turn, in order. fixed: turn number → role as the clerk set it. known: voice → whose it is, as far
    as people agreed to have theirs kept. Raises UsageError for a turn number that does not exist."""
    if unknown := sorted(set(fixed) - {turn.number for turn in turns.turns}):
        raise UsageError(
            f"roles were fixed for turns that do not exist: {unknown}.", "Fix roles of existing turns only."
        )
    if not turns.turns:
        return Roles(assignments=())
    cast = cast_of(meeting, fixed.values())
    seen = views(turns.turns, cast)
    explains = explaining(seen)
    clues = [*_text_clues(seen, explains, cast), *voice_clues(seen, known, cast)]
    seen = told_apart(seen, clues)
    solution = solve(_problem(seen, explains, clues, cast, fixed))
    clues = [*clues, *dialogue_clues(seen, solution.chairs, explains, cast)]
    return Roles(assignments=_assignments(seen, clues, solution, cast, settings, fixed))


def _text_clues(seen: Sequence[TurnView], explains: Mapping[int, Explaining], cast: Cast) -> list[Clue]:
    clues = [clue for view in seen for clue in (*phrase_clues(view, len(seen), cast), *naming_clues(view, cast))]
    clues += called_clues(seen, cast)
    for index, how in explains.items():
        weights = by_kind(cast, {Kind.EXPLAINS: how.weight, Kind.CHAIR: -1.0})
        clues.append(Clue(index, "explains-item", weights, how.detail))
    return clues


def _problem(
    seen: Sequence[TurnView],
    explains: Mapping[int, Explaining],
    clues: Sequence[Clue],
    cast: Cast,
    fixed: Mapping[int, str],
) -> Problem:
    active = {Kind.DEPUTY: DEPUTY_SPEAKS}
    sizes = np.array([size * active.get(kind, 1.0) for size, kind in zip(cast.sizes, cast.kinds, strict=True)])
    text_lasting = _lasting([clue for clue in clues if clue.lasting], seen, cast)

    def context(chairs: frozenset[str]) -> Vector:
        return text_lasting + _lasting(dialogue_clues(seen, chairs, explains, cast), seen, cast)

    return Problem(
        voices=[view.voice for view in seen],
        prior=PRIOR_POWER * np.log(sizes / sizes.sum()),
        moment=_table([clue for clue in clues if not clue.lasting], len(seen), cast),
        explaining=frozenset(explains),
        chair=cast.chair,
        explains=cast.explains,
        fixed={view.index: cast.names.index(fixed[view.number]) for view in seen if view.number in fixed},
        context=context,
    )


def _table(clues: Sequence[Clue], turns: int, cast: Cast) -> Vector:
    table = np.zeros((turns, len(cast.names)))
    for clue in clues:
        table[clue.turn] += clue.weights
    return table


def _lasting(clues: Sequence[Clue], seen: Sequence[TurnView], cast: Cast) -> Vector:
    """Clues of one rule about one voice are not independent: the k-th of them counts 1/k."""
    table = np.zeros((len(seen), len(cast.names)))
    times: Counter[tuple[str, str]] = Counter()
    for clue in sorted(clues, key=lambda clue: clue.turn):
        times[seen[clue.turn].voice, clue.rule] += 1
        table[clue.turn] += np.array(clue.weights) / times[seen[clue.turn].voice, clue.rule]
    return table


def _assignments(
    seen: Sequence[TurnView],
    clues: Sequence[Clue],
    solution: Solution,
    cast: Cast,
    settings: RoleSettings,
    fixed: Mapping[int, str],
) -> tuple[RoleAssignment, ...]:
    called = offices(seen, clues, solution)
    names = _printed_names(seen, solution, cast)
    found = []
    for view in seen:
        role = int(solution.role[view.index])
        confidence = min(1.0, float(solution.probability[view.index, role]))
        if view.number in fixed:
            confidence = 1.0
        elif not cast.from_roster:
            confidence = min(confidence, settings.flag_below * 0.8)
        found.append(
            RoleAssignment(
                turn=view.number,
                role=fixed.get(view.number) or names[view.index],
                confidence=round(confidence, 4),
                evidence=evidence_of(view, role, clues, solution, cast, view.number in fixed),
                office=called.get(view.index),
            )
        )
    return tuple(found)


def _printed_names(seen: Sequence[TurnView], solution: Solution, cast: Cast) -> list[str]:
    """Roster names; without a roster the other voices are numbered in order of first appearance: 発言者1, 発言者2 …"""
    numbers: dict[str, int] = {}
    names = []
    for view in seen:
        name = cast.names[int(solution.role[view.index])]
        if not cast.from_roster and name == GENERIC_OTHER:
            name = f"発言者{numbers.setdefault(view.voice, len(numbers) + 1)}"
        names.append(name)
    return names
