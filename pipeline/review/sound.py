"""The recording as a browser plays it: a compact copy that can be wound to any place, and the outline of its loudness.

Both are made from the waveform that recognition heard, so that their times are exactly the times of the words.
"""

import subprocess
import threading
import wave
from pathlib import Path

import numpy as np

from pipeline.engines import ffmpeg
from pipeline.errors import LibraryError
from pipeline.store.files import disk_errors, write_bytes_atomic
from pipeline.store.library import Library

PEAKS_PER_S = 50
_BLOCK_S = 60
_making: set[Path] = set()
_lock = threading.Lock()


def playable(library: Library, meeting_id: str, name: str) -> Path:
    """The file of this name; one of two, whose names are ours. Raises LibraryError for any other."""
    waveform = _waveform(library, meeting_id)
    for path in (waveform, _copy_of(waveform)):
        if path.name == name and path.exists():
            return path
    raise LibraryError(f"{meeting_id}: there is no such recording.", "Load the page again.")


def _copy_of(waveform: Path) -> Path:
    return waveform.with_name(waveform.stem.replace("waveform", "listen") + ".m4a")


def _outline_of(waveform: Path) -> Path:
    return waveform.with_name(waveform.stem.replace("waveform", "peaks") + ".bin")


def listening_copy(library: Library, meeting_id: str) -> Path:
    """The file to play: the compact copy, or the waveform itself while that is being made in the background.

    Raises LibraryError when nothing was drafted yet.
    """
    waveform = _waveform(library, meeting_id)
    copy = _copy_of(waveform)
    if copy.exists():
        return copy
    with _lock:
        if copy not in _making:
            _making.add(copy)
            threading.Thread(target=_make_copy, args=(waveform, copy), daemon=True).start()
    return waveform


def make_sound(waveform: Path) -> None:
    """Copy and outline of a waveform, where they are missing."""
    if not _copy_of(waveform).exists():
        _copied(waveform, _copy_of(waveform))
    if not _outline_of(waveform).exists():
        write_bytes_atomic(_outline_of(waveform), _loudness(waveform))


def _copied(waveform: Path, copy: Path) -> None:
    """AAC, 48 kbit/s, its index at the beginning: every browser plays it and winds in it exactly."""
    part = copy.with_suffix(".part")
    options = ["-c:a", "aac", "-b:a", "48k", "-movflags", "+faststart", "-f", "mp4"]
    command = [str(ffmpeg.program()), "-v", "error", "-nostdin", "-y", "-i", str(waveform), *options, str(part)]
    with disk_errors(copy):
        subprocess.run(command, check=True, timeout=3600)
        part.replace(copy)


def _make_copy(waveform: Path, copy: Path) -> None:
    try:
        _copied(waveform, copy)
    except (OSError, subprocess.SubprocessError):
        copy.with_suffix(".part").unlink(missing_ok=True)  # the waveform goes on being played
    finally:
        with _lock:
            _making.discard(copy)


def peaks(library: Library, meeting_id: str) -> Path:
    """A file with one byte per 20 ms: the loudest sample, 0 to 255, on a square-root scale. Made when missing."""
    waveform = _waveform(library, meeting_id)
    file = _outline_of(waveform)
    if not file.exists():
        write_bytes_atomic(file, _loudness(waveform))
    return file


def _loudness(waveform: Path) -> bytes:
    found = []
    with wave.open(str(waveform), "rb") as reader:
        step = reader.getframerate() // PEAKS_PER_S
        while data := reader.readframes(_BLOCK_S * reader.getframerate()):
            samples = np.abs(np.frombuffer(data, dtype="<i2").astype(np.int32))
            samples = np.pad(samples, (0, -len(samples) % step))
            loudest = samples.reshape(-1, step).max(axis=1) / 32768
            found.append((np.sqrt(loudest) * 255).astype(np.uint8).tobytes())
    return b"".join(found)


def _waveform(library: Library, meeting_id: str) -> Path:
    found = sorted(library.workspace(meeting_id).work_dir.glob("waveform-*.wav"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise LibraryError(f"{meeting_id}: there is no recording to play.", "Make its draft first.")
    return found[-1]
