"""Where somebody speaks: Silero VAD v6 (MIT; the ONNX file that faster-whisper carries) run in blocks, so that eight
hours of recording need a few megabytes."""

import hashlib
import importlib.metadata
import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from pipeline.contracts import SAMPLE_RATE_HZ, Fingerprint, Progress
from pipeline.engines import waveform as wave
from pipeline.errors import EngineError, ModelMissingError
from pipeline.records.base import Probability, Record, Span
from pipeline.records.speech import Speech

Floats = NDArray[np.float32]
FRAME_SAMPLES = 512
"""32 ms: the step of the model, which gives one probability for each."""
_FRAME_MS = FRAME_SAMPLES * 1000 // SAMPLE_RATE_HZ
_CONTEXT_SAMPLES = 64
"""The model wants the end of the frame before in front of each frame."""
_BLOCK_FRAMES = 1000
_MODEL = Path("assets/silero_vad_v6.onnx")


class DetectorSettings(Record):
    """Chosen on meetings and noises by benchmarks/detection.py; what is missed is lost, what is too much costs time."""

    onset: Probability = 0.4
    """Speech begins at this probability …"""
    offset: Probability = 0.25
    """… and ends below this one."""
    shortest_ms: int = Field(default=100, ge=0)
    """Shorter bursts are clicks: はい takes 200 ms."""
    bridge_ms: int = Field(default=300, ge=0)
    """Shorter pauses belong to the speech around them."""
    pad_ms: int = Field(default=150, ge=0)
    """Added on both sides: consonants at the edges are quiet."""
    loud_dbfs: float = -26.0
    """Recordings whose louder frames (95th percentile) stay below this are raised to it before listening."""
    most_gain_db: float = Field(default=40.0, ge=0)
    second_onset: Probability = 0.25
    """Where the whole recording gave nothing: listen once more from here …"""
    second_offset: Probability = 0.15
    second_contrast_db: float = 10.0
    """… and believe only what stands out of the background by this much, which steady noise never does."""


