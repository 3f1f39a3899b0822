"""Long recordings for benchmarks: the bench's meetings laid one after the other until a length is reached."""

import itertools
import subprocess
from pathlib import Path

from pipeline.engines.ffmpeg import probe, program

_MEETINGS = ("toshima/clean", "spliced/meeting1", "toshima/room", "spliced/meeting2")
_PCM = ("-f", "s16le", "-ar", "16000", "-ac", "1")
_BYTES_PER_S = 32_000


def length_s(recording: Path) -> float:
    return probe(recording, program()).duration_ms / 1000


def spliced(bench: Path, hours: float, folder: Path) -> Path:
    """An Opus file of this length, made once. Voices and words come again: it is for time and memory, not accuracy."""
    target = folder / "material" / f"spliced-{hours:g}h.opus"
    if target.is_file():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    meetings = [_sound(next((bench / meeting).glob("audio.*"))) for meeting in _MEETINGS]
    left = round(hours * 3600 - 1) * _BYTES_PER_S  # encoded, it is a little longer: 8 hours is the most there may be
    command = [str(program()), "-v", "error", "-y", *_PCM, "-i", "-", "-b:a", "32k", str(target)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        for sound in itertools.cycle(meetings):
            encoder.stdin.write(sound[:left])
            left -= len(sound[:left])
            if not left:
                break
    return target


def _sound(recording: Path) -> bytes:
    command = [str(program()), "-v", "error", "-i", str(recording), *_PCM, "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout
