"""Files that are there complete or not at all: temp file beside the target, fsync, replace; readable by their owner
only."""

import errno
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import DiskFullError, KaigirokuError, OutputError

_FULL = frozenset(getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name))

_WINDOWS = os.name == "nt"
_LOOKS, _LOOK_S = 20, 0.05
_UNFINISHED = ".part"
"""Ends the hidden names of files that are not complete yet (those of waveforms too: engines/waveform_writer.py)."""


def write_bytes_atomic(path: Path, data: bytes) -> Path:
    """Write or replace path as a whole and return it. Its folder must exist.

    Whatever happens, the old file or the new one is there, never half of one, and no temporary file stays behind.
    Raises DiskFullError when no room is left and OutputError when the place cannot be written to.
    """
    with disk_errors(path):
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_UNFINISHED, dir=path.parent)  # mode 0o600
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            put_in_place(temporary, path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        synced_folder(path.parent)
    return path


def put_in_place(temporary: Path, path: Path) -> None:
    """Rename over what is there. On Windows a file that somebody looks into (a scanner for viruses, a page that reads
    it) cannot be replaced at that moment: it is tried for a second. Raises OSError."""
    for _ in range(_LOOKS if _WINDOWS else 0):
        try:
            temporary.replace(path)
            return
        except PermissionError:
            time.sleep(_LOOK_S)
    temporary.replace(path)


def write_text_atomic(path: Path, text: str) -> Path:
    """As write_bytes_atomic, for UTF-8 text with line ends as given (identical bytes on every system)."""
    return write_bytes_atomic(path, text.encode("utf-8"))


def forget_unfinished(folder: Path) -> None:
    """Remove what a killed process had begun to write in this folder; nobody else may be writing there."""
    for left in folder.glob(f".*{_UNFINISHED}"):
        with suppress(OSError):
            left.unlink()


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn what the system says about writing to path into our own errors."""
    try:
        yield
    except OSError as error:
        raise _explained(error, path) from None


def _explained(error: OSError, path: Path) -> KaigirokuError:
    if error.errno in _FULL:
        return DiskFullError(
            f"{path}: no room is left on the disk.", "Free some space and run the same command again.", file=path
        )
    if path.is_dir():
        return OutputError(f"{path}: is a folder, not a file.", "Move it away or name another folder.", file=path)
    return OutputError(
        f"{path}: cannot be written ({error.strerror or error}).",
        "Check the folder, its permissions, and whether another program has the file open.",
        file=path,
    )


def synced_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system lets a folder be opened (not on Windows)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems cannot sync folders; the file itself is synced
            os.fsync(handle)
    finally:
        os.close(handle)
