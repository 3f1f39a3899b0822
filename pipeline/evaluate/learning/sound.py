"""How far apart two readings sound, and all the ways in which written words may have been spoken."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, product

from pipeline.lexicon.japanese import Token, homographs
from pipeline.lexicon.kana import gap, is_kana, morae, substitution, to_katakana

_MOST = 100
"""Readings of one run of words."""


def ways_to_read(words: Sequence[Token]) -> tuple[str, ...]:
    """As they stand first, then by the dictionary's other readings, word by word and sign by sign: a recogniser that
    writes 長内 did not hear the name オサナイ but チョウナイ."""
    by_word = [dict.fromkeys([token.reading, *_readings(token.surface)]) for token in words]
    by_sign = [_readings(sign) or (sign,) for token in words for sign in token.surface]
    found = [*islice(product(*by_word), _MOST), *islice(product(*by_sign), _MOST)]
    return tuple(dict.fromkeys(reading for each in found if is_kana(reading := to_katakana("".join(each)))))


@lru_cache(maxsize=16384)
def _readings(surface: str) -> tuple[str, ...]:
    """The dictionary's, for exactly this; kana reads itself."""
    if is_kana(surface):
        return (to_katakana(surface),)
    return tuple(dict.fromkeys(to_katakana(reading) for reading, _ in homographs(surface)))


def closest(reading: str, words: Sequence[Token]) -> float:
    """Distance of a reading to the nearest way to read the words; 1 where they cannot be read."""
    return min((sound_distance(reading, way) for way in ways_to_read(words)), default=1.0)


@lru_cache(maxsize=65536)
def sound_distance(one: str, other: str) -> float:
    """0 for the same sounds, about 1 for none in common: the cheapest way from one to the other in morae, with the
    lexicon's costs of mishearing (lexicon/kana.py), over the length of the longer."""
    told, heard = morae(one), morae(other)
    if not told or not heard:
        return float(told != heard)
    row = [0.0]
    for sound in heard:
        row.append(row[-1] + gap(sound))
    for meant in told:
        previous, row = row, [row[0] + gap(meant)]
        for place, sound in enumerate(heard):
            row.append(
                min(
                    previous[place] + substitution(sound, meant), previous[place + 1] + gap(meant), row[-1] + gap(sound)
                )
            )
    return row[-1] / max(len(told), len(heard))
