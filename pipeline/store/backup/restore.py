"""A backup put back as a library: beside the place first, every byte checked, then in place by one rename."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import AudioMissingError, AudioUnreadableError, BackupError, BusyError, UsageError
from pipeline.store.backup.folder import DATABASE, Backup, BackupFolder, Kept, copied
from pipeline.store.backup.make import Tell
from pipeline.store.files import disk_errors, synced_folder
from pipeline.store.library import Library
from pipeline.store.recordings import file_digest


def restore(
    folder: BackupFolder,
    library: Path,
    tell: Tell,
    *,
    number: int | None = None,
    replace: bool = False,
    partly: bool = False,
) -> tuple[Backup, tuple[str, ...]]:
    """Put a backup (the last one) back as a library in a folder that is empty or not there yet.

    replace: a library that is there is set aside as LIBRARY.before-restore. partly: what is damaged in the backup is
    left out and returned, one line each; the database never is. Interrupted, the same call goes on where it was.
    Raises UsageError when there is something in the folder, BackupError for a damaged backup, NewerLibraryError,
    DiskFullError, OutputError; the folder is then as it was.
    """
    backup = folder.read(number)
    aside = _aside(library) if _occupied(library, replace) else None
    part = library.with_name(f".{library.name}.restoring")
    with _alone(part):
        damaged = _filled(folder, backup, part, tell)
        if damaged and (not partly or damaged[0].startswith(f"{DATABASE}:")):
            raise BackupError(
                f"{folder.folder}: {len(damaged)} files of this backup are damaged: {'; '.join(damaged[:3])}.",
                "Restore another backup (--number), or leave these files out (--partly).",
                file=folder.folder,
            )
        Library.open(part).close()  # whether this kaigiroku can work with it; an older one is brought up to date
        with disk_errors(library):
            if aside is not None:
                library.rename(aside)
            elif library.exists():
                library.rmdir()
            part.rename(library)
            synced_folder(library.parent)
    return backup, damaged


def check(folder: BackupFolder, tell: Tell, number: int | None = None) -> tuple[Backup, tuple[str, ...]]:
    """Read all of a backup; returns what is damaged or missing in it, one line each."""
    backup = folder.read(number)
    done = 0
    damaged = []
    for kept in backup.files:
        tell(done, backup.size)
        if not _is(folder.content(kept.sha256), kept):
            damaged.append(f"{kept.path}: its contents are missing or damaged")
        done += kept.size
    tell(backup.size, backup.size)
    return backup, tuple(damaged)


def _filled(folder: BackupFolder, backup: Backup, part: Path, tell: Tell) -> tuple[str, ...]:
    """All files of the backup and no other; returns those that are damaged."""
    wanted = {part / kept.path for kept in backup.files}
    damaged, done = [], 0
    with disk_errors(part):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in part.rglob("*"):
            if left.is_file() and left not in wanted:
                left.unlink()
    for kept in backup.files:
        tell(done, backup.size)
        if not _put(folder.content(kept.sha256), part / kept.path, kept):
            damaged.append(f"{kept.path}: its contents are missing or damaged")
        done += kept.size
    tell(backup.size, backup.size)
    with disk_errors(part):
        for made in (part, *(path for path in part.rglob("*") if path.is_dir())):
            synced_folder(made)
    return tuple(damaged)


def _put(content: Path, target: Path, kept: Kept) -> bool:
    if _is(target, kept):
        return True
    with disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with copied(content, target.parent) as copy:
            if copy.sha256 != kept.sha256:
                return False
            with disk_errors(target):
                copy.path.replace(target)
                if kept.changed_ns:
                    os.utime(target, ns=(kept.changed_ns, kept.changed_ns))
    except (AudioMissingError, AudioUnreadableError):
        return False
    return True


def _is(path: Path, kept: Kept) -> bool:
    try:
        return path.stat().st_size == kept.size and file_digest(path) == kept.sha256
    except (OSError, AudioMissingError, AudioUnreadableError):
        return False


def _occupied(library: Path, replace: bool) -> bool:
    if not library.exists() or (library.is_dir() and not any(library.iterdir())):
        return False
    if not replace:
        raise UsageError(
            f"{library}: there is something already.", "Name another folder, or set it aside with --replace."
        )
    return True


def _aside(library: Path) -> Path:
    aside = library.with_name(f"{library.name}.before-restore")
    if aside.exists():
        raise UsageError(f"{aside}: is there from an earlier restore.", "Move it away or delete it first.")
    return aside


@contextmanager
def _alone(part: Path) -> Iterator[None]:
    """No two restores into one folder at once."""
    with disk_errors(part.parent):
        part.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(f"{part}.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise BusyError(f"{part}: another restore is at work.", "Wait for it to end.", file=part) from None
    try:
        yield
    finally:
        lock.release()
        Path(lock.lock_file).unlink(missing_ok=True)
