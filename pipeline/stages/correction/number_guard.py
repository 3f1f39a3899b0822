"""Numbers are not a matter of sounding alike: what guards them when terms are put in by their sound."""

import re
from dataclasses import replace

from pipeline.lexicon.japanese import Token, analyse
from pipeline.stages.correction.listening import Heard
from pipeline.stages.correction.numerals import values_in

_ITEM = re.compile(r"第\d+号")
_SAME_ITEM_DISTANCE = 0.58
"""Less than any digit is from another one in sound."""
_LETTERS = re.compile("[A-Za-z]")
_CONTEXT = 12


def keeps_numbers(text: str, heard: Heard) -> bool:
    """Whether putting the term in for text[heard.start:heard.end] changes no number and takes none apart.

    Nor the counter behind one: 3条台 is not 3頂戴. Words of any office may moreover touch no figure: 1月 is not 一括.
    """
    span, written = text[heard.start : heard.end], heard.term.written
    if heard.term.source == "builtin" and re.findall(r"\d+", span) != re.findall(r"\d+", written):
        return False
    if _counts(text, heard.start):
        return False
    said, meant = (text, heard.start, heard.end), (written, 0, len(written))
    return _counted(*said) == _counted(*meant) or _written(*said) == _written(*meant) or _known_item(heard)


def _counts(text: str, position: int) -> bool:
    """Whether the word that begins there counts what the numeral before it says."""
    word = next((token for token in _around(text, position, position) if token.start == position), None)
    return word is not None and "助数詞" in word.pos[2] and bool(_numerals(text, position, position))


def _counted(text: str, start: int, end: int) -> tuple[int, ...]:
    """Values of the words of text[start:end] that are numerals where they stand: not of the 千 of 千鳥, and of all of
    十7 where only 十 lies inside."""
    return tuple(value for token in _numerals(text, start, end) for value in values_in(token.surface))


def _written(text: str, start: int, end: int) -> tuple[int, ...]:
    """Values of all numerals in text[start:end] but for those of names: 三枝, CO2."""
    signs = list(text)
    for token in _around(text, start, end):
        if token.pos[1] == "固有名詞" or _LETTERS.search(token.surface):
            signs[token.start : token.end] = " " * (token.end - token.start)
    return values_in("".join(signs[start:end]))


def _numerals(text: str, start: int, end: int) -> list[Token]:
    """Numerals that text[start:end] touches; of an empty stretch, those that end there."""
    touched = (t for t in _around(text, start, end) if (t.end == start if start == end else _touches(t, start, end)))
    return [token for token in touched if token.pos[1] == "数詞"]


def _touches(token: Token, start: int, end: int) -> bool:
    return token.start < end and start < token.end


def _around(text: str, start: int, end: int) -> list[Token]:
    """Words in and around text[start:end], at their positions in the text."""
    low = max(0, start - _CONTEXT)
    tokens = analyse(text[low : end + _CONTEXT])
    return [replace(token, start=low + token.start, end=low + token.end) for token in tokens]


def _known_item(heard: Heard) -> bool:
    """第30話合議案 where 第38号議案 is on the agenda: its number is known, and nothing else sounds like it."""
    item = heard.term.source == "meeting" and _ITEM.search(heard.term.written)
    return bool(item) and heard.distance <= _SAME_ITEM_DISTANCE
