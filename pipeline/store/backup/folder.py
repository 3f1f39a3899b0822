"""The folder that backups lie in: each backup is one list of files with their SHA-256, and contents, named by it,
are kept once.

TARGET/backups/0007-1f2e3d4c.json   the seventh backup, and the beginning of its own SHA-256; written last
TARGET/files/ab/abcdef…             the contents, of all backups
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, NamedTuple

from filelock import FileLock, Timeout
from pydantic import AfterValidator, AwareDatetime, ValidationError

from pipeline.errors import BackupError, BusyError
from pipeline.records.base import Record
from pipeline.store.files import disk_errors, forget_unfinished, synced_folder, write_text_atomic
from pipeline.store.recordings import blocks

DATABASE = "kaigiroku.db"
ALSO = "also"
"""Folder of what does not lie in the library: an office's dictionary, voices, forms."""
_NAME = re.compile(r"(\d{4,})-([0-9a-f]{8})\.json")


def _safe(path: str) -> str:
    """Restored below the library and nowhere else, on every system: a disk passes through many hands."""
    parts = PurePosixPath(path).parts
    if parts[:1] not in (("meetings",), (ALSO,)) and path != DATABASE:
        raise ValueError(f"{path!r} does not belong to a library")
    if any(part in ("..", ".") or re.search(r"[\\:\0]", part) for part in parts) or "/".join(parts) != path:
        raise ValueError(f"{path!r} leaves the library")
    return path


class Kept(Record):
    """One file of the library."""

    path: Annotated[str, AfterValidator(_safe)]
    sha256: Annotated[str, AfterValidator(lambda text: bytes.fromhex(text).hex())]
    size: int
    changed_ns: int
    """When it was last written, to know it again without reading it."""


class Backup(Record):
    """One backup. faults: what was missing, not readable or not as it came in when it was made, one line each."""

    schema_name: Literal["kaigiroku-backup/1"] = "kaigiroku-backup/1"
    made_at: AwareDatetime
    kaigiroku: str
    files: tuple[Kept, ...]
    faults: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of the library it holds."""
        return sum(kept.size for kept in self.files)


class Copy(NamedTuple):
    """A copy that has no name yet."""

    path: Path
    sha256: str
    size: int


class BackupFolder:
    """Everything in it is readable by its owner only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._touched: set[Path] = set()
        """Folders with new names, to be synced once and not for each of them."""

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Make the folder where it is missing and keep other backups out. Raises BusyError, OutputError."""
        with disk_errors(self.folder):
            for folder in (self.folder, self.folder / "backups", self.folder / "files"):
                folder.mkdir(parents=True, exist_ok=True)
            if os.name == "posix":
                with suppress(OSError):  # a disk formatted for Windows knows no modes
                    self.folder.chmod(0o700)
            lock = FileLock(self.folder / ".lock", timeout=0)
            try:
                lock.acquire()
            except Timeout:
                raise BusyError(
                    f"{self.folder}: another backup is being made here.", "Wait for it to end.", file=self.folder
                ) from None
        try:
            forget_unfinished(self.folder)
            yield
        finally:
            lock.release()

    def numbers(self) -> list[int]:
        """Of the backups that are complete, oldest first."""
        return sorted(self._lists())

    def read(self, number: int | None = None) -> Backup:
        """This backup, or the last one. Raises BackupError when there is none or its list is damaged."""
        lists = self._lists()
        if not lists:
            raise BackupError(f"{self.folder}: there is no complete backup.", "Check the folder.", file=self.folder)
        path = lists.get(max(lists) if number is None else number)
        if path is None:
            known = ", ".join(map(str, sorted(lists)))
            raise BackupError(f"{self.folder}: there is no backup {number}.", f"There are {known}.", file=self.folder)
        try:
            text = path.read_bytes()
            if not path.stem.endswith(hashlib.sha256(text).hexdigest()[:8]):
                raise ValueError("its checksum does not match")
            return Backup.model_validate_json(text)
        except (OSError, ValueError, ValidationError) as error:
            reason = " ".join(str(error).split())[:200]
            raise BackupError(
                f"{path}: cannot be read ({reason}).", "Restore another backup (--number).", file=path
            ) from None

    def last(self) -> Backup | None:
        """The last one that can be read: what need not be copied again."""
        for number in reversed(self.numbers()):
            with suppress(BackupError):
                return self.read(number)
        return None

    def enter(self, backup: Backup) -> int:
        """Only from here on there is this backup. Returns its number."""
        with disk_errors(self.folder):
            for folder in (*self._touched, self.folder / "files"):
                synced_folder(folder)
        text = backup.model_dump_json(indent=1) + "\n"
        number = max(self.numbers(), default=0) + 1
        name = f"{number:04d}-{hashlib.sha256(text.encode()).hexdigest()[:8]}.json"
        write_text_atomic(self.folder / "backups" / name, text)
        return number

    def forget(self, keep: int) -> None:
        """Remove all backups but the last ones, and the contents that only they had. Raises BackupError when a list
        that stays cannot be read: nothing is removed then."""
        lists = self._lists()
        stay = sorted(lists)[-keep:]
        wanted = {kept.sha256 for number in stay for kept in self.read(number).files}
        with disk_errors(self.folder):
            for number in lists.keys() - set(stay):
                lists[number].unlink()
            for path in (self.folder / "files").glob("??/*"):
                if path.name not in wanted:
                    path.unlink()

    def content(self, sha256: str) -> Path:
        return self.folder / "files" / sha256[:2] / sha256

    def holds(self, sha256: str, size: int) -> bool:
        try:
            return self.content(sha256).stat().st_size == size
        except OSError:
            return False

    def take(self, source: Path) -> Copy:
        """Copy this file's contents in. Raises as `blocks` does, DiskFullError, OutputError."""
        with copied(source, self.folder) as copy:
            path = self.content(copy.sha256)
            with disk_errors(path):
                path.parent.mkdir(exist_ok=True)
                copy.path.replace(path)
        self._touched.add(path.parent)
        return copy

    def _lists(self) -> dict[int, Path]:
        found = ((_NAME.fullmatch(path.name), path) for path in (self.folder / "backups").glob("*.json"))
        return {int(name[1]): path for name, path in found if name}


@contextmanager
def copied(source: Path, folder: Path) -> Iterator[Copy]:
    """A synced copy in this folder under a passing name: whoever wants it moves it. Raises as `blocks` does."""
    digest, size = hashlib.sha256(), 0
    with disk_errors(folder):
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)  # mode 0o600
    try:
        with os.fdopen(handle, "wb") as file:
            for block in blocks(source):
                digest.update(block)
                with disk_errors(folder):
                    size += file.write(block)
            with disk_errors(folder):
                file.flush()
                os.fsync(file.fileno())
        yield Copy(Path(name), digest.hexdigest(), size)
    finally:
        with suppress(OSError):
            Path(name).unlink(missing_ok=True)
