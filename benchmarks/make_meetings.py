"""Lays clips of single speakers out as meetings with a known reference, so that diarization can be tuned on meetings
other than those it is measured on.

    python benchmarks/make_meetings.py --clips ../shared/bench/commonvoice --out /tmp/meetings --count 12 --seed 1

The clips folder holds manifest.jsonl (audio, speaker). Each meeting becomes NAME/audio.wav and NAME/reference.rttm. The
same seed and clips give the same meetings. A voice may be played 10 % slower or faster: that makes another person of
it.
"""

import argparse
import json
import subprocess
import wave
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve, lfilter

RATE_HZ = 16_000
Samples = NDArray[np.float32]
Rng = np.random.Generator


@dataclass(frozen=True)
class Recipe:
    """What a meeting is like. Times in seconds, levels in dB."""

    speakers: int
    seconds: float
    noise_db: float
    reverberation_s: float
    level_db: float
    overlap: float
    """Share of turns that begin before the last one has ended."""
    backchannels: float
    """Share of turns during which somebody else says a word."""


def recipe(rng: Rng) -> Recipe:
    return Recipe(
        speakers=int(rng.integers(3, 15)),
        seconds=float(rng.uniform(240, 420)),
        noise_db=float(rng.uniform(10, 30)),
        reverberation_s=float(rng.choice([0.0, 0.25, 0.45, 0.7])),
        level_db=float(rng.uniform(-45, -18)),
        overlap=float(rng.choice([0.0, 0.05, 0.2])),
        backchannels=float(rng.choice([0.0, 0.1, 0.3])),
    )


def decode(path: Path, speed: float) -> Samples:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-ac", "1"]
    command += ["-af", f"aresample={RATE_HZ},asetrate={round(RATE_HZ * speed)},aresample={RATE_HZ}", "-f", "s16le", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, "<i2").astype(np.float32) / 32768


def active(samples: Samples) -> list[tuple[int, int]]:
    """Stretches (in samples) within 35 dB of the loudest 10 ms; pauses under 0.3 s are bridged."""
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    loud = 10 * np.log10((frames**2).mean(1) + 1e-10)
    on = np.flatnonzero(loud > max(loud.max() - 35, -60))
    if not len(on):
        return []
    parts = np.split(on, np.flatnonzero(np.diff(on) > 30) + 1)
    return [(int(part[0]) * 160, (int(part[-1]) + 1) * 160) for part in parts if len(part) >= 5]


def trimmed(samples: Samples) -> Samples:
    spans = active(samples)
    if not spans:
        return samples[:0]
    cut = samples[spans[0][0] : spans[-1][1]]
    level = np.sqrt((cut**2).mean())
    return (cut * (0.1 / max(level, 1e-6))).astype(np.float32)


class Meeting:
    """A growing dry recording and its reference."""

    def __init__(self, seconds: float) -> None:
        self.samples = np.zeros(int((seconds + 60) * RATE_HZ), np.float32)
        self.reference: list[tuple[int, int, str]] = []
        self.end = int(0.5 * RATE_HZ)

    def say(self, speaker: str, samples: Samples, start: int, gain: float) -> int:
        start = max(0, start)
        piece = samples[: max(0, len(self.samples) - start)]
        self.samples[start : start + len(piece)] += piece * gain
        self.reference += [(start + a, start + b, speaker) for a, b in active(piece)]
        return start + len(piece)


