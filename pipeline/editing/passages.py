"""The text of a turn as one row of sentences, edited as text: words and withheld marks go where their characters go."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pipeline.editing.alignment import cut_words
from pipeline.records.minutes import Sentence
from pipeline.records.withheld import Passages, WithheldPassage, carried, shifted
from pipeline.records.words import Word

Paragraphs = tuple[tuple[Sentence, ...], ...]

_SENTENCE = re.compile(r"[^。？?！!]*[。？?！!]+[」』）)]*|[^。？?！!]+$|^$")
_CLOSED = re.compile(r"[。？?！!]+[」』）)]*$")


class Placed(NamedTuple):
    """A sentence, whether it begins a paragraph, and its place in the text of its turn."""

    sentence: Sentence
    opens: bool
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.sentence.text)


def text_of(paragraphs: Paragraphs) -> str:
    """The paragraphs joined by a line feed."""
    return "\n".join("".join(sentence.text for sentence in paragraph) for paragraph in paragraphs)


def placed(paragraphs: Paragraphs) -> list[Placed]:
    """All sentences in order. A paragraph without any counts as one empty sentence."""
    found, at = [], 0
    for paragraph in paragraphs:
        for number, sentence in enumerate(paragraph or (sentence_of("", (), (), 0),)):
            found.append(Placed(sentence, number == 0, at))
            at += len(sentence.text)
        at += 1
    return found


def paragraphs_of(row: Iterable[Placed]) -> Paragraphs:
    """The same sentences in their paragraphs."""
    found: list[list[Sentence]] = []
    for each in row:
        if each.opens or not found:
            found.append([])
        found[-1].append(each.sentence)
    return tuple(tuple(paragraph) for paragraph in found)


def closed(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return bool(_CLOSED.search(text))


def retyped(row: Sequence[Placed], before: str, after: str) -> list[Placed]:
    """These sentences, whose text is before, say after instead: all words are kept in order, every mark is carried
    along, and a sentence that comes out as it was stays the same."""
    start = row[0].start
    marks = joined_marks(mark for each in row for mark in shifted(each.sentence.withheld, each.start - start))
    words = tuple(word for each in row for word in each.sentence.words)
    silent_ms = min(each.sentence.start_ms for each in row)
    made = laid_out(after, words, carried(marks, before, after) if marks else (), silent_ms)
    known = {(each.sentence.text, each.sentence.words): each.sentence for each in row}
    found = []
    for number, each in enumerate(made):
        old = known.get((each.sentence.text, each.sentence.words))
        sentence = old if old is not None and old.withheld == each.sentence.withheld else each.sentence
        found.append(Placed(sentence, each.opens if number else row[0].opens, each.start + start))
    return found


def laid_out(text: str, words: Sequence[Word], marks: Passages, silent_ms: int) -> list[Placed]:
    """A text cut into sentences over its words. silent_ms: the time of a sentence before which no word was said."""
    spans = list(_spans(text))
    flat = "".join(text[start:end] for _, start, end in spans)
    cuts, at = [], 0
    for _, start, end in spans[:-1]:
        at += end - start
        cuts.append(at)
    found = []
    for (opens, start, end), share in zip(spans, cut_words(flat, words, cuts), strict=True):
        sentence = sentence_of(text[start:end], share, marks_within(marks, start, end), silent_ms)
        found.append(Placed(sentence, opens, start))
        silent_ms = sentence.end_ms
    return found


def _spans(text: str) -> Iterator[tuple[bool, int, int]]:
    """(begins a paragraph, start, end) of each sentence; an empty line is one empty sentence."""
    at = 0
    for line in text.split("\n"):
        for number, match in enumerate(_SENTENCE.finditer(line)):
            yield number == 0, at + match.start(), at + match.end()
        at += len(line) + 1


def sentence_of(text: str, words: tuple[Word, ...], marks: Passages, silent_ms: int) -> Sentence:
    """A sentence with the time of its words; silent_ms where it has none."""
    return Sentence(
        text=text,
        start_ms=words[0].start_ms if words else silent_ms,
        end_ms=max(word.end_ms for word in words) if words else silent_ms,
        words=words,
        withheld=marks,
    )


def marks_within(marks: Passages, start: int, end: int) -> Passages:
    """The parts of the marks that lie in [start, end), placed in that stretch."""
    return tuple(
        mark.model_copy(update={"start": max(mark.start, start) - start, "end": min(mark.end, end) - start})
        for mark in marks
        if mark.start < end and mark.end > start
    )


def joined_marks(marks: Iterable[WithheldPassage]) -> Passages:
    """Marks of one ground and person that touch become one: a cut that is undone leaves no seam."""
    found: list[WithheldPassage] = []
    for mark in sorted(marks, key=lambda each: (each.start, each.end)):
        last = found[-1] if found else None
        if last is not None and mark.start <= last.end and _same_decision(last, mark):
            found[-1] = last.model_copy(update={"end": max(last.end, mark.end)})
        else:
            found.append(mark)
    return tuple(found)


def _same_decision(one: WithheldPassage, other: WithheldPassage) -> bool:
    return one.model_copy(update={"start": other.start, "end": other.end}) == other
