"""The public recording: the waveform with stretches of silence or of a tone, encoded without any tags."""

import math
import subprocess
import tempfile
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.engines.ffmpeg import program
from pipeline.engines.waveform import SAMPLES_PER_MS, blocks
from pipeline.errors import EngineError
from pipeline.records.base import Span
from pipeline.store.files import write_bytes_atomic

KINDS = ("mp3", "flac", "wav")
_BLOCK = 60 * SAMPLE_RATE_HZ
_TONE_HZ = 1_000
_TONE = 0.1
"""-20 dBFS."""


def write_silenced(
    waveform: Path, spans: Sequence[Span], target: Path, *, beep: bool = False, excerpt: Span | None = None
) -> Path:
    """Write the recording to target (.mp3, .flac or .wav, 16 kHz mono), of the same length and on the same time base,
    with the spans silent or under a tone of 1 kHz. Spans are in order and do not touch. excerpt: only this part of it.

    What was said there is gone before the encoder sees it. Raises EngineError where the waveform cannot be read or not
    be encoded.
    """
    with tempfile.TemporaryDirectory(prefix="kaigiroku-audio-", ignore_cleanup_errors=True) as folder:
        plain, encoded = Path(folder) / "silenced.wav", Path(folder) / f"out{target.suffix}"
        with wave.open(str(plain), "wb") as written:
            written.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", ""))
            for samples in _within(_silenced(waveform, spans, beep), excerpt):
                written.writeframes((samples * 32767).astype("<i2").tobytes())
        _encode(plain, encoded)
        return write_bytes_atomic(target, encoded.read_bytes())


def _silenced(waveform: Path, spans: Sequence[Span], beep: bool) -> Iterator[NDArray[np.float32]]:
    at = 0
    for given in blocks(waveform, _BLOCK):
        samples = given.copy()
        for span in spans:
            start = max(span.start_ms * SAMPLES_PER_MS - at, 0)
            end = min(span.end_ms * SAMPLES_PER_MS - at, len(samples))
            if start < end:
                samples[start:end] = _tone(at + start, end - start) if beep else 0
        yield samples
        at += len(samples)


def _within(blocks_in_order: Iterator[NDArray[np.float32]], excerpt: Span | None) -> Iterator[NDArray[np.float32]]:
    at = 0
    for samples in blocks_in_order:
        if excerpt is None:
            yield samples
        else:
            start, end = (max(ms * SAMPLES_PER_MS - at, 0) for ms in (excerpt.start_ms, excerpt.end_ms))
            yield samples[start:end]
        at += len(samples)


def _tone(start: int, length: int) -> NDArray[np.float32]:
    phase = np.arange(start, start + length, dtype=np.float64) * (2 * math.pi * _TONE_HZ / SAMPLE_RATE_HZ)
    return (_TONE * np.sin(phase)).astype(np.float32)


def _encode(plain: Path, encoded: Path) -> None:
    options = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    rate = ["-b:a", "64k"] if encoded.suffix == ".mp3" else []
    command = [str(program()), "-nostdin", "-loglevel", "error", "-y", "-i", str(plain), *options, *rate, str(encoded)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0 or not encoded.is_file():
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise EngineError(
            f"{encoded.name}: ffmpeg could not encode the public recording ({said[-1] if said else 'no reason'}).",
            f"Choose another kind: {', '.join(KINDS)}.",
        )