def voices_of(clips: Path, plan: Recipe, rng: Rng) -> dict[str, list[Samples]]:
    by_speaker: dict[str, list[str]] = defaultdict(list)
    for line in (clips / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        by_speaker[entry["speaker"]].append(entry["audio"])
    people = rng.permutation(sorted(by_speaker))[: plan.speakers]
    voices = {}
    for person in people:
        speed = float(rng.choice([0.9, 1.0, 1.1]))
        files = rng.permutation(by_speaker[person])[:10]
        voices[f"{person}x{speed}"] = [cut for name in files if len(cut := trimmed(decode(clips / name, speed)))]
    return voices


def play(plan: Recipe, voices: dict[str, list[Samples]], rng: Rng) -> Meeting:
    meeting = Meeting(plan.seconds)
    names = list(voices)
    share = rng.dirichlet(np.full(len(names), 0.8)) + 0.3 / len(names)
    gains = {name: 10 ** (rng.uniform(-5, 5) / 20) for name in names}
    last, order = "", list(names)
    while meeting.end < plan.seconds * RATE_HZ:
        speaker = order.pop() if order else str(rng.choice(names, p=share / share.sum()))
        if speaker == last:
            continue
        overlaps = last and rng.random() < plan.overlap
        gap = rng.uniform(-0.8, -0.1) if overlaps else rng.uniform(0.05, 1.2)
        start = meeting.end + int(gap * RATE_HZ)
        for _ in range(int(rng.integers(1, 5))):
            clip = voices[speaker][int(rng.integers(len(voices[speaker])))]
            clip = clip if rng.random() < 0.8 else clip[: int(rng.uniform(0.6, 2.0) * RATE_HZ)]
            meeting.end = meeting.say(speaker, clip, start, gains[speaker])
            start = meeting.end + int(rng.uniform(0.1, 0.7) * RATE_HZ)
        if rng.random() < plan.backchannels:
            other = str(rng.choice([name for name in names if name != speaker]))
            word = voices[other][int(rng.integers(len(voices[other])))][: int(rng.uniform(0.3, 0.8) * RATE_HZ)]
            meeting.say(other, word, meeting.end - int(rng.uniform(1.0, 4.0) * RATE_HZ), 0.6 * gains[other])
        last = speaker
    return meeting


def in_a_room(dry: Samples, plan: Recipe, rng: Rng) -> Samples:
    """Exponentially decaying noise as the room's response, then pink noise at the recipe's distance below speech."""
    wet = dry
    if plan.reverberation_s:
        time = np.arange(int(plan.reverberation_s * RATE_HZ)) / RATE_HZ
        tail = rng.standard_normal(len(time)) * 10 ** (-3 * time / plan.reverberation_s)
        tail *= 0.6 / np.sqrt((tail**2).sum())
        tail[0] += 1.0
        wet = fftconvolve(dry, tail.astype(np.float32))[: len(dry)]
    loud = wet[np.abs(dry) > 1e-4]
    pink = lfilter([0.05, -0.096, 0.051, -0.0044], [1, -2.495, 2.017, -0.522], rng.standard_normal(len(wet)))
    scale = np.sqrt((loud**2).mean()) / np.sqrt((pink**2).mean()) * 10 ** (-plan.noise_db / 20)
    noisy = wet + pink * scale
    noisy *= 10 ** (plan.level_db / 20) / np.sqrt((noisy**2).mean())
    return np.clip(noisy, -1, 1).astype(np.float32)


def write(folder: Path, meeting: Meeting, samples: Samples, plan: Recipe) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with wave.open(str(folder / "audio.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    lines = [
        f"SPEAKER {folder.name} 1 {a / RATE_HZ:.3f} {(b - a) / RATE_HZ:.3f} <NA> <NA> {who} <NA> <NA>\n"
        for a, b, who in sorted(meeting.reference)
    ]
    (folder / "reference.rttm").write_text("".join(lines), encoding="utf-8")
    (folder / "recipe.json").write_text(json.dumps(plan.__dict__, indent=1), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, default=Path("../shared/bench/commonvoice"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for number in range(options.count):
        rng = np.random.default_rng([options.seed, number])
        plan = recipe(rng)
        meeting = play(plan, voices_of(options.clips, plan, rng), rng)
        dry = meeting.samples[: max(end for _, end, _ in meeting.reference) + RATE_HZ]
        write(options.out / f"made{options.seed}-{number:02}", meeting, in_a_room(dry, plan, rng), plan)
        print(number, plan)


if __name__ == "__main__":
    main()
