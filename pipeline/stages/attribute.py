"""Joins words to voices: the cheapest path through the words, where disagreeing with the diarization costs the time
disagreed about and changing the voice costs most inside a sentence and least after a question or a pause.

The path keeps every word exactly once and in order whatever the diarization says; a change of voice inside a sentence
moves to the nearest sentence end or pause unless the diarization insists for longer than the change costs.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.records.speakers import Diarization
from pipeline.records.turns import Turn, Turns
from pipeline.records.words import Transcript
from pipeline.stages.attribution.sentences import ends_question, sentence_break
from pipeline.stages.attribution.support import against
from pipeline.stages.attribution.units import Unit, units

VERSION = 1
ONLY_VOICE = "S01"
"""The voice of everything when the diarization found nobody."""

AFTER_QUESTION_MS = 30.0
AFTER_SENTENCE_MS = 90.0
AFTER_LONG_PAUSE_MS = 350.0
AFTER_COMMA_MS = 650.0
INSIDE_SENTENCE_MS = 1_000.0
LONG_PAUSE_MS = 500


def attribute(transcript: Transcript, diarization: Diarization) -> Turns:
    """Words to voices. Joining the words of the turns gives the transcript's words, exactly once and in order."""
    parts = units(transcript.words)
    if not parts:
        return Turns(turns=())
    speakers = sorted({s.speaker for s in (*diarization.exclusive, *diarization.segments)}) or [ONLY_VOICE]
    costs = against(parts, diarization, speakers)
    path = _cheapest(costs, _change_costs(parts))
    return Turns(turns=_turns(transcript, parts, path, costs, speakers))


def _change_costs(parts: Sequence[Unit]) -> NDArray[np.float64]:
    """Cost in milliseconds of changing the voice before each unit."""
    costs = np.zeros(len(parts))
    before = parts[0].text[-12:]
    for index in range(1, len(parts)):
        part, previous = parts[index], parts[index - 1]
        costs[index] = _change_cost(before, part.text, part.start_ms - previous.end_ms)
        before = (before + part.text)[-12:]
    return costs


def _change_cost(before: str, after: str, pause_ms: int) -> float:
    if sentence_break(before, after):
        return AFTER_QUESTION_MS if ends_question(before) else AFTER_SENTENCE_MS
    if pause_ms >= LONG_PAUSE_MS:
        return AFTER_LONG_PAUSE_MS
    return AFTER_COMMA_MS if before.endswith(("、", ",", "，")) else INSIDE_SENTENCE_MS


def _cheapest(costs: NDArray[np.float64], change: NDArray[np.float64]) -> NDArray[np.int64]:
    """Viterbi with one cost for any change: O(units × speakers)."""
    count, speakers = costs.shape
    came_from = np.zeros((count, speakers), dtype=np.int64)
    stay = np.arange(speakers)
    total = costs[0].copy()
    for row in range(1, count):
        best = int(total.argmin())
        changed = total[best] + change[row]
        moves = changed < total
        came_from[row] = np.where(moves, best, stay)
        total = np.where(moves, changed, total) + costs[row]
    path = np.zeros(count, dtype=np.int64)
    path[-1] = total.argmin()
    for row in range(count - 1, 0, -1):
        path[row - 1] = came_from[row, path[row]]
    return path


def _turns(
    transcript: Transcript,
    parts: Sequence[Unit],
    path: NDArray[np.int64],
    costs: NDArray[np.float64],
    speakers: Sequence[str],
) -> tuple[Turn, ...]:
    starts = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(parts)]
    turns = []
    for number, (first, after) in enumerate(pairwise(starts), start=1):
        voice = int(path[first])
        words = transcript.words[parts[first].first : parts[after - 1].last + 1]
        said = sum(max(part.duration_ms, 1) for part in parts[first:after])
        against_ms = float(costs[first:after, voice].sum())
        turns.append(
            Turn(
                number=number,
                speaker=speakers[voice],
                words=words,
                speaker_confidence=round(max(0.0, 1.0 - against_ms / said), 3),
            )
        )
    return tuple(turns)
