"""Engines that repeat what real engines once said, from records on disk: the whole chain runs without weights.

A replay folder holds detect.json (Speech), transcribe.json (Transcript) and diarize.json (Diarization).
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from pipeline.contracts import DecodeSettings, Excerpt, Fingerprint, Hypothesis, Progress, SpeakerHints
from pipeline.errors import EngineError
from pipeline.records.base import Record
from pipeline.records.speakers import Diarization
from pipeline.records.speech import Speech
from pipeline.records.words import Transcript, Word

R = TypeVar("R", bound=Record)


class _Replay:
    file_name = ""

    def __init__(self, folder: Path) -> None:
        self.file = folder / self.file_name

    def fingerprint(self) -> Fingerprint:
        return Fingerprint(name="replay", version="1", settings=hashlib.sha256(self._read()).hexdigest())

    def open(self) -> None:
        self._read()

    def close(self) -> None: ...

    def _read(self) -> bytes:
        try:
            return self.file.read_bytes()
        except OSError as error:
            raise EngineError(
                f"{self.file}: cannot be replayed ({error.strerror}).",
                "Name a folder of replay records.",
                file=self.file,
            ) from error

    def _record(self, kind: type[R]) -> R:
        try:
            return kind.model_validate_json(self._read())
        except ValidationError as error:
            raise EngineError(
                f"{self.file}: is not a {kind.__name__} record.", "Record it again.", file=self.file
            ) from error


class ReplayDetector(_Replay):
    """Repeats detect.json."""

    file_name = "detect.json"

    def detect(self, waveform: Path, progress: Progress) -> Speech:  # noqa: ARG002
        progress(1.0)
        return self._record(Speech)


class ReplayTranscriber(_Replay):
    """Repeats the words of transcribe.json that lie in each window, however the windows are cut."""

    file_name = "transcribe.json"
    group = 4

    def decode(
        self,
        waveform: Path,  # noqa: ARG002
        windows: Sequence[Excerpt],
        settings: DecodeSettings,  # noqa: ARG002
        progress: Progress,
    ) -> tuple[Hypothesis, ...]:
        words = self._record(Transcript).words
        progress(1.0)
        return tuple(_heard(window, words) for window in windows)


class ReplayDiarizer(_Replay):
    """Repeats diarize.json."""

    file_name = "diarize.json"

    def diarize(
        self,
        waveform: Path,  # noqa: ARG002
        speech: Speech,  # noqa: ARG002
        hints: SpeakerHints,  # noqa: ARG002
        progress: Progress,
    ) -> Diarization:
        progress(1.0)
        return self._record(Diarization)


def _heard(window: Excerpt, words: tuple[Word, ...]) -> Hypothesis:
    inside = tuple(word for word in words if window.start_ms <= (word.start_ms + word.end_ms) // 2 < window.end_ms)
    return Hypothesis(
        window=window,
        words=inside,
        average_log_probability=-0.1,
        no_speech_probability=0.0,
        compression_ratio=1.0,
    )
