"""The journal told as steps that people remember: a burst of typing is one, and each says what stood there before."""

import datetime
import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.editing.fold import Fold
from pipeline.editing.sheet import Entry, FieldChange, Hunk
from pipeline.editing.speech import speech_text
from pipeline.editing.undo import taken_back
from pipeline.records.edits import Edit
from pipeline.records.minutes import Block, Inaudible, Speech

_PLACES = 3
"""Shown of a step; the others are only counted."""
_AROUND = 12
_LONGEST = 80


class Excerpt(NamedTuple):
    """What became of a text: head removed→inserted tail."""

    head: str
    removed: str
    inserted: str
    tail: str


class Place(NamedTuple):
    """A block that a step changed. roles: before and after; where only the role changed the excerpt is empty."""

    id: str
    start_ms: int
    roles: tuple[str, str]
    excerpt: Excerpt


class Step(NamedTuple):
    """Consecutive edits of one breath. operations: their kinds. changed: how many blocks."""

    numbers: tuple[int, ...]
    author: str
    at: datetime.datetime
    operations: tuple[str, ...]
    automatic: bool
    """No person did it: it follows from what people did."""
    taken_back: bool
    changed: int
    places: tuple[Place, ...]


def steps_before(fold: Fold, number: int, limit: int, turn: str | None = None) -> list[Step]:
    """Up to limit steps, all their edits with lower numbers, the latest first. turn: only those that changed it."""
    undone = taken_back(fold.edits)
    groups = _groups(fold.edits, min(number - 1, fold.number))
    if turn is not None:
        groups = (group for group in groups if any(_touches(fold, edit, turn) for edit in group))
    return [_step(fold, group, undone, turn) for group in itertools.islice(groups, limit)]


def _touches(fold: Fold, edit: Edit, turn: str) -> bool:
    hunks = (change for change in fold.changes(edit.number) if isinstance(change, Hunk))
    return any(entry.id == turn for hunk in hunks for entry in (*hunk.old, *hunk.new))


def _groups(edits: Sequence[Edit], last: int) -> Iterator[list[Edit]]:
    """Edits of one author and breath that follow each other, from the end."""
    while last > 0:
        group = [edits[last - 1]]
        while last > 1 and group[0].group and _of_one_breath(edits[last - 2], group[0]):
            last -= 1
            group.insert(0, edits[last - 1])
        yield group
        last -= 1


def _of_one_breath(one: Edit, other: Edit) -> bool:
    return one.group == other.group and one.author == other.author


def _step(fold: Fold, group: Sequence[Edit], undone: set[int], turn: str | None) -> Step:
    """turn: told before all others."""
    pairs: dict[str, tuple[Entry | None, Entry | None]] = {}
    fields = 0
    for edit in group:
        for change in fold.changes(edit.number):
            if isinstance(change, FieldChange):
                fields += change.name == "front"
                continue
            after = {entry.id: entry for entry in change.new}
            before = {entry.id: entry for entry in change.old}
            for identifier in dict.fromkeys([*before, *after]):
                first = pairs[identifier][0] if identifier in pairs else before.get(identifier)
                pairs[identifier] = (first, after.get(identifier))
    operations = [operation for edit in group for operation in edit.operations]
    ids = sorted(pairs, key=lambda identifier: identifier != turn)
    different = [pairs[identifier] for identifier in ids if pairs[identifier][0] != pairs[identifier][1]]
    return Step(
        numbers=tuple(edit.number for edit in group),
        author=group[-1].author,
        at=group[-1].at,
        operations=tuple(dict.fromkeys(operation.op for operation in operations)),
        automatic=all(operation.op == "cast" and operation.inferred is not None for operation in operations),
        taken_back=all(edit.number in undone for edit in group),
        changed=len(different) + fields,
        places=tuple(_place(*pair) for pair in different[:_PLACES]),
    )


def _place(before: Entry | None, after: Entry | None) -> Place:
    entry = after or before
    assert entry is not None
    old, new = (text_of(each.block) if each else "" for each in (before, after))
    roles = [each.block.role if each and isinstance(each.block, Speech) else "" for each in (before, after)]
    return Place(entry.id, start_of(entry.block), (roles[0], roles[1]), _excerpt(old, new))


def text_of(block: Block) -> str:
    """What is written in a block; nothing where nothing could be heard."""
    if isinstance(block, Speech):
        return speech_text(block)
    return getattr(block, "text", "")


def start_of(block: Block) -> int:
    """When it was said, in ms."""
    return block.span.start_ms if isinstance(block, Inaudible) else block.start_ms


def _excerpt(before: str, after: str) -> Excerpt:
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    if before == after:
        return Excerpt(_short(before), "", "", "")
    removed, inserted = before[start : len(before) - end], after[start : len(after) - end]
    tail = after[len(after) - end :] if end else ""
    return Excerpt(after[max(0, start - _AROUND) : start], _short(removed), _short(inserted), tail[:_AROUND])


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
