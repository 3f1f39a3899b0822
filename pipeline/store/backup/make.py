"""A backup made while people work: the database as it is at one moment, then the files that it speaks of."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from pipeline import __version__
from pipeline.errors import AudioMissingError, AudioUnreadableError, DatabaseError, UsageError
from pipeline.store.backup.folder import ALSO, DATABASE, Backup, BackupFolder, Kept
from pipeline.store.library import Library
from pipeline.store.tables.base import now
from pipeline.store.transfer import snapshot

Tell = Callable[[int, int], None]
"""Told the bytes done, and those there are."""


class _Wanted(NamedTuple):
    """A file to keep. sha256: what it was when it came in, where that is known."""

    source: Path
    path: str
    size: int
    changed_ns: int
    sha256: str | None = None


class _Removed(Exception):
    """Somebody removed a meeting that the copy of the database still has."""


def back_up(
    library: Library, target: Path, tell: Tell, *, also: Sequence[Path] = (), keep: int | None = None
) -> tuple[int, Backup]:
    """Make a backup in this folder, beside earlier ones; what they have is not copied again. also: files and folders
    that do not lie in the library. keep: so many backups stay.

    Everything acknowledged before this call is in it. Killed at any moment, it is not there; earlier ones are whole.
    Returns its number. Raises UsageError, BusyError, DiskFullError, OutputError, DatabaseError.
    """
    one, other = library.folder.resolve(), target.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise UsageError(f"{target}: the backup and the library lie in each other.", "Name a folder elsewhere.")
    others = [file for path in also for file in _also(path)]
    if len({file.path for file in others}) < len(others):
        raise UsageError("Two files would be kept under one name.", "Name one folder that has both.")
    folder = BackupFolder(target)
    with folder.writing():
        while True:
            try:
                backup = _Making(library, folder, tell).run(others)
                break
            except _Removed:  # what was copied is there, the next round is quick
                continue
        number = folder.enter(backup)
        if keep is not None:
            folder.forget(keep)
    return number, backup


class _Making:
    """One round."""

    def __init__(self, library: Library, folder: BackupFolder, tell: Tell) -> None:
        self._library = library
        self._folder = folder
        self._tell = tell
        last = folder.last()
        self._known = {} if last is None else {(kept.path, kept.size, kept.changed_ns): kept for kept in last.files}
        self._faults: list[str] = []

    def run(self, others: Sequence[_Wanted]) -> Backup:
        made_at = now()
        copy = self._folder.folder / ".database.part"
        try:
            snapshot(self._library.database, copy)
            meetings = _meetings(copy)
            database = self._folder.take(copy)
        finally:
            copy.unlink(missing_ok=True)
        kept = [Kept(path=DATABASE, sha256=database.sha256, size=database.size, changed_ns=0)]
        wanted = [file for meeting, sources in meetings for file in self._files(meeting, sources)]
        wanted.extend(others)
        done, total = database.size, database.size + sum(file.size for file in wanted)
        for file in wanted:
            self._tell(done, total)
            if found := self._kept(file):
                kept.append(found)
            done += file.size
        self._tell(total, total)
        if self._faults and not all(self._library.holds(meeting) for meeting, _ in meetings):
            raise _Removed
        return Backup(made_at=made_at, kaigiroku=__version__, files=tuple(kept), faults=tuple(self._faults))

    def _files(self, meeting: str, sources: dict[str, tuple[str, int]]) -> Iterator[_Wanted]:
        """All of a meeting's files, and the recording's even where they are missing."""
        folder = self._library.folder_of(meeting)
        top = f"meetings/{meeting}"
        for name, (sha256, size) in sources.items():
            yield _Wanted(folder / "recording" / name, f"{top}/recording/{name}", size, 0, sha256)
        for file in _below(folder, top):
            if not (file.source.parent == folder / "recording" and file.source.name in sources):
                yield file

    def _kept(self, file: _Wanted) -> Kept | None:
        if file.sha256 and not file.source.is_file():
            self._faults.append(f"{file.path}: is missing")
        known = self._known.get((file.path, file.size, file.changed_ns))
        sha256 = file.sha256 or (known.sha256 if known else None)
        if sha256 and self._folder.holds(sha256, file.size):
            return Kept(path=file.path, sha256=sha256, size=file.size, changed_ns=file.changed_ns)
        try:
            copy = self._folder.take(file.source)
        except AudioMissingError:
            return None
        except AudioUnreadableError as error:
            self._faults.append(f"{file.path}: {error.cause}")
            return None
        if file.sha256 not in (None, copy.sha256):
            self._faults.append(f"{file.path}: is not as it came in")
        return Kept(path=file.path, sha256=copy.sha256, size=copy.size, changed_ns=file.changed_ns)


def _also(path: Path) -> Iterator[_Wanted]:
    """A file, or all that is in a folder, under its own name. Raises UsageError when there is none."""
    top = f"{ALSO}/{path.resolve().name}"
    if path.is_dir():
        return _below(path, top)
    try:
        stat = path.stat()
    except OSError as error:
        raise UsageError(f"{path}: cannot be backed up ({error.strerror}).", "Check --also.") from None
    return iter([_Wanted(path, top, stat.st_size, stat.st_mtime_ns)])


def _below(folder: Path, top: str) -> Iterator[_Wanted]:
    """All files in the folder but hidden ones: locks, and what is not complete yet."""
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if any(part.startswith(".") for part in inner.parts) or not path.is_file():
            continue
        try:
            stat = path.stat()
        except OSError:  # replaced or removed by a run at this moment
            continue
        yield _Wanted(path, f"{top}/{inner.as_posix()}", stat.st_size, stat.st_mtime_ns)


def _meetings(database: Path) -> list[tuple[str, dict[str, tuple[str, int]]]]:
    """Identifier and {file: (SHA-256, size)} of every meeting's recording. Raises DatabaseError for a damaged one."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            rows = connection.execute("SELECT id, sources FROM meetings ORDER BY id").fetchall()
    except sqlite3.DatabaseError as error:
        said = str(error)
    if said != "ok":
        raise DatabaseError(f"The library's database is damaged ({said}).", "Restore the last backup.")
    return [
        (identifier, {each["stored"]: (each["sha256"], each["size"]) for each in json.loads(sources)})
        for identifier, sources in rows
    ]
