"""The words of each side, and stretches of errors widened to whole words: what people call an error is a word."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.evaluate.alignment.alignment import Alignment, Mark
from pipeline.evaluate.alignment.sides import Side
from pipeline.lexicon.japanese import Token, analyse

_PIECE = 2000
"""Characters handed to the analyser at once."""


@dataclass(frozen=True)
class Words:
    """tokens in order; of[i] is the number of the token that normalised character i belongs to, utterance[n] that of
    the utterance that token n stands in."""

    tokens: tuple[Token, ...]
    of: Sequence[int]
    utterance: Sequence[int]

    def boundary(self, position: int) -> bool:
        """Whether a word ends before this character."""
        return position in (0, len(self.of)) or self.of[position - 1] != self.of[position]

    def within(self, start: int, end: int) -> tuple[Token, ...]:
        """The words of the characters [start, end), without those that left no character (punctuation)."""
        return tuple(self.tokens[number] for number in dict.fromkeys(self.of[start:end]))


class Stretch(NamedTuple):
    """Reference characters [start, end) set against hypothesis characters [heard_start, heard_end)."""

    start: int
    end: int
    heard_start: int
    heard_end: int


def words_of(side: Side) -> Words:
    """Analyse each utterance as written, and follow its words through the profile's transforms."""
    tokens: list[Token] = []
    of, utterance = array("l"), array("l")
    for number in range(len(side.utterances)):
        text = side.words(number)
        token_of = array("l")
        for start in range(0, len(text), _PIECE):
            for token in analyse(text[start : start + _PIECE]):
                token_of.extend([len(tokens)] * (token.end - token.start))
                tokens.append(token)
                utterance.append(number)
        of.extend(token_of[side.origin[place]] for place in side.span(number))
    return Words(tuple(tokens), of, utterance)


def stretches(alignment: Alignment, words: Words, heard: Words) -> Iterator[Stretch]:
    """Every run of errors, widened until words begin and end on both sides; runs that meet become one."""
    above, beneath = alignment.steps
    last = len(above) - 1
    wrong = _wrong(alignment)

    def boundary(cut: int) -> bool:
        return words.boundary(above[cut]) and heard.boundary(beneath[cut])

    reached = cut = 0
    open_from: int | None = None
    while cut < last:
        if not wrong[cut]:
            cut += 1
            continue
        start = cut
        while start > reached and not boundary(start):
            start -= 1
        end = cut + 1
        while end < last and (wrong[end] or not boundary(end)):
            end += 1
        if open_from is not None and start > reached:
            yield _between(alignment, open_from, reached)
            open_from = None
        open_from = start if open_from is None else open_from
        reached = cut = end
    if open_from is not None:
        yield _between(alignment, open_from, reached)


def _wrong(alignment: Alignment) -> bytearray:
    """For each step whether it is an error."""
    above, beneath = alignment.steps
    bad = (Mark.SUBSTITUTED, Mark.DELETED, Mark.INSERTED)
    wrong = bytearray()
    for number in range(len(above) - 1):
        i, j = above[number], beneath[number]
        mark = alignment.marks[i] if above[number + 1] > i else alignment.heard_marks[j]
        wrong.append(mark in bad)
    return wrong


def _between(alignment: Alignment, first: int, last: int) -> Stretch:
    above, beneath = alignment.steps
    return Stretch(above[first], above[last], beneath[first], beneath[last])
