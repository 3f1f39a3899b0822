"""What the public copy leaves out, on which ground and by whom: marks that move with the text they stand on."""

import datetime
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from pipeline.records.base import Record

_Told = Annotated[str, StringConstraints(pattern=r"\S")]


class Withholding(Record):
    """A decision to withhold. On a block it covers the whole block, its role included."""

    ground: _Told
    """The provision it rests on, for the register: 情報公開条例第7条第2号(個人に関する情報)."""
    by: _Told
    """Who decided."""
    on: datetime.date | None = None


class WithheldItem(Withholding):
    """On a heading: everything up to the next heading."""

    title_too: bool = False
    """The title is withheld wherever it is printed (議題, 見出し, 資料); otherwise one can see what the item is."""


class WithheldPassage(Withholding):
    """The characters [start, end) of one sentence's text."""

    start: Annotated[int, Field(ge=0)]
    end: int
    only_here: bool = False
    """The same words may be published elsewhere; otherwise a public copy that still holds them is refused."""

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"a withheld passage must hold a character: {self.start}–{self.end}")
        return self


class WithheldName(Withholding):
    """A name (or any expression) withheld wherever it is printed, fields of the form included."""

    text: _Told
    reading: str | None = None
    """In kana; None: looked up. The public copy may hold it no more than the name itself; empty: it is an everyday word
    (ホンダ) and may be published."""


Passages = tuple[WithheldPassage, ...]


def carried(passages: Iterable[WithheldPassage], before: str, after: str) -> Passages:
    """The marks of a sentence whose text was edited from before to after.

    A mark keeps its characters; what is written in its place or at its very edge is withheld too, because the new words
    may say the same; where the same words newly appear elsewhere in the sentence, they are marked as well. Only a mark
    of which nothing is left disappears.
    """
    given = tuple(passages)
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    kept = [moved for passage in given if (moved := _moved(passage, changes))]
    for passage in given:
        words = before[passage.start : passage.end]
        if not _open(before, given, words):
            kept += [
                passage.model_copy(update={"start": at, "end": at + len(words)}) for at in _open(after, kept, words)
            ]
    return tuple(sorted(kept, key=lambda passage: (passage.start, passage.end)))


def _moved(passage: WithheldPassage, changes: Sequence[tuple[str, int, int, int, int]]) -> WithheldPassage | None:
    touched = []
    for kind, start, end, new_start, new_end in changes:
        if kind == "equal":
            low, high = max(start, passage.start), min(end, passage.end)
            if low < high:
                touched += [new_start + low - start, new_start + high - start]
        elif start <= passage.end and passage.start <= end and new_start < new_end:
            touched += [new_start, new_end]
    if not touched:
        return None
    return passage.model_copy(update={"start": min(touched), "end": max(touched)})


def _open(text: str, passages: Iterable[WithheldPassage], words: str) -> list[int]:
    """Where words stand in text without lying inside one mark."""
    found = [at for at in range(len(text) - len(words) + 1) if text.startswith(words, at)]
    return [at for at in found if not any(p.start <= at and at + len(words) <= p.end for p in passages)]


def cut(passages: Iterable[WithheldPassage], at: int) -> tuple[Passages, Passages]:
    """The marks of the two halves of a sentence cut before the character at; a mark across the cut goes to both."""
    given = tuple(passages)
    return (
        tuple(p.model_copy(update={"end": min(p.end, at)}) for p in given if p.start < at),
        tuple(p.model_copy(update={"start": max(p.start - at, 0), "end": p.end - at}) for p in given if p.end > at),
    )


def shifted(passages: Iterable[WithheldPassage], by: int) -> Passages:
    """The marks of a sentence that now begins by characters further on, as after joining two sentences."""
    return tuple(p.model_copy(update={"start": p.start + by, "end": p.end + by}) for p in passages)
