"""The inference over the whole meeting: every voice has a base role, every turn plays it or departs from it.

Which voices chair is enumerated (at most three of the likeliest): given them, the other voices are independent, so
their base roles and the roles of all turns are summed and maximised exactly. A turn departs from its voice's base role
by explaining an item, or, at a price, because voices were confused.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

Vector = NDArray[np.float64]
DEPARTS = -4.5
"""Natural-log odds of a turn whose voice has another base role (voices confused, a role handed over)."""
EXPLAINS_ANYWAY = -0.7
CHAIRS_MORE = -2.5
"""For every chairing voice after the first."""
NOBODY_CHAIRS = -7.0
ALTERNATES = 8.0
"""For a meeting in which every change of voice is to or from a chair."""
ANCHOR = 5.0
"""What the clerk's word on one turn says of the whole voice."""
CANDIDATES, CHAIRS_MOST = 6, 3
STEADY_TURNS = 4
"""Clues of one voice are not independent: beyond this many turns they count by the square root."""
NEVER = -1e9


@dataclass(frozen=True)
class Problem:
    """voices: per turn. prior (roles,). moment (turns, roles): what a turn itself says. explaining: turns that may play
    the explaining role. fixed: turn → role. context(chairs) → (turns, roles): what a turn says of its voice."""

    voices: Sequence[str]
    prior: Vector
    moment: Vector
    explaining: frozenset[int]
    chair: int | None
    explains: int | None
    fixed: Mapping[int, int]
    context: Callable[[frozenset[str]], Vector]


@dataclass(frozen=True)
class Solution:
    """role: the joint best assignment (turns,). probability (turns, roles): marginals over all hypotheses.
    base: the best base role per voice; lead: by how much, in natural-log odds, per voice and role (roles,)."""

    role: NDArray[np.int64]
    probability: Vector
    base: dict[str, int]
    lead: dict[str, Vector]
    chairs: frozenset[str]


@dataclass(frozen=True)
class _Hypothesis:
    score: float
    chairs: frozenset[str]
    of_voice: dict[str, Vector]


def solve(problem: Problem) -> Solution:
    """The best joint assignment and the marginals. At least one turn."""
    turns_of: dict[str, list[int]] = {}
    for turn, voice in enumerate(problem.voices):
        turns_of.setdefault(voice, []).append(turn)
    plays = _plays(problem)
    hypotheses = [_weigh(problem, turns_of, plays, chairs) for chairs in _chair_sets(problem, turns_of)]
    scores = np.array([hypothesis.score for hypothesis in hypotheses])
    shares = np.exp(scores - logsumexp(scores))
    probability = np.zeros_like(problem.moment)
    for share, hypothesis in zip(shares, hypotheses, strict=True):
        if share > 1e-9:
            for voice, of_base in hypothesis.of_voice.items():
                base = np.exp(of_base - logsumexp(of_base))
                for turn in turns_of[voice]:
                    probability[turn] += share * (base @ np.exp(_normalised(plays[turn])))
    best = hypotheses[int(scores.argmax())]
    base_of = {voice: int(of_base.argmax()) for voice, of_base in best.of_voice.items()}
    role = np.array([int(plays[turn][base_of[voice]].argmax()) for turn, voice in enumerate(problem.voices)])
    lead = {voice: _lead(of_base) for voice, of_base in best.of_voice.items()}
    return Solution(role, probability / probability.sum(axis=1, keepdims=True), base_of, lead, best.chairs)


def _plays(problem: Problem) -> Vector:
    """(turns, base roles, roles played): log weight of playing a role with a base role."""
    turns, roles = problem.moment.shape
    departs = np.full((roles, roles), DEPARTS)
    np.fill_diagonal(departs, 0.0)
    plays = np.repeat(departs[None], turns, axis=0)
    if problem.explains is not None:
        for turn in problem.explaining:
            for base in range(roles):
                if base not in (problem.explains, problem.chair):
                    plays[turn, base, problem.explains] = EXPLAINS_ANYWAY
    plays = plays + problem.moment[:, None, :]
    for turn, role in problem.fixed.items():
        kept = plays[turn, :, role].copy()
        plays[turn] = NEVER
        plays[turn, :, role] = kept
    return plays


def _normalised(plays: Vector) -> Vector:
    result: Vector = plays - logsumexp(plays, axis=-1, keepdims=True)
    return result


def _chair_sets(problem: Problem, turns_of: Mapping[str, Sequence[int]]) -> list[frozenset[str]]:
    if problem.chair is None:
        return [frozenset()]
    chair = problem.chair
    others = np.delete(problem.moment, chair, axis=1)
    margin = problem.moment[:, chair] - (others.max(axis=1) if others.size else 0.0)
    score = {voice: float(margin[turns].sum()) for voice, turns in turns_of.items()}
    fixed = {problem.voices[turn] for turn, role in problem.fixed.items() if role == chair}
    ranked = sorted(score, key=lambda voice: (voice not in fixed, -score[voice], voice))[:CANDIDATES]
    sets = [frozenset(group) for size in range(1, CHAIRS_MOST + 1) for group in combinations(ranked, size)]
    return [frozenset(), *sets]


def _weigh(
    problem: Problem, turns_of: Mapping[str, Sequence[int]], plays: Vector, chairs: frozenset[str]
) -> _Hypothesis:
    lasting = problem.context(chairs)
    of_voice = {}
    score = (CHAIRS_MORE * (len(chairs) - 1) if chairs else NOBODY_CHAIRS) if problem.chair is not None else 0.0
    score += _alternation(problem.voices, chairs)
    for voice, turns in turns_of.items():
        steadiness = min(1.0, np.sqrt(STEADY_TURNS / len(turns)))
        of_base = problem.prior + lasting[turns].sum(axis=0)
        of_base += logsumexp(plays[turns], axis=2).sum(axis=0) * steadiness
        for turn in turns:
            if turn in problem.fixed and not (turn in problem.explaining and problem.fixed[turn] == problem.explains):
                of_base[problem.fixed[turn]] += ANCHOR
        if problem.chair is not None:
            of_base = _only(of_base, problem.chair, voice in chairs)
        of_voice[voice] = of_base
        score += float(logsumexp(of_base))
    return _Hypothesis(score, chairs, of_voice)


def _only(of_base: Vector, chair: int, chairs: bool) -> Vector:
    allowed = np.full(len(of_base), NEVER if chairs else 0.0)
    allowed[chair] = 0.0 if chairs else NEVER
    result: Vector = of_base + allowed if len(of_base) > 1 else of_base
    return result


def _alternation(voices: Sequence[str], chairs: frozenset[str]) -> float:
    """A chair speaks between the others: the share of changes of voice that are to or from a chair."""
    changes = sum((a in chairs) != (b in chairs) for a, b in pairwise(voices))
    return ALTERNATES * changes / max(1, len(voices) - 1)


def _lead(of_base: Vector) -> Vector:
    lead = np.empty_like(of_base)
    for role in range(len(of_base)):
        others = np.delete(of_base, role)
        lead[role] = of_base[role] - (others.max() if others.size else 0.0)
    return np.clip(lead, -20.0, 20.0)
