"""Takes recordings into the library, one after the other, while others are already being drafted."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import AudioMissingError, DiskFullError, KaigirokuError
from pipeline.records.job import DraftOptions, Failure
from pipeline.run.intake import Entry, entries, stamp, take_in
from pipeline.store.library import Library
from pipeline.store.recordings import reached

SETTLED_S = 10.0
"""A watched recording is complete when nothing about it has changed for so long."""


class Collector:
    """look() is called again and again, always from one thread at a time."""

    def __init__(
        self,
        library: Library,
        source: Path | None,
        options: DraftOptions,
        priority: int = 0,
        watch: bool = False,
        settled_s: float = SETTLED_S,
    ) -> None:
        self.failures: list[Failure] = []
        """What could not be taken in."""
        self._library = library
        self._source = source
        self._options = options
        self._priority = priority
        self._watch = watch
        self._settled_s = settled_s
        self._todo: Iterator[Entry] | None = None
        self._begun = False
        self._done: set[str] = set()
        self._seen: dict[str, float] = {}
        """Stamp → when it was first seen, on the monotonic clock."""

    def look(self) -> bool:
        """Take in one recording. Whether there may be more.

        Raises DiskFullError; the first look also what entries() raises. Other failures are noted.
        """
        if self._todo is None:
            if self._source is None or (self._begun and not self._watch):
                return False
            self._todo = self._scan(self._source)
            self._begun = True
        entry = next(self._todo, None)
        if entry is None:
            self._todo = None
            return False
        self._take(entry)
        return True

    def _scan(self, source: Path) -> Iterator[Entry]:
        try:
            with reached(source):
                found = entries(source)
        except (KaigirokuError, OSError):
            if not self._begun:
                raise
            found = []  # a watched share that is away for a while
        return iter(sorted(found, key=lambda each: -each.priority))

    def _take(self, entry: Entry) -> None:
        try:
            with reached(entry.sources[0]):
                mark = stamp(entry)
        except OSError as error:
            if not self._watch:  # in a watched folder it has just gone, as files do
                cause = f"{entry.name}: cannot be read ({error.strerror or error})."
                self._note(AudioMissingError(cause, "Check the path and its permissions.", file=entry.sources[0]))
            return
        if mark in self._done or (self._watch and not self._settled(entry, mark)):
            return
        self._done.add(mark)
        try:
            take_in(self._library, entry, self._options, self._priority)
        except DiskFullError:
            raise
        except KaigirokuError as error:
            self._note(error)

    def _settled(self, entry: Entry, mark: str) -> bool:
        now = time.monotonic()
        return now - self._seen.setdefault(mark, now) >= self._settled_s and not any(map(_held, entry.sources))

    def _note(self, error: KaigirokuError) -> None:
        error.stage = error.stage or "intake"
        self.failures.append(Failure.of(error))


def _held(path: Path) -> bool:
    """Whether a program still writes it. Windows gives a copied file its whole length at once, but keeps others out."""
    if os.name != "nt":
        return False
    try:
        with path.open("r+b"):
            return False
    except PermissionError:
        return True
