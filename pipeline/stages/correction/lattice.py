"""Every way a stretch of text can be read aloud, as edges between character positions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.lexicon.japanese import analyse, homographs
from pipeline.lexicon.kana import LETTERS, SYLLABLES, is_kana, morae, spoken_number

_SPOKEN_PARTICLE = {"は": "ワ", "へ": "エ", "を": "オ"}
_LONGEST_SURFACE = 5
_SMALL_KANA = "ゃゅょぁぃぅぇぉャュョァィゥェォー"
_OTHER_READING = 0.12
"""Cost of reading a word otherwise than the dictionary's best path does."""
_SKIPPED_SIGN = 0.15
_NAMES = frozenset({"人名", "地名"})


@dataclass(frozen=True)
class Edge:
    """text[start:end] read as sounds; cost is what this reading costs before anything is compared."""

    start: int
    end: int
    sounds: tuple[str, ...]
    cost: float


def edges_of(text: str) -> tuple[tuple[Edge, ...], ...]:
    """Edges by the position they end at (index 0 … len(text)); every position is reachable."""
    best: dict[tuple[int, int, tuple[str, ...]], float] = {}
    ways = (_best_path, _numbers, _single_signs, _said_letters, _other_readings)
    for edge in (edge for way in ways for edge in way(text)):
        key = (edge.start, edge.end, edge.sounds)
        best[key] = min(edge.cost, best.get(key, edge.cost))
    ending: list[list[Edge]] = [[] for _ in range(len(text) + 1)]
    for (start, end, sounds), cost in best.items():
        ending[end].append(Edge(start, end, sounds, cost))
    return tuple(tuple(edges) for edges in ending)


def _best_path(text: str) -> list[Edge]:
    found = []
    for token in analyse(text):
        spoken = _SPOKEN_PARTICLE.get(token.surface) if token.is_particle else None
        reading = spoken or (token.surface if is_kana(token.surface) else token.reading)
        if is_kana(reading):
            found.append(Edge(token.start, token.end, morae(reading), 0.0))
    return found


def _numbers(text: str) -> list[Edge]:
    """Figures as wholes: the dictionary reads 30 as サンゼロ."""
    found = []
    for match in re.finditer(r"\d+", text):
        spoken = spoken_number(int(match.group()))
        if spoken:
            found.append(Edge(match.start(), match.end(), morae(spoken), 0.0))
    return found


def _single_signs(text: str) -> list[Edge]:
    """Kana, letters, and what has no sound."""
    found = []
    position = 0
    while position < len(text):
        end = position + 1
        while end < len(text) and text[end] in _SMALL_KANA and is_kana(text[position]):
            end += 1
        sign = text[position:end]
        letter = LETTERS.get(sign.upper())
        if is_kana(sign):
            found.append(Edge(position, end, morae(sign), 0.0))
            if sign in _SPOKEN_PARTICLE:
                found.append(Edge(position, end, morae(_SPOKEN_PARTICLE[sign]), 0.0))
        elif letter:
            found.append(Edge(position, end, morae(letter), 0.0))
        elif not re.match(r"\w", sign):
            found.append(Edge(position, end, (), _SKIPPED_SIGN))
        else:
            found += _character_readings(position, sign)
        position = end
    return found


def _said_letters(text: str) -> list[Edge]:
    """Latin letters said otherwise than by their names."""
    letters = text.upper()
    return [
        Edge(start, start + size, morae(said), _OTHER_READING)
        for start in range(len(letters))
        for size in (1, 2)
        if (said := SYLLABLES.get(letters[start : start + size]))
    ]


def _character_readings(position: int, sign: str) -> list[Edge]:
    readings = _readings(sign)
    if not readings:
        return [Edge(position, position + 1, ("ッ",), 1.0)]
    return [Edge(position, position + 1, sounds, _OTHER_READING) for sounds in readings]


def _other_readings(text: str) -> list[Edge]:
    found = []
    for start in range(len(text)):
        for end in range(start + 2, min(len(text), start + _LONGEST_SURFACE) + 1):
            if re.fullmatch(r"\w+", text[start:end]):
                found += [Edge(start, end, sounds, _OTHER_READING) for sounds in _readings(text[start:end])]
    return found


@lru_cache(maxsize=65536)
def _readings(surface: str) -> Sequence[tuple[str, ...]]:
    """Sounds of all dictionary readings; those known only from names of people or places are left out for single
    characters, where they are legion."""
    entries = homographs(surface)
    if len(surface) == 1:
        entries = tuple(entry for entry in entries if entry[1][2] not in _NAMES)
    return tuple({morae(reading): None for reading, _ in entries if is_kana(reading)})
