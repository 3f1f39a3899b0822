"""What the decoder's tests share: recordings made by the bundled ffmpeg, and a decoder that is open."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np

from pipeline.engines import ffmpeg
from pipeline.records.recording import Recording

STEREO = ("-af", "pan=stereo|c0=c0|c1=c0")
Decode = Callable[..., tuple[Recording, Path]]


def nothing(fraction: float) -> None:
    pass


def make(target: Path, *arguments: str) -> Path:
    """An audio file by the bundled ffmpeg."""
    command = [str(ffmpeg.program()), "-v", "error", "-nostdin", "-y", *arguments, f"file:{target.absolute()}"]
    subprocess.run(command, check=True)
    return target


def tone(target: Path, *arguments: str, seconds: float = 2.0, hz: int = 440, rate: int = 16_000) -> Path:
    source = f"sine=frequency={hz}:sample_rate={rate}:duration={seconds}"
    return make(target, "-f", "lavfi", "-i", source, *arguments)


def expression(target: Path, *channels: str, seconds: float = 4.0) -> Path:
    """One formula of t per channel, full scale 1."""
    return make(target, "-f", "lavfi", "-i", f"aevalsrc='{'|'.join(channels)}':s=16000:d={seconds}")


def strength(samples: np.ndarray, hz: float) -> float:
    """Amplitude of one frequency."""
    time = np.arange(len(samples)) / 16_000
    return float(2 * abs(np.mean(samples * np.exp(-2j * np.pi * hz * time))))


def left_over(tmp_path: Path) -> list[str]:
    return [path.name for path in (tmp_path / "out").iterdir()]
