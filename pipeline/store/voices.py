"""The voices people agreed to have known: one file per person in a folder of its own, readable by its owner only. What
is forgotten is written over before it is removed."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from pipeline.errors import VoicesError
from pipeline.records.voices import VoiceProfile
from pipeline.store.files import disk_errors, synced_folder, write_text_atomic

_SUFFIX = ".voice.json"


def read_voices(folder: Path) -> tuple[VoiceProfile, ...]:
    """All profiles, by name; none where the folder does not exist. Raises VoicesError for a damaged file."""
    return tuple(sorted((_read(path) for path in folder.glob(f"*{_SUFFIX}")), key=lambda profile: profile.name))


def keep_voice(folder: Path, profile: VoiceProfile) -> Path:
    """Write a profile; one of the same name and office is replaced. Raises OutputError or DiskFullError."""
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if os.name == "posix":
            folder.chmod(0o700)
    path = folder / f"{_file_name(profile)}{_SUFFIX}"
    if path.exists():
        _erase(path)
    return write_text_atomic(path, profile.model_dump_json(indent=1) + "\n")


def forget_voice(folder: Path, name: str) -> Sequence[VoiceProfile]:
    """Delete every profile of this name and return what was deleted. Raises VoicesError when there is none."""
    paths = [path for path in folder.glob(f"*{_SUFFIX}") if _same(_read(path).name, name)]
    if not paths:
        raise VoicesError(f"{name}: no voice of this name is kept.", "See `kaigiroku voices list`.")
    gone = [_read(path) for path in paths]
    for path in paths:
        _erase(path)
    return gone


def _read(path: Path) -> VoiceProfile:
    try:
        return VoiceProfile.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise VoicesError(
            f"{path.name}: the voice cannot be read ({reason}).",
            "Delete this file and enroll the voice again.",
            file=path,
        ) from None


def _erase(path: Path) -> None:
    """Write zeros over the contents, then remove the name: nothing of the voice stays in the file's blocks."""
    with disk_errors(path):
        with path.open("r+b") as file:
            file.write(b"\0" * path.stat().st_size)
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    synced_folder(path.parent)


def _file_name(profile: VoiceProfile) -> str:
    """Any name is allowed, so the file is not called by it."""
    return hashlib.sha256(f"{_plain(profile.name)}\0{profile.office or ''}".encode()).hexdigest()[:16]


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return "".join(name.split())
