"""Who is alive: lock files in LIBRARY/owners. The system lets go of a lock whatever ends the process that held it."""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.store.files import disk_errors

_SWEPT_S = 10.0
"""Nobody else wants a lock of ours but, for a moment, somebody who looks whether we live."""


def machine() -> str:
    """The name of this machine, as it begins the names of its lock files: another machine's locks may not be seen."""
    return re.sub(r"[^A-Za-z0-9-]", "-", socket.gethostname()) or "machine"


def lock_file(library: Path, owner: str) -> Path:
    return library / "owners" / f"{owner}.lock"


@contextmanager
def alive(file: Path) -> Iterator[None]:
    """Hold the lock; its file is gone afterwards. Raises OutputError, DiskFullError."""
    lock = FileLock(file, timeout=_SWEPT_S)
    with disk_errors(file.parent):
        file.parent.mkdir(exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
        forget(file)


def is_dead(file: Path) -> bool:
    """Whether nobody on this machine holds the lock."""
    lock = FileLock(file, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return False
    lock.release()
    return True


def bury_dead(library: Path) -> Iterator[str]:
    """The owners on this machine who died; each one's file is removed when the next is asked for."""
    for file in sorted((library / "owners").glob(f"{machine()}.*.lock")):
        lock = FileLock(file, timeout=0)
        with suppress(Timeout), lock:
            yield file.name.removesuffix(".lock")
            forget(file)  # while it is held: nobody can come to life in between
        if os.name == "nt":  # removes nothing that is open
            forget(file)


def forget(file: Path) -> None:
    with suppress(OSError):  # Windows keeps a file that somebody else has open; it does no harm
        file.unlink()
