"""A recording listened to without recognising it: for `kaigiroku check`, and for the conditions of an evaluation."""

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from pipeline.engines.decoder import FfmpegDecoder
from pipeline.engines.detector import SileroDetector
from pipeline.engines.waveform import blocks
from pipeline.evaluate.recording.acoustics import acoustics
from pipeline.evaluate.recording.preflight import Preflight, preflight
from pipeline.evaluate.recording.sound import Sound, listen
from pipeline.records.recording import Recording
from pipeline.records.speech import Speech

_BLOCK = 16_000 * 30
Progress = Callable[[float], None]


class Listened(NamedTuple):
    """The sound of a recording and what follows from it."""

    sound: Sound
    preflight: Preflight


def listen_to(sources: Sequence[Path], progress: Progress = lambda _: None) -> Listened:
    """Decode and listen; nothing stays on the disk. Raises what a draft of these files would raise."""
    decoder, detector = FfmpegDecoder(), SileroDetector()
    with tempfile.TemporaryDirectory(prefix="kaigiroku-") as folder:
        waveform = Path(folder) / "waveform.wav"
        try:
            decoder.open()
            recording = decoder.decode(sources, waveform, lambda done: progress(done / 2))
        finally:
            decoder.close()
        try:
            detector.open()
            speech = detector.detect(waveform, lambda done: progress(0.5 + done / 2))
        finally:
            detector.close()
        return _listened(recording, waveform, speech)


def listen_to_draft(folder: Path) -> Listened | None:
    """From the waveform that a draft left in its work folder; None where it is gone."""
    waveform = next(iter(sorted((folder / "work").glob("waveform-*.wav"))), None)
    if waveform is None:
        return None
    try:
        recording = Recording.model_validate_json(_record(folder / "work" / "ingest.json"))
        speech = Speech.model_validate_json(_record(folder / "work" / "detect.json"))
    except (OSError, ValueError, KeyError, ValidationError):
        return None
    return _listened(recording, waveform, speech)


def _record(path: Path) -> str:
    return json.dumps(json.loads(path.read_text(encoding="utf-8"))["record"])


def _listened(recording: Recording, waveform: Path, speech: Speech) -> Listened:
    sound = listen(blocks(waveform, _BLOCK), speech)
    return Listened(sound, preflight(recording.parts, acoustics(sound)))
