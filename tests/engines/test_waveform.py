"""The waveform reader gives exactly the samples asked for, and never a foreign format."""

import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engines import waveform
from pipeline.errors import EngineError


def write_wave(path: Path, samples: np.ndarray, rate: int = 16_000, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(samples.astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def ramp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wave(tmp_path_factory.mktemp("wave") / "ramp.wav", np.arange(32_000) - 16_000)


@given(st.integers(0, 2500), st.integers(0, 2500))
def test_any_stretch_is_exact(ramp: Path, start_ms: int, length_ms: int) -> None:
    whole = (np.arange(32_000) - 16_000) / 32_768
    got = waveform.read(ramp, start_ms, start_ms + length_ms)
    assert got.dtype == np.float32
    np.testing.assert_array_equal(got, whole[start_ms * 16 : (start_ms + length_ms) * 16].astype(np.float32))


@given(st.integers(500, 40_000))
def test_blocks_join_to_the_whole(ramp: Path, size: int) -> None:
    pieces = list(waveform.blocks(ramp, size))
    np.testing.assert_array_equal(np.concatenate(pieces), waveform.read(ramp))


def test_duration_is_whole_milliseconds(tmp_path: Path) -> None:
    assert waveform.duration_ms(write_wave(tmp_path / "a.wav", np.zeros(16_015))) == 1000
    assert waveform.duration_ms(write_wave(tmp_path / "b.wav", np.zeros(0))) == 0


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (16_000, 2)])
def test_foreign_format_is_refused(tmp_path: Path, rate: int, channels: int) -> None:
    path = write_wave(tmp_path / "a.wav", np.zeros(100), rate, channels)
    with pytest.raises(EngineError, match="16 kHz mono"):
        waveform.read(path)


@pytest.mark.parametrize("content", [b"", b"not a wave file"])
def test_damage_is_an_engine_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(EngineError, match="cannot be read"):
        waveform.duration_ms(path)
    with pytest.raises(EngineError, match="cannot be read"):
        waveform.duration_ms(tmp_path / "absent.wav")


def test_backwards_is_a_mistake(ramp: Path) -> None:
    with pytest.raises(ValueError, match="stretch"):
        waveform.read(ramp, 20, 10)
    with pytest.raises(ValueError, match="block"):
        next(waveform.blocks(ramp, 0))
