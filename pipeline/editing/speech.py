"""The text of one turn changed in place, cut in two, joined with the next: no word of it is ever lost."""

from collections.abc import Sequence
from typing import Any

from pipeline.editing.alignment import cut_words
from pipeline.editing.passages import (
    Placed,
    closed,
    joined_marks,
    marks_within,
    paragraphs_of,
    placed,
    retyped,
    sentence_of,
    text_of,
)
from pipeline.errors import EditError
from pipeline.records.minutes import Sentence, Speech
from pipeline.records.withheld import Passages, shifted


def speech_text(speech: Speech) -> str:
    """What the places of an edit count in."""
    return text_of(speech.paragraphs)


def expect(text: str, at: int, removed: str) -> None:
    """Raises EditError unless removed stands at this place of text."""
    if at > len(text) or text[at : at + len(removed)] != removed:
        raise EditError(f"“{removed[:20]}” does not stand at character {at} of the text.", "Load the minutes again.")


def spliced(speech: Speech, at: int, removed: str, inserted: str) -> Speech:
    """Raises EditError when removed does not stand there."""
    text = speech_text(speech)
    expect(text, at, removed)
    row = placed(speech.paragraphs)
    first, last = _affected(row, at, at + len(removed))
    while True:
        before = text[row[first].start : row[last].end]
        local = at - row[first].start
        after = before[:local] + inserted + before[local + len(removed) :]
        if closed(after) or last + 1 == len(row) or row[last + 1].opens:
            break
        last += 1
    return with_row(speech, [*row[:first], *retyped(row[first : last + 1], before, after), *row[last + 1 :]])


def _affected(row: Sequence[Placed], at: int, end: int) -> tuple[int, int]:
    """First and last sentence touched by an edit of [at, end). At a boundary the earlier one, and with it what was
    emptied there, so that a text typed anew finds its words again."""
    first = next(i for i, each in enumerate(row) if each.end >= at)
    if end > at and row[first].end == at and first + 1 < len(row) and row[first + 1].start == at:
        first += 1
    last = first
    while row[last].end < end:
        last += 1
    while last + 1 < len(row) and row[last + 1].end == end and not row[last + 1].opens:
        last += 1
    return first, last


def split(speech: Speech, at: int, new: str) -> tuple[Speech, Speech]:
    """Both halves; a line feed at the cut disappears. Raises EditError when one half would have no text."""
    text = speech_text(speech)
    start = at - 1 if text[at - 1 : at] == "\n" else at
    stop = at + 1 if start == at and text[at : at + 1] == "\n" else at
    if not text[:start].strip() or not text[stop:].strip():
        raise EditError("A turn can only be cut inside its text.", "Place the cursor between two characters.")
    row = placed(speech.paragraphs)
    cut = sum(each.end <= start for each in row)
    before, after = row[:cut], row[cut:]
    if after[0].start < start:
        one, two = _halves(after[0].sentence, start - after[0].start)
        before.append(after[0]._replace(sentence=one))
        after[0] = after[0]._replace(sentence=two)
    middle_ms = max(each.sentence.end_ms for each in before)
    rest = speech.model_copy(update={"id": new, "start_ms": middle_ms, "end_ms": max(middle_ms, speech.end_ms)})
    return with_row(speech.model_copy(update={"end_ms": middle_ms}), before), with_row(rest, after)


def _halves(sentence: Sentence, at: int) -> tuple[Sentence, Sentence]:
    text, marks = sentence.text, sentence.withheld
    one, two = cut_words(text, sentence.words, (at,))
    first = sentence_of(text[:at], one, marks_within(marks, 0, at), sentence.start_ms)
    return first, sentence_of(text[at:], two, marks_within(marks, at, len(text)), first.end_ms)


def merged(first: Speech, second: Speech, *, keep_second: bool, paragraph: bool) -> Speech:
    """The text of both as one turn, with id, role and speaker of one of them."""
    head, tail = placed(first.paragraphs), placed(second.paragraphs)
    if not paragraph:
        seam = head[-1].sentence
        if closed(seam.text):
            tail[0] = tail[0]._replace(opens=False)
        else:
            tail[0] = head.pop()._replace(sentence=_sewn(seam, tail[0].sentence))
    kept = second if keep_second else first
    span = {"start_ms": min(first.start_ms, second.start_ms), "end_ms": max(first.end_ms, second.end_ms)}
    return with_row(kept.model_copy(update=span), [*head, *tail])


def _sewn(one: Sentence, two: Sentence) -> Sentence:
    marks = joined_marks((*one.withheld, *shifted(two.withheld, len(one.text))))
    return sentence_of(one.text + two.text, one.words + two.words, marks, one.start_ms)


def marked(speech: Speech, marks: Passages) -> Speech:
    """The speech with exactly these withheld passages, placed in its text. Raises EditError for one outside it."""
    if any(mark.end > len(speech_text(speech)) for mark in marks):
        raise EditError("A withheld passage ends outside the text.", "Load the minutes again.")
    return speech.model_copy(
        update={
            "paragraphs": paragraphs_of(
                each._replace(
                    sentence=each.sentence.model_copy(update={"withheld": marks_within(marks, each.start, each.end)})
                )
                for each in placed(speech.paragraphs)
            )
        }
    )


def marks_of(speech: Speech) -> Passages:
    """The withheld passages, placed in the speech's text."""
    return joined_marks(m for each in placed(speech.paragraphs) for m in shifted(each.sentence.withheld, each.start))


def with_row(speech: Speech, row: Sequence[Placed]) -> Speech:
    """The speech with these sentences; its times are those of its words, where it has any."""
    update: dict[str, Any] = {"paragraphs": paragraphs_of(row)}
    if said := [each.sentence for each in row if each.sentence.words]:
        update |= {"start_ms": said[0].start_ms, "end_ms": max(sentence.end_ms for sentence in said)}
    return speech.model_copy(update=update)
