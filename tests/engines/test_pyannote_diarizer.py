"""The bundled diarizer and pipeline folders: what happens without weights, and with the real ones."""

import os
import wave
from pathlib import Path

import numpy as np
import pytest

from pipeline.contracts import SpeakerHints
from pipeline.engines.pyannote.diarizer import PyannoteDiarizer
from pipeline.engines.pyannote.pipeline_folder import PyannotePipelineDiarizer, from_output
from pipeline.engines.pyannote.runtime import import_pyannote
from pipeline.errors import ModelDamagedError, ModelMissingError
from pipeline.records.base import Span
from pipeline.records.speech import Speech


def silent_wav(path: Path, seconds: float) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.zeros(int(16_000 * seconds), "<i2").tobytes())
    return path


def whole(seconds: float) -> Speech:
    return Speech(spans=(Span(start_ms=0, end_ms=int(1000 * seconds)),))


def test_missing_weights_say_what_to_do(tmp_path: Path) -> None:
    engine = PyannoteDiarizer(tmp_path / "none.bin", tmp_path / "none.pt", "cpu")
    with pytest.raises(ModelMissingError, match="models prepare"):
        engine.open()
    with pytest.raises(ModelMissingError):
        engine.fingerprint()


def test_damaged_weights_are_named(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"not a checkpoint")
    engine = PyannoteDiarizer(tmp_path, tmp_path / "none.pt", "cpu")
    with pytest.raises(ModelDamagedError) as caught:
        engine.open()
    assert caught.value.file == str(tmp_path / "pytorch_model.bin")


def test_a_folder_without_a_pipeline_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match=r"config\.yaml"):
        PyannotePipelineDiarizer(tmp_path, "cpu").open()
    (tmp_path / "config.yaml").write_text("pipeline: {name: nowhere.Nothing}\n", encoding="utf-8")
    with pytest.raises(ModelDamagedError):
        PyannotePipelineDiarizer(tmp_path, "cpu").open()


def test_telemetry_is_off_before_pyannote_is_there() -> None:
    import_pyannote("pyannote.audio")
    assert os.environ["PYANNOTE_METRICS_ENABLED"] == "false"
    assert import_pyannote("pyannote.audio.telemetry.metrics").is_metrics_enabled() is False


def test_a_pipelines_answer_becomes_our_record() -> None:
    core = import_pyannote("pyannote.core")
    annotation = core.Annotation()
    annotation[core.Segment(0.5, 3.0), "x"] = "SPEAKER_01"
    annotation[core.Segment(2.5, 2.8), "y"] = "SPEAKER_00"
    annotation[core.Segment(4.0, 9.9), "z"] = "SPEAKER_00"
    found = from_output(annotation, 6000)
    assert [(s.start_ms, s.end_ms, s.speaker) for s in found.segments] == [
        (500, 3000, "S01"),
        (2500, 2800, "S02"),
        (4000, 6000, "S02"),
    ]
    assert [(s.start_ms, s.end_ms, s.speaker) for s in found.exclusive] == [(500, 3000, "S01"), (4000, 6000, "S02")]


def test_a_pipelines_embeddings_follow_their_speakers() -> None:
    core = import_pyannote("pyannote.core")

    class Output:
        speaker_diarization = core.Annotation()
        exclusive_speaker_diarization = core.Annotation()
        speaker_embeddings = np.array([[3.0, 4.0], [np.nan, 1.0]])

    for annotation in (Output.speaker_diarization, Output.exclusive_speaker_diarization):
        annotation[core.Segment(0, 1)] = "B"
        annotation[core.Segment(1, 2)] = "A"
    voices = {voice.speaker: voice.embedding for voice in from_output(Output(), 2000).voices}
    assert voices["S02"] == pytest.approx((0.6, 0.8)), "labels() is sorted, names are by appearance"
    assert voices["S01"] == (), "not a number is no embedding"


@pytest.fixture(scope="module")
def engine(weights: Path) -> PyannoteDiarizer:
    opened = PyannoteDiarizer(weights / "segmentation-3.0", weights / "campplus", "cpu")
    opened.open()
    return opened


@pytest.mark.weights
@pytest.mark.parametrize("seconds", [0.05, 3.0])
def test_silence_has_no_speakers(engine: PyannoteDiarizer, tmp_path: Path, seconds: float) -> None:
    found = engine.diarize(silent_wav(tmp_path / "s.wav", seconds), whole(seconds), SpeakerHints(), lambda _: None)
    assert found.segments == () and found.voices == ()


@pytest.mark.weights
def test_a_pipeline_folder_is_used_as_it_is(tmp_path: Path, weights: Path) -> None:
    """A voice activity detection pipeline is a pipeline too, and needs no weights but the segmentation's."""
    model = weights / "segmentation-3.0" / "pytorch_model.bin"
    (tmp_path / "config.yaml").write_text(
        "pipeline:\n  name: pyannote.audio.pipelines.VoiceActivityDetection\n"
        f"  params: {{segmentation: '{model.as_posix()}'}}\n"
        "params: {min_duration_on: 0.0, min_duration_off: 0.0}\n",
        encoding="utf-8",
    )
    engine = PyannotePipelineDiarizer(tmp_path, "cpu")
    engine.open()
    assert len(engine.fingerprint().weights_sha256) == 64
