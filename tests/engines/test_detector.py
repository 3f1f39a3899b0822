"""Speech is found, loud or quiet, and what is no speech is not; the real network on real samples."""

import math
import tracemalloc
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.engines import detector as module
from pipeline.engines.detector import DetectorSettings, SileroDetector, speech_spans
from pipeline.errors import ModelMissingError
from pipeline.records.base import Span
from pipeline.records.speech import Speech

RATE = 16_000


def nothing(fraction: float) -> None:
    pass


def write(path: Path, samples: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def vowels(seconds: float, seed: int = 0) -> np.ndarray:
    """A voice by formula: a gliding pulse train through vowel resonances, four syllables a second."""
    random = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    pitch = 120 + 25 * np.sin(2 * np.pi * 0.7 * time) + 10 * np.sin(2 * np.pi * 2.3 * time)
    phase = np.cumsum(pitch) / RATE
    source = np.diff(np.floor(phase), prepend=0.0) + 0.002 * random.standard_normal(len(time))
    formants = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))
    out = np.zeros_like(time)
    for start in range(0, len(time), RATE // 4):
        piece = source[start : start + RATE // 4]
        filtered = piece
        for centre, width in zip(formants[random.integers(5)], (80, 100, 140), strict=True):
            filtered = resonance(filtered, centre, width)
        envelope = np.sin(np.pi * np.minimum(1, np.arange(len(piece)) / (0.8 * RATE / 4))) ** 0.5
        out[start : start + len(piece)] = filtered / (np.abs(filtered).max() + 1e-9) * envelope
    return 0.3 * out


def resonance(signal: np.ndarray, centre: float, width: float) -> np.ndarray:
    from scipy.signal import lfilter

    radius = math.exp(-math.pi * width / RATE)
    return np.asarray(lfilter([1], [1, -2 * radius * math.cos(2 * math.pi * centre / RATE), radius**2], signal))


@pytest.fixture(scope="module")
def silero() -> SileroDetector:
    detector = SileroDetector()
    detector.open()
    return detector


def meeting(gain: float = 1.0) -> np.ndarray:
    """Six seconds of voice from 3 s on, and from 12 s on, over a faint room noise."""
    quiet = 0.0005 * np.random.default_rng(3).standard_normal(22 * RATE)
    for start, seed in ((3, 1), (12, 2)):
        quiet[start * RATE : (start + 6) * RATE] += vowels(6, seed)
    return gain * quiet


def covered(speech: Speech, start_ms: int, end_ms: int) -> float:
    asked = Span(start_ms=start_ms, end_ms=end_ms)
    return sum(span.overlap_ms(asked) for span in speech.spans) / asked.duration_ms


@pytest.mark.parametrize("gain_db", [0, -20, -40, -50])
def test_a_voice_is_found_at_any_level(gain_db: int, tmp_path: Path, silero: SileroDetector) -> None:
    speech = silero.detect(write(tmp_path / "a.wav", meeting(10 ** (gain_db / 20))), nothing)
    for start in (3000, 12_000):
        assert covered(speech, start, start + 6000) > 0.9
    assert covered(speech, 0, 2500) == covered(speech, 9700, 11_500) == covered(speech, 18_700, 22_000) == 0


def no_voice(kind: str) -> np.ndarray:
    random = np.random.default_rng(5)
    time = np.arange(20 * RATE) / RATE
    match kind:
        case "silence":
            return np.zeros(20 * RATE)
        case "faint noise":
            return 0.0005 * random.standard_normal(len(time))
        case "loud noise":
            return 0.1 * random.standard_normal(len(time))
        case "hum":
            return np.asarray(0.2 * sum(np.sin(2 * np.pi * 50 * k * time) / k for k in range(1, 8)))
        case "tone":
            return 0.5 * np.sin(2 * np.pi * 1000 * time)
    raise ValueError(kind)


@pytest.mark.parametrize("kind", ["silence", "faint noise", "loud noise", "hum", "tone"])
def test_no_voice_no_speech(kind: str, tmp_path: Path, silero: SileroDetector) -> None:
    assert silero.detect(write(tmp_path / "a.wav", no_voice(kind)), nothing).spans == ()


@pytest.mark.parametrize("samples", [0, 1, 500, 512, 513])
def test_the_shortest_recordings_are_answered(samples: int, tmp_path: Path, silero: SileroDetector) -> None:
    assert silero.detect(write(tmp_path / "a.wav", np.zeros(samples)), nothing).spans == ()


def test_block_borders_leave_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The state and the context run through: one block or many, the same probabilities."""
    path = write(tmp_path / "a.wav", meeting())
    found = []
    for frames in (10_000, 37):
        monkeypatch.setattr(module, "_BLOCK_FRAMES", frames)
        silero = SileroDetector()
        silero.open()
        found.append(silero.detect(path, nothing))
        silero.close()
        silero.close()
    assert found[0] == found[1]
    assert found[0].spans


def test_progress_runs_to_the_end(tmp_path: Path, silero: SileroDetector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK_FRAMES", 50)
    seen: list[float] = []
    silero.detect(write(tmp_path / "a.wav", np.zeros(5 * RATE)), seen.append)
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0.0, 1.0)
    assert len(seen) > 3


def test_memory_does_not_grow_with_the_recording(tmp_path: Path, silero: SileroDetector) -> None:
    path = write(tmp_path / "a.wav", np.zeros(10 * 60 * RATE, dtype=np.float32))
    tracemalloc.start()
    try:
        silero.detect(path, nothing)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000  # as float32 the recording would be 38 MB


def test_fingerprint_tells_model_and_settings() -> None:
    plain, other = SileroDetector().fingerprint(), SileroDetector(DetectorSettings(onset=0.6)).fingerprint()
    assert len(plain.weights_sha256) == 64
    assert plain != other
    assert plain.weights_sha256 == other.weights_sha256


def test_a_missing_model_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MODEL", Path("assets/absent.onnx"))
    with pytest.raises(ModelMissingError):
        SileroDetector().open()


def spans(probabilities: list[float], levels: list[float] | None = None, **chosen: float) -> list[tuple[int, int]]:
    given = np.array(probabilities, dtype=np.float32)
    loud = np.array(levels if levels is not None else [-30.0] * len(given), dtype=np.float32)
    options = DetectorSettings.model_validate({"pad_ms": 0, "bridge_ms": 64, "shortest_ms": 64, **chosen})
    return [(span.start_ms, span.end_ms) for span in speech_spans(given, loud, len(given) * 32, options)]


def test_hysteresis_bridge_and_shortest() -> None:
    assert spans([0, 0.3, 0.9, 0.3, 0.3, 0.1, 0]) == [(64, 160)]  # begins at onset, ends below offset
    assert spans([0.9, 0.9, 0.1, 0.9, 0.9]) == [(0, 160)]  # 32 ms of pause are bridged
    assert spans([0.9, 0.9, 0.1, 0.1, 0.9, 0.9]) == [(0, 64), (128, 192)]
    assert spans([0, 0.9, 0, 0]) == []
    assert spans([0.9, 0.9, 0, 0, 0, 0, 0.9, 0.9], pad_ms=50) == [(0, 114), (142, 256)]
    assert spans([0.9, 0.9, 0, 0, 0, 0, 0.9, 0.9], pad_ms=64) == [(0, 256)]


def test_a_second_listen_only_where_nothing_was_found_and_only_to_what_stands_out() -> None:
    faint = [0.0] * 8 + [0.3] * 3 + [0.0] * 8
    standing_out = [-70.0] * 8 + [-50.0] * 3 + [-70.0] * 8
    assert spans(faint, standing_out) == [(256, 352)]
    assert spans(faint, [-50.0] * 19) == []
    assert spans([*faint, 0.9, 0.9], [*standing_out, -50.0, -50.0]) == [(608, 672)]


@settings(max_examples=200)
@given(
    st.lists(st.floats(0, 1, width=32), max_size=80),
    st.integers(0, 400),
    st.integers(0, 400),
    st.integers(0, 400),
)
def test_spans_are_ordered_apart_and_within(values: list[float], pad: int, bridge: int, shortest: int) -> None:
    found = spans(values, pad_ms=pad, bridge_ms=bridge, shortest_ms=shortest)
    edges = [edge for span in found for edge in span]
    assert edges == sorted(set(edges))
    assert not edges or (edges[0] >= 0 and edges[-1] <= 32 * len(values))
    for start, end in found:
        assert max(values[start // 32 : -(-end // 32)]) >= DetectorSettings().second_onset
