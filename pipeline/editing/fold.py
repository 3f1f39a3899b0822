"""The draft and its journal folded into the corrected minutes: the only place that knows how edits follow each
other."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.editing.operations import apply
from pipeline.editing.rebase import rebased
from pipeline.editing.sheet import Change, Entry, FieldChange, Hunk, Sheet, three_way, without_body
from pipeline.errors import EditError
from pipeline.records.edits import Adopt, Edit, Front, Operation, Restore, Undo, touched
from pipeline.records.minutes import Minutes

Bases = Callable[[int], Minutes]
"""The machine's drafts by number, as the journal adopts them: 1 is the first."""


class Fold:
    """The state after every edit so far. Apply edits in the order of their numbers."""

    def __init__(self, bases: Bases) -> None:
        self._bases = bases
        self.sheet = Sheet.of(bases(1))
        self.edits: list[Edit] = []
        self._changes: dict[int, tuple[Change, ...]] = {}

    @property
    def number(self) -> int:
        """Of the last edit; 0: nothing was edited yet."""
        return len(self.edits)

    def minutes(self) -> Minutes:
        return self.sheet.minutes()

    def stale(self, operations: Iterable[Operation], seen: Mapping[str, int]) -> tuple[str, ...]:
        """The ids that operations touch of which somebody has made another version than was seen, or removed it.

        Blocks that the operations make themselves need not be seen.
        """
        known = dict(seen)
        made: set[str] = set()
        found: list[str] = []
        for operation in operations:
            found += [i for i in touched(operation) if i not in made and self.sheet.version(i) != known.get(i)]
            made.update(_made(operation))
        return tuple(dict.fromkeys(found))

    def apply(self, edit: Edit) -> tuple[Change, ...]:
        """Apply the next edit and return what it changed. Raises EditError and is as before when it does not fit."""
        if edit.number != self.number + 1:
            raise ValueError(f"edit {edit.number} does not follow {self.number}")
        try:
            for operation in edit.operations:
                self._apply(operation, edit.number)
        except Exception:
            self.sheet.roll_back()
            raise
        changes = self.sheet.take_changes()
        self.edits.append(edit)
        self._changes[edit.number] = changes
        return changes

    def changes(self, number: int) -> tuple[Change, ...]:
        """What an edit changed."""
        return self._changes[number]

    def at(self, number: int) -> "Fold":
        """A fold of its own as it was after an earlier edit."""
        earlier = Fold(self._bases)
        for edit in self.edits[:number]:
            earlier.apply(edit)
        return earlier

    def _apply(self, operation: Operation, number: int) -> None:
        match operation:
            case Undo():
                for undone in sorted(operation.of, reverse=True):
                    self._undo(undone, number)
            case Restore():
                self._restore(operation.to, number)
            case Adopt():
                self._adopt(operation.base, number)
            case _:
                apply(self.sheet, operation, number)

    def _adopt(self, base: int, number: int) -> None:
        old, new = self._bases(self.sheet.base), self._bases(base)
        entries, front = rebased(self.sheet, old, new, base)
        self._exchange(entries, front, without_body(new), base, number)

    def _restore(self, to: int, number: int) -> None:
        if to > self.number:
            raise EditError(f"There is no state {to} to restore.", "Choose one from the history.")
        earlier = self.at(to).sheet
        self._exchange(earlier.entries, earlier.front, earlier.draft, earlier.base, number)

    def _exchange(self, entries: Sequence[Entry], front: Front, draft: Minutes, base: int, number: int) -> None:
        _exchange(self.sheet, entries, number)
        if front != self.sheet.front:
            self.sheet.set("front", front, number)
        if base != self.sheet.base:
            self.sheet.set("draft", draft, number)
            self.sheet.set("base", base, number)

    def _undo(self, undone: int, number: int) -> None:
        if undone not in self._changes:
            raise EditError(f"There is no edit {undone} to undo.", "Load the minutes again.")
        for change in reversed(self._changes[undone]):
            if isinstance(change, FieldChange):
                now = getattr(self.sheet, change.name)
                self.sheet.set(change.name, three_way(change.old, change.new, now), number)
            else:
                _take_back(self.sheet, change, number)


def folded(bases: Bases, edits: Iterable[Edit]) -> Fold:
    """The state after all edits."""
    fold = Fold(bases)
    for edit in edits:
        fold.apply(edit)
    return fold


def _made(operation: Operation) -> Iterable[str]:
    new = [getattr(operation, "new", None), *(block.id for block in getattr(operation, "blocks", ()))]
    if operation.op == "explain":
        new.append(operation.id)
    return [identifier for identifier in new if identifier is not None]


def _take_back(sheet: Sheet, hunk: Hunk, number: int) -> None:
    """Undo one change of the row: where only contents changed field by field, else the run as a whole."""
    if hunk.new:
        start, stop = sheet.run([entry.id for entry in hunk.new])
    else:
        start = stop = sheet.place(hunk.after) + 1 if hunk.after is not None else 0
    now = sheet.entries[start:stop]
    if [entry.id for entry in hunk.old] == [entry.id for entry in hunk.new]:
        back = [_earlier(o, n, e, number) for o, n, e in zip(hunk.old, hunk.new, now, strict=True)]
    else:
        if any(e.block != n.block or e.within != n.within for e, n in zip(now, hunk.new, strict=True)):
            raise EditError("It was changed again since.", "Undo the later change first.")
        back = [replace(entry, version=number) for entry in hunk.old]
    sheet.put(start, stop, back)


def _earlier(old: Entry, new: Entry, now: Entry, number: int) -> Entry:
    return Entry(
        block=three_way(old.block, new.block, now.block),
        within=three_way(old.within, new.within, now.within),
        confirmed=three_way(old.confirmed, new.confirmed, now.confirmed),
        version=number,
    )


def _exchange(sheet: Sheet, wanted: Sequence[Entry], number: int) -> None:
    """Put the wanted entries in place of those that differ; what stays as it is keeps its version."""
    now = sheet.entries
    start = 0
    while start < min(len(now), len(wanted)) and _same(now[start], wanted[start]):
        start += 1
    end = 0
    while end < min(len(now), len(wanted)) - start and _same(now[-1 - end], wanted[-1 - end]):
        end += 1
    known = {entry.id: entry for entry in now}
    middle = [
        known[e.id] if e.id in known and _same(known[e.id], e) else replace(e, version=number)
        for e in wanted[start : len(wanted) - end]
    ]
    if middle or start + end < len(now):
        sheet.put(start, len(now) - end, middle)


def _same(one: Entry, other: Entry) -> bool:
    return (
        (one.block is other.block or one.block == other.block)
        and one.within == other.within
        and one.confirmed == other.confirmed
    )
