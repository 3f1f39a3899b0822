"""Where a text sounds like a term: approximate search of all terms at once over every way to read the text.

Method: Sellers' algorithm (J. Algorithms 1, 1980), run over the lattice's edges, vectorised over the terms. Costs are
whole hundredths, with the start position packed into the lower bits, so that one minimum carries both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.lexicon.kana import gap, morae, substitution
from pipeline.lexicon.terms import Term
from pipeline.stages.correction.lattice import Edge, edges_of

_SHIFT = 17
_START = (1 << _SHIFT) - 1
_GROUPS = (6, 10, 18, 120)
"""Terms are searched in groups of similar length (in morae), so that little is padded."""

Cells = NDArray[np.int32]


@dataclass(frozen=True)
class Heard:
    """text[start:end] sounds like the term; distance is the phonetic cost (0: the same sounds)."""

    start: int
    end: int
    term: Term
    distance: float
    length: int
    """Morae of the term."""


class Ear:
    """Listens for a fixed set of terms."""

    def __init__(self, terms: Sequence[Term]) -> None:
        sounds = [(term, morae(term.reading)) for term in terms]
        self._groups = []
        shortest = 2
        for longest in _GROUPS:
            members = [(term, heard) for term, heard in sounds if shortest <= len(heard) <= longest]
            if members:
                self._groups.append(_Group(members))
            shortest = longest + 1

    def listen(self, text: str, closeness: float) -> tuple[Heard, ...]:
        """All places with at most closeness cost per mora of the term."""
        edges = edges_of(text)
        return tuple(heard for group in self._groups for heard in group.listen(text, edges, closeness))


class _Group:
    """Cells have the shape (morae + 1, terms): operations over the terms are then operations over whole rows."""

    def __init__(self, members: Sequence[tuple[Term, tuple[str, ...]]]) -> None:
        self._terms = [term for term, _ in members]
        self._lengths = np.array([len(heard) for _, heard in members], np.int32)
        width = int(self._lengths.max())
        self._alphabet = sorted({mora for _, heard in members for mora in heard})
        codes = {mora: code for code, mora in enumerate(self._alphabet)}
        self._morae = np.zeros((width, len(members)), np.int32)
        missing = np.zeros((width + 1, len(members)), np.int32)
        for column, (_, heard) in enumerate(members):
            for row, mora in enumerate(heard):
                self._morae[row, column] = codes[mora]
                missing[row + 1, column] = _packed(gap(mora))
        self._missing = np.cumsum(missing, axis=0, dtype=np.int32)
        self._substitutions: dict[str, Cells] = {}

    def listen(self, text: str, edges: Sequence[Sequence[Edge]], closeness: float) -> list[Heard]:
        states: list[Cells] = []
        found = []
        limits = (self._lengths * closeness * 100).astype(np.int32)
        columns = np.arange(len(self._terms))
        for position in range(len(text) + 1):
            state = self._missing + (_START - position)
            for edge in edges[position]:
                np.minimum(state, self._along(states[edge.start], edge), out=state)
            states.append(state)
            final = state[self._lengths, columns]
            for column in np.flatnonzero((final >> _SHIFT) <= limits):
                start = _START - int(final[column] & _START)
                if start < position:
                    distance = int(final[column] >> _SHIFT) / 100
                    found.append(Heard(start, position, self._terms[column], distance, int(self._lengths[column])))
        return found

    def _along(self, state: Cells, edge: Edge) -> Cells:
        state = state + _packed(edge.cost) if edge.cost else state
        for mora in edge.sounds:
            moved = state + _packed(gap(mora))
            np.minimum(moved[1:], state[:-1] + self._substitution(mora), out=moved[1:])
            moved -= self._missing
            _least_so_far(moved)
            moved += self._missing
            state = moved
        return state

    def _substitution(self, mora: str) -> Cells:
        if mora not in self._substitutions:
            costs = np.array([_packed(substitution(mora, meant)) for meant in self._alphabet], np.int32)
            self._substitutions[mora] = costs[self._morae]
        return self._substitutions[mora]


def _least_so_far(cells: Cells) -> None:
    """Running minimum down the rows, in place: by doubling steps, a few operations on everything instead of one a row
    (numpy's own accumulate takes one number at a time)."""
    step = 1
    while step < len(cells):
        np.minimum(cells[step:], cells[:-step], out=cells[step:])
        step *= 2


def _packed(cost: float) -> int:
    return round(cost * 100) << _SHIFT
