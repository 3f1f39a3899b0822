"""Missed speech and false alarm of the speech detector, in seconds, over recordings with RTTM references and over
sounds without any speech."""

import argparse
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pipeline.engines.decoder import FfmpegDecoder
from pipeline.engines.detector import DetectorSettings, SileroDetector
from pipeline.records.base import Span

ROOT = Path(__file__).resolve().parents[1]
STEP_MS = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, default=ROOT.parent / "shared" / "bench")
    for name, field in DetectorSettings.model_fields.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=field.annotation, default=field.default)
    given = vars(parser.parse_args())
    bench = given.pop("bench")
    decoder, detector = FfmpegDecoder(), SileroDetector(DetectorSettings(**given))
    decoder.open()
    detector.open()
    print(f"{'recording':<24}{'speech':>8}{'found':>8}{'missed':>8}{'false':>8}  seconds")
    totals = np.zeros(4)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "waveform.wav"
        for name, audio, rttm in recordings(bench):
            duration = decoder.decode([audio], target, lambda _: None).duration_ms
            totals += row(name, mask(spans_of(rttm), duration), detector, target)
        print(line("all of them", totals))
        for name, samples in speechless():
            write(target, samples)
            row(name, np.zeros(len(samples) * 1000 // 16_000 // STEP_MS, dtype=bool), detector, target)


def recordings(bench: Path) -> Iterator[tuple[str, Path, Path]]:
    for rttm in sorted(bench.rglob("*.rttm")):
        audio = rttm.with_suffix(".flac") if rttm.stem != "reference" else rttm.with_name("audio.flac")
        yield str(audio.relative_to(bench).with_suffix("")).removesuffix("/audio"), audio, rttm


def spans_of(rttm: Path) -> list[Span]:
    rows = [row.split() for row in rttm.read_text(encoding="utf-8").splitlines() if row.startswith("SPEAKER")]
    starts = [(round(float(row[3]) * 1000), round(float(row[4]) * 1000)) for row in rows]
    return [Span(start_ms=start, end_ms=start + length) for start, length in starts]


def mask(spans: list[Span] | tuple[Span, ...], duration_ms: int) -> np.ndarray:
    found = np.zeros(duration_ms // STEP_MS, dtype=bool)
    for span in spans:
        found[round(span.start_ms / STEP_MS) : round(span.end_ms / STEP_MS)] = True
    return found


def row(name: str, reference: np.ndarray, detector: SileroDetector, target: Path) -> np.ndarray:
    found = mask(detector.detect(target, lambda _: None).spans, len(reference) * STEP_MS)
    counts = np.array([reference.sum(), found.sum(), (reference & ~found).sum(), (found & ~reference).sum()])
    print(line(name, counts * STEP_MS / 1000))
    return counts * STEP_MS / 1000


def line(name: str, seconds: np.ndarray) -> str:
    return f"{name:<24}" + "".join(f"{value:>8.1f}" for value in seconds)


def speechless() -> Iterator[tuple[str, np.ndarray]]:
    """A minute each of what may be heard in a room where nobody speaks."""
    random = np.random.default_rng(1)
    time_s = np.arange(60 * 16_000) / 16_000
    white = random.standard_normal(len(time_s))
    spectrum = np.fft.rfft(white)
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 20)), len(white))
    pink /= pink.std()
    hum = sum(np.sin(2 * np.pi * 50 * k * time_s) / k for k in range(1, 8))
    yield "silence", np.zeros_like(time_s)
    for level in (-60, -40, -20):
        gain = 10 ** (level / 20)
        yield f"white noise {level} dBFS", gain * white
        yield f"pink noise {level} dBFS", gain * pink
        yield f"mains hum {level} dBFS", gain * (np.asarray(hum) + 0.1 * pink)
    yield "chime", 0.1 * chords(time_s)
    knocks = np.zeros_like(time_s)
    for at in random.integers(0, len(time_s) - 2000, 100):
        knocks[at : at + 2000] += 0.3 * random.standard_normal(2000) * np.exp(-np.arange(2000) / 200)
    yield "knocks", knocks + 0.002 * pink


def chords(time_s: np.ndarray) -> np.ndarray:
    """Plucked four-chord loop, half a second a stroke."""
    stroke = (time_s * 2).astype(int)
    envelope = np.exp(-6 * (time_s * 2 - stroke) / 2)
    roots = np.array([220.0, 196.0, 174.6, 164.8])[stroke // 4 % 4]
    tones = sum(np.sin(2 * np.pi * roots * ratio * time_s) for ratio in (1, 1.25, 1.5, 2, 3))
    return np.asarray(tones) * envelope / 5


def write(target: Path, samples: np.ndarray) -> None:
    with wave.open(str(target), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(16_000)
        writer.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


if __name__ == "__main__":
    main()
