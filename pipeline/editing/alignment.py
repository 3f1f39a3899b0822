"""Which recognised word each character of an edited text is heard in: so that every word can still be played, and a
text that is cut takes its own words along."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from pipeline.records.words import Word


class Piece(NamedTuple):
    """A word and the characters of the edited text that stand for it; text is empty where nothing of it is left."""

    word: Word
    text: str


def pieces(text: str, words: Sequence[Word]) -> tuple[Piece, ...]:
    """One piece per word, in order; joined they are the whole text. Without words there is no piece."""
    if not words:
        return ()
    ends = list(accumulate(len(word.text) for word in words))
    places = _mapped("".join(word.text for word in words), text, ends)
    places[-1] = len(text)
    starts = [0, *places[:-1]]
    return tuple(Piece(word, text[start:end]) for word, start, end in zip(words, starts, places, strict=True))


def cut_words(text: str, words: Sequence[Word], cuts: Sequence[int]) -> tuple[tuple[Word, ...], ...]:
    """The words of each part of a text cut before the characters at cuts (rising): one part more than cuts.

    Every word is in exactly one part, in order. Words that one replacement joined stay together; a word of which
    nothing is printed stays with what was said before it.
    """
    joined = "".join(word.text for word in words)
    ends = list(accumulate(len(word.text) for word in words))
    bounds = [0]
    for place in _mapped(text, joined, cuts):
        bounds.append(max(bounds[-1], _boundary(words, ends, place)))
    bounds.append(len(words))
    return tuple(tuple(words[start:end]) for start, end in pairwise(bounds))


def _boundary(words: Sequence[Word], ends: Sequence[int], place: int) -> int:
    """How many words lie before a place in their joined text; a word across it goes where most of it is."""
    if place <= 0:
        return 0
    before = bisect_right(ends, place)
    if before < len(words):
        start = ends[before] - len(words[before].text)
        before += place - start > ends[before] - place
    while 0 < before < len(words) and _runs(words[before - 1]) & _runs(words[before]):
        before += 1
    return before


def _runs(word: Word) -> set[str]:
    return {layer.run for layer in word.layers if layer.run}


def _mapped(source: str, target: str, places: Sequence[int]) -> list[int]:
    """Where places between the characters of source (rising) lie in target. What target has more stays with the text
    before it; within a replacement places are spread evenly."""
    if source == target:
        return list(places)
    steps = _steps(source, target)
    found, at = [], 0
    for place in places:
        while at < len(steps) and place > steps[at].stop:
            at += 1
        found.append(_within(steps, at, place, len(target)))
    return found


class _Step(NamedTuple):
    """Characters [start, stop) of the source stand for [to_start, to_stop) of the target."""

    start: int
    stop: int
    to_start: int
    to_stop: int


def _steps(source: str, target: str) -> list[_Step]:
    """Equal stretches and what lies between them as one replacement each; mere insertions are left out."""
    steps: list[_Step] = []
    equal_before = True
    for step in Levenshtein.opcodes(source, target):
        equal = step.tag == "equal"
        start, to_start = step.src_start, step.dest_start
        if steps and not equal and not equal_before:
            start, _, to_start, _ = steps.pop()
        steps.append(_Step(start, step.src_end, to_start, step.dest_end))
        equal_before = equal
    return [step for step in steps if step.stop > step.start]


def _within(steps: Sequence[_Step], at: int, place: int, end: int) -> int:
    if place <= 0:
        return 0
    if at >= len(steps):
        return end
    step = steps[at]
    if place == step.stop:  # what was inserted after it goes with it
        return steps[at + 1].to_start if at + 1 < len(steps) else end
    return step.to_start + round((place - step.start) * (step.to_stop - step.to_start) / (step.stop - step.start))
