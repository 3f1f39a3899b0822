"""Tones and noise of known pitch."""

import numpy as np
import pytest

from pipeline.engines.pyannote.pitch import semitones

RATE_HZ = 16_000


def voice(hertz: float, seconds: float = 1.0) -> np.ndarray:
    """A pulse train through a resonance: many harmonics, as a voice has."""
    time = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    return sum(np.sin(2 * np.pi * hertz * k * time) / k for k in range(1, 12)).astype(np.float32) * 0.1


@pytest.mark.parametrize("hertz", [85.0, 120.0, 220.0, 380.0])
def test_the_pitch_of_a_voice(hertz: float) -> None:
    found = semitones(voice(hertz))
    assert np.isfinite(found).all()
    assert np.median(found) == pytest.approx(12 * np.log2(hertz / 100), abs=0.5)


def test_noise_has_none() -> None:
    noise = np.random.default_rng(1).standard_normal(RATE_HZ).astype(np.float32)
    assert np.isnan(semitones(noise)).mean() > 0.95


def test_too_short_is_nothing() -> None:
    assert len(semitones(np.zeros(100, np.float32))) == 0 and np.isnan(semitones(np.zeros(8000, np.float32))).all()
