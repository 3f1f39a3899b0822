"""Sounds in which nobody speaks, made by formula: what a recogniser must stay silent on (tests, benchmarks)."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
RATE = 16_000


def _random(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def _time(seconds: float) -> Samples:
    return np.arange(int(seconds * RATE)) / RATE


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE))


def white_noise(seconds: float, level: float = 0.05) -> Samples:
    return level * _random(1).standard_normal(int(seconds * RATE))


def pink_noise(seconds: float, level: float = 0.05) -> Samples:
    """1/f: the spectrum of air conditioning and of a distant hall."""
    spectrum = np.fft.rfft(_random(2).standard_normal(int(seconds * RATE)))
    shaped = np.fft.irfft(spectrum / np.sqrt(np.arange(1, len(spectrum) + 1)), int(seconds * RATE))
    return np.asarray(level * shaped / shaped.std())


def hum(seconds: float) -> Samples:
    """50 Hz mains with harmonics over a little noise."""
    time = _time(seconds)
    tones = sum(np.sin(2 * np.pi * 50 * k * time) / k for k in (1, 2, 3, 4, 6, 8))
    return np.asarray(0.1 * tones) + white_noise(seconds, 0.002)


def music(seconds: float) -> Samples:
    """Chords of decaying harmonics, four notes a second."""
    out = np.zeros(int(seconds * RATE))
    length = RATE // 2
    time = np.arange(length) / RATE
    random = _random(3)
    for start in range(0, len(out) - length, RATE // 4):
        root = 220 * 2 ** (random.integers(0, 12) / 12)
        for ratio in (1, 1.26, 1.5):
            note = sum(np.sin(2 * np.pi * root * ratio * k * time) / k**1.5 for k in range(1, 6))
            out[start : start + length] += 0.05 * note * np.exp(-5 * time)
    return out


def bursts(seconds: float) -> Samples:
    """Claps and chairs: short noises of different colour, irregular, over a quiet room."""
    out = white_noise(seconds, 0.001)
    random = _random(4)
    at = 0.5
    while at < seconds - 1:
        length = int(random.uniform(0.03, 0.4) * RATE)
        noise = random.standard_normal(length)
        coloured = np.convolve(noise, np.ones(random.integers(1, 12)), "same")
        attack = np.minimum(1, np.arange(length) / (0.005 * RATE))
        decay = np.exp(-np.arange(length) / (0.25 * length))
        start = int(at * RATE)
        out[start : start + length] += 0.3 * coloured / np.abs(coloured).max() * attack * decay
        at += random.uniform(0.6, 2.5)
    return out


def coughs(seconds: float) -> Samples:
    """One to three coughs at a time: a burst of breath, then a short rough vowel."""
    out = pink_noise(seconds, 0.002)
    random = _random(5)
    at = 0.5
    while at < seconds - 2:
        for _ in range(random.integers(1, 4)):
            length = int(random.uniform(0.18, 0.35) * RATE)
            time = np.arange(length) / RATE
            pitch = random.uniform(110, 240)
            voice = np.sign(np.sin(2 * np.pi * pitch * time * (1 - 0.6 * time))) * (time > 0.06)
            source = random.standard_normal(length) * np.exp(-12 * time) + 0.3 * voice * np.exp(-9 * time)
            for formant in (random.uniform(500, 800), random.uniform(1_100, 1_600)):
                bell = np.exp(-60 * time) * np.sin(2 * np.pi * formant * time)
                source = source + 0.2 * np.convolve(source, bell)[:length]
            start = int(at * RATE)
            out[start : start + length] += 0.4 * source / np.abs(source).max()
            at += random.uniform(0.3, 0.6)
        at += random.uniform(1.0, 4.0)
    return out


SOUNDS: Mapping[str, Callable[[float], Samples]] = {
    "silence": silence,
    "white noise": white_noise,
    "pink noise": pink_noise,
    "hum": hum,
    "music": music,
    "bursts": bursts,
    "coughs": coughs,
}
