"""The bundled diarizer: pyannote's local segmentation, CAM++ voice embeddings, and our own clustering."""

import importlib.metadata
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from pipeline.contracts import Fingerprint, Progress, SpeakerHints
from pipeline.engines.pyannote.assembly import assemble
from pipeline.engines.pyannote.clustering import Limits
from pipeline.engines.pyannote.digest import sha256_of
from pipeline.engines.pyannote.embedding import embed, pieces
from pipeline.engines.pyannote.runtime import load_embedding, load_segmentation, torch_device
from pipeline.engines.pyannote.segmentation import segment
from pipeline.engines.pyannote.speakers import speakers
from pipeline.engines.pyannote.together import told_apart
from pipeline.engines.pyannote.tracks import timeline
from pipeline.engines.waveform import duration_ms
from pipeline.errors import EngineError
from pipeline.records.base import Record
from pipeline.records.speakers import Diarization
from pipeline.records.speech import Speech

VERSION = "5"
_SEGMENTATION_SHARE = 0.35
"""Of the time; the rest goes into embeddings."""
SEGMENTATION_FILE = "pytorch_model.bin"
EMBEDDING_FILE = "campplus_cn_en_common.pt"


class DiarizerSettings(Record):
    """Chosen on meetings made by benchmarks/make_meetings.py (docs/evaluation-diarization.md)."""

    step_ms: int = Field(default=5000, ge=500, le=10_000)
    batch: int = Field(default=16, ge=1)
    piece_ms: int = Field(default=2000, ge=500)
    """Length of the pieces that get a speaker of their own."""
    bridge_ms: int = Field(default=500, ge=0)
    """Pauses up to this long do not end a turn."""
    turn_ms: int = Field(default=10_000, ge=1000)
    certain_ms: int = Field(default=3000, ge=0)
    """Shorter stretches of one voice are not used to find out who is there."""
    smallest_ms: int = Field(default=1500, ge=0)
    """A voice known only from short stretches has at least this much speech in all."""

    @property
    def limits(self) -> Limits:
        return Limits(self.certain_ms / self.piece_ms, self.smallest_ms / self.piece_ms)


class PyannoteDiarizer:
    """segmentation and embedding: the weights' files, or the folders that hold them under their usual names."""

    def __init__(
        self, segmentation: Path, embedding: Path, device: str = "auto", settings: DiarizerSettings | None = None
    ) -> None:
        self._segmentation_file = segmentation / SEGMENTATION_FILE if segmentation.is_dir() else segmentation
        self._embedding_file = embedding / EMBEDDING_FILE if embedding.is_dir() else embedding
        self._device_name = device
        self._settings = settings or DiarizerSettings()
        self._models: tuple[Any, Any, Any] | None = None

    def fingerprint(self) -> Fingerprint:
        return Fingerprint(
            name="pyannote+campplus",
            version=f"{VERSION}/{importlib.metadata.version('pyannote.audio')}",
            weights_sha256=self._weights,
            settings=self._settings.model_dump_json(),
        )

    def open(self) -> None:
        """Raises ModelMissingError, ModelDamagedError, or EngineError when the device is not there."""
        if self._models is None:
            device = torch_device(self._device_name)
            segmentation = load_segmentation(self._segmentation_file, device)
            self._models = segmentation, load_embedding(self._embedding_file, device), device

    def close(self) -> None:
        self._models = None

    def diarize(self, waveform: Path, speech: Speech, hints: SpeakerHints, progress: Progress) -> Diarization:  # noqa: ARG002
        self.open()
        try:
            return self._diarize(waveform, hints, progress)
        except (RuntimeError, MemoryError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise EngineError(
                f"{waveform.name}: telling the speakers apart failed ({reason}).",
                "Free memory or use --device cpu, then run again.",
                file=waveform,
            ) from error

    def _diarize(self, waveform: Path, hints: SpeakerHints, progress: Progress) -> Diarization:
        import torch

        assert self._models is not None
        segmentation, network, device = self._models
        settings = self._settings
        total_ms = duration_ms(waveform)
        windows = segment(
            segmentation, waveform, settings.step_ms, settings.batch, _part(progress, 0.0, _SEGMENTATION_SHARE)
        )
        line = timeline(windows)
        parts = pieces(line, longest_ms=settings.piece_ms, bridge_ms=settings.bridge_ms, turn_ms=settings.turn_ms)
        statistics, pitch = embed(network, waveform, line, parts, device, _part(progress, _SEGMENTATION_SHARE, 0.98))
        with torch.inference_mode():
            voices = network.embed(torch.from_numpy(statistics).to(device)).cpu().numpy()
        found = speakers(parts, voices, pitch, line.frame_ms, settings.limits, hints)
        found = told_apart(line, parts, np.asarray(voices), found)
        progress(1.0)
        diarization = assemble(line, parts, found, np.asarray(voices), total_ms)
        return diarization.model_copy(update={"network": sha256_of(self._embedding_file)})

    @cached_property
    def _weights(self) -> str:
        return sha256_of(self._segmentation_file, self._embedding_file)


def _part(progress: Progress, start: float, end: float) -> Callable[[float], None]:
    return lambda fraction: progress(start + (end - start) * fraction)
