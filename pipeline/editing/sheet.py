"""The minutes while people work on them: one flat row of blocks, each with the number of the edit that last touched it,
and a memory of every change that lets each edit be taken back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from pydantic import BaseModel

from pipeline.errors import EditError
from pipeline.records.edits import FRONT, Front
from pipeline.records.minutes import Block, Explanation, Minutes, Speech

_FRONT_FIELDS = tuple(Front.model_fields)


@dataclass(frozen=True, slots=True)
class Entry:
    """One block. An explanation is an entry without speech, followed by its turns, which are within it."""

    block: Block
    within: str | None = None
    version: int = 0
    """Number of the last edit that changed it; 0: as drafted."""
    confirmed: bool = False

    @property
    def id(self) -> str:
        return self.block.id


@dataclass(frozen=True, slots=True)
class Hunk:
    """Consecutive entries replaced by others. after: id of the entry before them, None at the beginning."""

    after: str | None
    old: tuple[Entry, ...]
    new: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What is no block was set: the form's fields, or which draft lies below."""

    name: Literal["front", "base", "draft"]
    old: Any
    new: Any
    version: int
    """Of the form's fields before."""


Change = Hunk | FieldChange


@dataclass
class Sheet:
    """Changed only through `put` and `set`, which note what they did in `changes`."""

    draft: Minutes
    """What is no edit's business comes from here: length, warnings, style."""
    front: Front
    base: int = 1
    """Number of the machine's draft that lies below."""
    front_version: int = 0
    entries: list[Entry] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, minutes: Minutes) -> "Sheet":
        """As drafted."""
        sheet = cls(without_body(minutes), front_of(minutes), entries=list(flat(minutes.body)))
        sheet._index()
        return sheet

    def minutes(self) -> Minutes:
        """The corrected minutes."""
        front = {name: getattr(self.front, name) for name in _FRONT_FIELDS}
        return self.draft.model_copy(update=front | {"body": nested(self.entries)})

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._places

    def place(self, identifier: str) -> int:
        """Raises EditError when there is no such block."""
        if identifier not in self._places:
            raise EditError(f"{identifier}: there is no such turn any more.", "Load the minutes again.")
        return self._places[identifier]

    def entry(self, identifier: str) -> Entry:
        return self.entries[self.place(identifier)]

    def speech(self, identifier: str) -> Speech:
        """Raises EditError when it is not a turn."""
        block = self.entry(identifier).block
        if not isinstance(block, Speech):
            raise EditError(f"{identifier}: is not a turn.", "Choose a turn.")
        return block

    def version(self, identifier: str) -> int | None:
        """None: there is no such block."""
        if identifier == FRONT:
            return self.front_version
        return self.entries[self._places[identifier]].version if identifier in self._places else None

    def run(self, identifiers: Sequence[str]) -> tuple[int, int]:
        """[start, stop) of consecutive blocks named in order. Raises EditError when they are not."""
        start = self.place(identifiers[0])
        stop = start + len(identifiers)
        if [entry.id for entry in self.entries[start:stop]] != list(identifiers):
            raise EditError("These turns do not follow each other any more.", "Load the minutes again.")
        return start, stop

    def put(self, start: int, stop: int, new: Iterable[Entry]) -> None:
        """Replace the entries [start, stop). Raises EditError when an identifier would be there twice."""
        old, put = tuple(self.entries[start:stop]), tuple(new)
        before, after = [entry.id for entry in old], [entry.id for entry in put]
        if before != after:
            added = set(after).difference(before)
            if len(set(after)) < len(after) or not added.isdisjoint(self._places):
                raise EditError("Two turns would have the same identifier.", "Load the minutes again.")
        self.changes.append(Hunk(self.entries[start - 1].id if start else None, old, put))
        self.entries[start:stop] = put
        if before != after:
            self._index()

    def set(self, name: Literal["front", "base", "draft"], value: Any, version: int) -> None:
        """version: number of the edit."""
        self.changes.append(FieldChange(name, getattr(self, name), value, self.front_version))
        setattr(self, name, value)
        if name == "front":
            self.front_version = version

    def take_changes(self) -> tuple[Change, ...]:
        """What was changed since this was last asked."""
        taken, self.changes = tuple(self.changes), []
        return taken

    def roll_back(self) -> None:
        """Undo what was changed since `take_changes` was last asked, exactly."""
        for change in reversed(self.take_changes()):
            if isinstance(change, FieldChange):
                setattr(self, change.name, change.old)
                self.front_version = change.version
            else:
                start = self._places[change.after] + 1 if change.after is not None else 0
                self.entries[start : start + len(change.new)] = change.old
                self._index()

    def _index(self) -> None:
        self._places = {entry.block.id: number for number, entry in enumerate(self.entries)}


def without_body(minutes: Minutes) -> Minutes:
    return minutes.model_copy(update={"body": ()})


def front_of(minutes: Minutes) -> Front:
    return Front(**{name: getattr(minutes, name) for name in _FRONT_FIELDS})


def flat(body: Iterable[Block], version: int = 0) -> Iterator[Entry]:
    """Explanations opened."""
    for block in body:
        if isinstance(block, Explanation):
            yield Entry(block.model_copy(update={"speech": ()}), version=version)
            yield from (Entry(speech, within=block.id, version=version) for speech in block.speech)
        else:
            yield Entry(block, version=version)


def nested(entries: Sequence[Entry]) -> tuple[Block, ...]:
    """Explanations with their turns inside again."""
    found: list[Block] = []
    for entry in entries:
        if entry.within is None:
            found.append(entry.block)
            continue
        header, speech = cast(Explanation, found[-1]), cast(Speech, entry.block)
        times = {
            "start_ms": min(speech.start_ms, header.start_ms) if header.speech else speech.start_ms,
            "end_ms": max(speech.end_ms, header.end_ms) if header.speech else speech.end_ms,
        }
        found[-1] = header.model_copy(update={"speech": (*header.speech, speech), **times})
    return tuple(found)


def three_way(old: Any, new: Any, now: Any) -> Any:
    """Take the change old → new back from now, field by field. Raises EditError where now has changed further."""
    if old is new or old == new:
        return now
    if now is new or now == new:
        return old
    if type(old) is type(new) is type(now) and isinstance(old, BaseModel):
        changed = {name for name in type(old).model_fields if getattr(old, name) != getattr(new, name)}
        if all(getattr(now, name) == getattr(new, name) for name in changed):
            return now.model_copy(update={name: getattr(old, name) for name in changed})
    raise EditError("It was changed again since.", "Undo the later change first.")
