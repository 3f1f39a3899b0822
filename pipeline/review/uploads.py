"""Recordings on their way in, piece by piece, so that a broken connection costs one piece and not the whole."""

import re
import secrets
import shutil
import time
from pathlib import Path

from pipeline.engines import ffmpeg
from pipeline.errors import AudioEmptyError, AudioNoSoundError, UsageError
from pipeline.store.files import disk_errors

_TOKEN = re.compile(r"[0-9a-f]{32}-([0-9a-f]{1,12})")
_FORGOTTEN_S = 48 * 3600
PIECE = 8 << 20
"""Largest piece, in bytes."""


class Uploads:
    """LIBRARY/uploads/TOKEN: tokens are ours (random, and the size), and no name that anybody sends becomes a path."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit

    def begin(self, size: int) -> str:
        """Make room. Raises UsageError when the file is too large, DiskFullError when it would not fit."""
        if size > self._limit:
            raise UsageError(f"{size} bytes: the limit is {self._limit}.", "Compress the recording or split it.")
        with disk_errors(self._folder):
            self._folder.mkdir(exist_ok=True, mode=0o700)
            self._forget()
            if shutil.disk_usage(self._folder).free < 2 * size:  # once here, once in the meeting's folder
                raise OSError(28, "No space left on device")
            token = f"{secrets.token_hex(16)}-{size:x}"
            (self._folder / token).touch(mode=0o600)
        return token

    def put(self, token: str, at: int, data: bytes) -> int:
        """Write a piece at its place and return how much is there. A piece that is there already is not doubled; one
        that leaves a gap is refused by the answer: go on from there."""
        path, size = self._found(token)
        there = path.stat().st_size
        if at > there:
            return there
        if at + len(data) > size:
            raise UsageError("The file is larger than it said.", "Choose the recording again.")
        with disk_errors(path), path.open("r+b") as file:
            file.seek(at)
            file.write(data)
        return max(there, at + len(data))

    def finished(self, token: str) -> Path:
        """The whole file, looked at. Raises UsageError for one that did not arrive whole, AudioEmptyError,
        AudioFormatError, AudioNoSoundError."""
        path, size = self._found(token)
        if path.stat().st_size != size:
            raise UsageError("The upload is not complete.", "Choose the recording again.")
        if not size:
            raise AudioEmptyError("The file is empty (0 bytes).", "Copy it from the recorder again.")
        if not ffmpeg.probe(path, ffmpeg.program()).audio_tracks:
            raise AudioNoSoundError("There is no sound in it.", "Name the recording that has the sound.")
        return path

    def drop(self, token: str) -> None:
        self._found(token)[0].unlink(missing_ok=True)

    def _found(self, token: str) -> tuple[Path, int]:
        """Its file, and the size it is to have."""
        parts, path = _TOKEN.fullmatch(token), self._folder / token
        if parts is None or not path.is_file():
            raise UsageError("There is no such upload.", "Choose the recording again.")
        return path, int(parts[1], 16)

    def _forget(self) -> None:
        for path in self._folder.iterdir():
            if _TOKEN.fullmatch(path.name) and time.time() - path.stat().st_mtime > _FORGOTTEN_S:
                path.unlink(missing_ok=True)