class SileroDetector:
    """A contracts.Detector."""

    def __init__(self, settings: DetectorSettings | None = None) -> None:
        self._settings = settings or DetectorSettings()
        self._session: Any = None

    def fingerprint(self) -> Fingerprint:
        return Fingerprint(
            name="silero-vad-v6",
            version=f"faster-whisper {importlib.metadata.version('faster-whisper')}",
            weights_sha256=hashlib.sha256(_model().read_bytes()).hexdigest(),
            settings=self._settings.model_dump_json(),
        )

    def open(self) -> None:
        """Raises ModelMissingError where faster-whisper does not carry the file."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # The network is a chain of small steps: more threads only wait for each other.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(
                str(_model()), sess_options=options, providers=["CPUExecutionProvider"]
            )
        except RuntimeError as error:
            raise EngineError("The Silero VAD model does not load.", "Install faster-whisper again.") from error

    def close(self) -> None:
        self._session = None

    def detect(self, waveform: Path, progress: Progress) -> Speech:
        """Speech spans in order, not touching each other, within the recording. None at all is a valid answer."""
        progress(0.0)
        levels = _levels(waveform)
        probabilities = self._probabilities(waveform, self._gain(levels), len(levels), progress)
        progress(1.0)
        return Speech(spans=speech_spans(probabilities, levels, wave.duration_ms(waveform), self._settings))

    def _gain(self, levels: Floats) -> float:
        """Factor for the samples: quiet recordings are raised as a whole, and never so far that their peaks break."""
        if not len(levels):
            return 1.0
        loud, peak = np.percentile(levels, (95, 99.9))
        wished = min(self._settings.loud_dbfs - float(loud), -6.0 - float(peak))
        return float(10 ** (min(max(wished, 0.0), self._settings.most_gain_db) / 20))

    def _probabilities(self, waveform: Path, gain: float, frames: int, progress: Progress) -> Floats:
        """One speech probability per frame, shape (frames,); the state of the network runs through all blocks."""
        h = c = np.zeros((1, 1, 128), dtype=np.float32)
        context = np.zeros((1, _CONTEXT_SAMPLES), dtype=np.float32)
        found = [np.zeros(0, dtype=np.float32)]
        done = 0
        for block in _frames(waveform):
            raised = np.clip(block * np.float32(gain), -1, 1)
            tails = raised[:, -_CONTEXT_SAMPLES:]
            inputs = np.concatenate([np.concatenate([context, tails[:-1]]), raised], axis=1)
            context = tails[-1:]
            try:
                answer, h, c = self._session.run(None, {"input": inputs, "h": h, "c": c})
            except RuntimeError as error:
                raise EngineError("Silero VAD failed on the waveform.", "Run again from the detect stage.") from error
            found.append(answer.reshape(-1))
            done += len(block)
            progress(done / frames)
        return np.concatenate(found)


def speech_spans(
    probabilities: Floats, levels: Floats, duration_ms: int, settings: DetectorSettings
) -> tuple[Span, ...]:
    """From one probability and level (dBFS) per 32 ms frame to spans: hysteresis, then bridging, shortest, padding."""
    found = _stretches(probabilities, settings.onset, settings.offset, settings)
    if not found and len(levels):
        found = _stretches(probabilities, settings.second_onset, settings.second_offset, settings)
        least = float(np.percentile(levels, 10)) + settings.second_contrast_db
        found = [(start, end) for start, end in found if float(levels[start:end].max()) >= least]
    padded = [
        (max(0, start * _FRAME_MS - settings.pad_ms), min(duration_ms, end * _FRAME_MS + settings.pad_ms))
        for start, end in found
    ]
    return tuple(Span(start_ms=start, end_ms=end) for start, end in _bridged(padded, 1) if end > start)


def _stretches(probabilities: Floats, onset: float, offset: float, settings: DetectorSettings) -> list[tuple[int, int]]:
    """Runs of frames [start, end) that reach onset before they fall below offset."""
    above = np.concatenate([[False], probabilities >= offset, [False]])
    edges = np.flatnonzero(above[1:] != above[:-1])
    runs = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        reached = np.flatnonzero(probabilities[start:end] >= onset)
        if len(reached):
            runs.append((int(start + reached[0]), int(end)))
    joined = _bridged(runs, -(-settings.bridge_ms // _FRAME_MS))
    return [(start, end) for start, end in joined if (end - start) * _FRAME_MS >= settings.shortest_ms]


def _bridged(stretches: Sequence[tuple[int, int]], gap: int) -> list[tuple[int, int]]:
    """Joins neighbours less than gap apart."""
    joined: list[tuple[int, int]] = []
    for start, end in stretches:
        if joined and start - joined[-1][1] < gap:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _frames(waveform: Path) -> Iterator[Floats]:
    """Blocks of shape (frames, FRAME_SAMPLES); the last frame is filled up with silence."""
    for block in wave.blocks(waveform, _BLOCK_FRAMES * FRAME_SAMPLES):
        filled = np.pad(block, (0, -len(block) % FRAME_SAMPLES))
        yield filled.reshape(-1, FRAME_SAMPLES)


def _levels(waveform: Path) -> Floats:
    """Level of each frame in dBFS, shape (frames,); -120 for silence."""
    found = [(10 * np.log10(block.var(axis=1) + 1e-12)).astype(np.float32) for block in _frames(waveform)]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.float32)


def _model() -> Path:
    """Found without importing faster-whisper, which would load the recogniser's libraries."""
    spec = importlib.util.find_spec("faster_whisper")
    path = Path(spec.origin).parent / _MODEL if spec and spec.origin else None
    if path is None or not path.is_file():
        raise ModelMissingError("The Silero VAD model is not there.", "Install faster-whisper 1.2.1 or newer again.")
    return path
