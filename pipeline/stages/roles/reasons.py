"""The reasons a clerk reads beside a role: the strongest clues of the turn, and what the rest of the voice says."""

from collections import Counter
from collections.abc import Sequence

from pipeline.records.roles import Evidence
from pipeline.stages.roles.cast import Cast
from pipeline.stages.roles.clues import Clue
from pipeline.stages.roles.inference import Solution
from pipeline.stages.roles.scene import TurnView

MOST, LEAST_WEIGHT = 5, 0.2
CLERK_WEIGHT = 20.0
CLEARLY = 0.6
"""Share of the calls of one voice that must agree before its other turns carry the office too."""


def evidence_of(
    view: TurnView, role: int, clues: Sequence[Clue], solution: Solution, cast: Cast, fixed: bool
) -> tuple[Evidence, ...]:
    """At most five reasons, strongest first."""
    found = [
        Evidence(rule=clue.rule, weight=round(weight, 2), detail=clue.detail)
        for clue in clues
        if clue.turn == view.index and abs(weight := _margin(clue.weights, role)) >= LEAST_WEIGHT
    ]
    lead = float(solution.lead[view.voice][role])
    if abs(lead) >= LEAST_WEIGHT:
        whole = f"同じ声({view.voice.split('/')[0]})の発言全体からは{cast.names[solution.base[view.voice]]}とみられる"
        found.append(Evidence(rule="same-voice", weight=round(lead, 2), detail=whole))
    found.sort(key=lambda evidence: -abs(evidence.weight))
    if fixed:
        found.insert(0, Evidence(rule="fixed-by-clerk", weight=CLERK_WEIGHT, detail="担当者が指定した"))
    return tuple(found[:MOST])


def _margin(weights: tuple[float, ...], role: int) -> float:
    others = [weight for index, weight in enumerate(weights) if index != role]
    return (
        weights[role] - (max(others) if weights[role] > 0 else sum(others) / len(others)) if others else weights[role]
    )


def offices(seen: Sequence[TurnView], clues: Sequence[Clue], solution: Solution) -> dict[int, str]:
    """Turn index → the office by which the speaker was called or introduced himself, there or elsewhere."""
    of_turn: dict[int, str] = {}
    of_voice: dict[str, Counter[str]] = {}
    for clue in clues:
        if clue.member is None or clue.weights[solution.base[seen[clue.turn].voice]] <= 0:
            continue
        of_turn[clue.turn] = clue.member.office
        of_voice.setdefault(seen[clue.turn].voice, Counter())[clue.member.office] += 1
    for view in seen:
        calls = of_voice.get(view.voice)
        if view.index in of_turn or not calls:
            continue
        office, times = calls.most_common(1)[0]
        if times / calls.total() >= CLEARLY:
            of_turn[view.index] = office
    return of_turn
