"""SHA-256 of weights, remembered by size and time of change: only the first run after a change reads gigabytes."""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from pipeline.config.paths import cache_folder

_Stamps = dict[str, tuple[int, int, str]]  # path in the folder → (bytes, mtime in ns, sha256)
_STAMPS = TypeAdapter(_Stamps)


def checksums(folder: Path, paths: Iterable[str]) -> dict[str, str]:
    """sha256 of each file (path relative to folder, forward slashes). Raises OSError for files that cannot be read."""
    stamp_file = _stamp_file(folder)
    known = _read(stamp_file)
    stamps: _Stamps = {}
    for path in paths:
        file = folder / path
        status = file.stat()
        size, changed, digest = known.get(path, (-1, -1, ""))
        if (size, changed) != (status.st_size, status.st_mtime_ns):
            digest = sha256_of(file)
        stamps[path] = (status.st_size, status.st_mtime_ns, digest)
    if any(known.get(path) != stamp for path, stamp in stamps.items()):
        _write(stamp_file, known | stamps)
    return {path: digest for path, (_, _, digest) in stamps.items()}


def sha256_of(file: Path) -> str:
    """sha256 of one file, read in pieces."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def files_in(folder: Path) -> list[str]:
    """Every file under folder, hidden ones (download bookkeeping) left out, as sorted relative paths."""
    relative = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return sorted(path.as_posix() for path in relative if not any(part.startswith(".") for part in path.parts))


def _stamp_file(folder: Path) -> Path:
    key = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:24]
    return cache_folder() / "checksums" / f"{key}.json"


def _read(stamp_file: Path) -> _Stamps:
    try:
        return _STAMPS.validate_json(stamp_file.read_bytes())
    except (OSError, ValidationError):
        return {}


def _write(stamp_file: Path, stamps: _Stamps) -> None:
    # Without a writable cache every run checks in full: slower, never wrong.
    with contextlib.suppress(OSError):
        stamp_file.parent.mkdir(parents=True, exist_ok=True)
        temporary = stamp_file.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(stamps), encoding="utf-8")
        temporary.replace(stamp_file)
