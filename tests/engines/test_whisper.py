"""The Whisper adapter on real weights and real speech, and what it says of folders that are no models."""

import shutil
import tracemalloc
import wave
from pathlib import Path

import numpy as np
import pytest

from pipeline.contracts import DecodeSettings, Excerpt
from pipeline.engines.whisper import FasterWhisper
from pipeline.engines.whisper_words import words_of
from pipeline.errors import EngineError, ModelDamagedError, ModelMissingError
from pipeline.evaluate.rate import character_errors
from pipeline.records.base import Span
from pipeline.weights.locate import locate

RATE = 16_000
CLIP = Path(__file__).parents[1] / "data" / "speech" / "common_voice_ja_32510820.mp3"
SAID = "親からパソコンを直してくれと頼まれて半日かかった"
SECOND_CLIP_MS = 8_000


def quiet(fraction: float) -> None: ...


def write(path: Path, samples: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def whisper() -> FasterWhisper:
    engine = FasterWhisper(locate("whisper-base"), "cpu", threads=2)
    engine.open()
    return engine


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clip at 0 s and again at 8 s, silence between and after, 40 s in all."""
    from faster_whisper.audio import decode_audio

    clip = decode_audio(str(CLIP), sampling_rate=RATE)
    samples = np.zeros(40 * RATE, dtype=np.float32)
    for start_ms in (0, SECOND_CLIP_MS):
        samples[start_ms * 16 : start_ms * 16 + len(clip)] = clip
    return write(tmp_path_factory.mktemp("whisper") / "meeting.wav", samples)


def span(start: int, end: int, *skipped: Span) -> Excerpt:
    return Excerpt(start_ms=start, end_ms=end, skipped=skipped)


@pytest.mark.weights
def test_words_are_right_and_on_the_recordings_time_base(whisper: FasterWhisper, recording: Path) -> None:
    windows = [span(0, 6_900), span(SECOND_CLIP_MS, SECOND_CLIP_MS + 6_900)]
    first, second = whisper.decode(recording, windows, DecodeSettings(), quiet)
    for heard in (first, second):
        rate = character_errors(SAID, "".join(word.raw for word in heard.words)).rate
        assert rate is not None and rate < 0.3
        assert all(heard.window.start_ms <= w.start_ms <= w.end_ms <= heard.window.end_ms for w in heard.words)
        assert -0.8 < heard.average_log_probability < 0 and heard.no_speech_probability < 0.5
    assert [w.start_ms + SECOND_CLIP_MS for w in first.words] == [w.start_ms for w in second.words]


@pytest.mark.weights
def test_a_batch_says_what_single_windows_say(whisper: FasterWhisper, recording: Path) -> None:
    windows = [span(0, 6_900), span(1_000, 6_000), span(0, 20_000)]
    together = whisper.decode(recording, windows, DecodeSettings(beam_size=1), quiet)
    alone = [whisper.decode(recording, [window], DecodeSettings(beam_size=1), quiet)[0] for window in windows]
    assert [[w.raw for w in h.words] for h in together] == [[w.raw for w in h.words] for h in alone]
    assert list(together) == alone  # to the last digit: batches may be cut anywhere


@pytest.mark.weights
def test_a_pause_that_is_left_out_shifts_no_time(whisper: FasterWhisper, recording: Path) -> None:
    window = span(0, SECOND_CLIP_MS + 6_900, Span(start_ms=6_900, end_ms=SECOND_CLIP_MS))
    (heard,) = whisper.decode(recording, [window], DecodeSettings(), quiet)
    rate = character_errors(SAID * 2, "".join(word.raw for word in heard.words)).rate
    assert rate is not None and rate < 0.3
    assert not [w for w in heard.words if 6_900 < w.start_ms < SECOND_CLIP_MS or 6_900 < w.end_ms < SECOND_CLIP_MS]


@pytest.mark.weights
def test_text_that_does_not_fit_is_decoded_in_parts(
    whisper: FasterWhisper, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = span(0, SECOND_CLIP_MS + 6_900)
    (whole,) = whisper.decode(recording, [window], DecodeSettings(), quiet)
    monkeypatch.setattr("pipeline.engines.whisper._TOKENS_AT_LEAST", 25)
    monkeypatch.setattr("pipeline.engines.whisper._TOKENS_PER_S", 1)
    (parts,) = whisper.decode(recording, [window], DecodeSettings(), quiet)
    assert len("".join(word.raw for word in parts.words)) >= 0.8 * len("".join(word.raw for word in whole.words))
    assert parts.words[-1].start_ms > SECOND_CLIP_MS + 3_000


@pytest.mark.weights
def test_long_recordings_are_never_in_memory(whisper: FasterWhisper, tmp_path: Path) -> None:
    long = write(tmp_path / "long.wav", np.zeros(30 * 60 * RATE, dtype=np.float32))
    tracemalloc.start()
    whisper.decode(long, [span(n * 600_000, n * 600_000 + 1_000) for n in range(3)], DecodeSettings(beam_size=1), quiet)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40e6


@pytest.mark.weights
def test_progress_ends_at_one_and_an_interrupt_passes(whisper: FasterWhisper, recording: Path) -> None:
    told: list[float] = []
    whisper.decode(recording, [span(0, 2_000)], DecodeSettings(beam_size=1), told.append)
    assert told == [1.0]
    assert whisper.decode(recording, [], DecodeSettings(), quiet) == ()

    def interrupt(fraction: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        whisper.decode(recording, [span(0, 2_000)], DecodeSettings(beam_size=1), interrupt)


@pytest.mark.weights
def test_what_cannot_be_done_is_one_line_of_cause_and_one_of_remedy(whisper: FasterWhisper, recording: Path) -> None:
    for windows, settings in (
        ([span(0, 30_001)], DecodeSettings()),
        ([span(0, 2_000)], DecodeSettings(prompt="議事録" * 200)),
        ([span(0, 2_000)], DecodeSettings(language="xx")),
    ):
        with pytest.raises(EngineError) as caught:
            whisper.decode(recording, windows, settings, quiet)
        assert "\n" not in str(caught.value) and caught.value.remedy


@pytest.mark.weights
def test_running_out_of_memory_is_an_error_that_says_so(
    whisper: FasterWhisper, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise RuntimeError("CUDA failed with error out of memory")

    monkeypatch.setattr(whisper._model, "encode", full)
    with pytest.raises(EngineError, match="out of memory") as caught:
        whisper.decode(recording, [span(0, 2_000)], DecodeSettings(), quiet)
    assert "--device cpu" in caught.value.remedy


@pytest.mark.weights
def test_the_fingerprint_names_versions_weights_and_arithmetic(whisper: FasterWhisper) -> None:
    fingerprint = whisper.fingerprint()
    assert fingerprint.weights_sha256.startswith("905e5bf8336bcc62")
    assert fingerprint.settings == "cpu/int8" and "ctranslate2-" in fingerprint.version


def test_a_folder_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError):
        FasterWhisper(tmp_path / "none", "cpu").open()


def test_an_incomplete_folder_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"x")
    with pytest.raises(ModelDamagedError, match=r"config\.json"):
        FasterWhisper(tmp_path, "cpu").open()


@pytest.mark.weights
@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json", "config.json"])
def test_a_truncated_file_is_damage_not_a_traceback(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    for file in locate("whisper-base").iterdir():
        if file.name == name:
            (folder / name).write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        elif file.is_file():
            shutil.copy(file, folder / file.name)
    with pytest.raises(ModelDamagedError):
        FasterWhisper(folder, "cpu").open()


def test_cuda_without_a_device_is_an_error_not_a_silent_cpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 0)
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    with pytest.raises(EngineError, match="CUDA"):
        FasterWhisper(tmp_path, "cuda").open()


def test_spaces_stay_between_latin_words_only() -> None:
    latin = [(" Google", 0.0, 0.4), (" Meet", 0.4, 0.8), (" を", 0.8, 0.9)]
    groups = [*latin, ("使\ufffd", 0.7, 1.2), (" ", 1.2, 1.3), ("A", 9, 9)]
    aligned = [{"word": text, "start": start, "end": end, "probability": 1.2} for text, start, end in groups]
    words = words_of(aligned, span(1_000, 3_000))
    assert "".join(word.raw for word in words) == "Google Meetを使A"
    assert [(w.start_ms, w.end_ms) for w in words[2:]] == [(1_800, 1_900), (1_800, 2_200), (3_000, 3_000)]
