"""What a voice is known by, from stretches of one person's speech: the mean embedding the diarizer would give it."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.engines.pyannote.clustering import unit
from pipeline.engines.pyannote.diarizer import EMBEDDING_FILE
from pipeline.engines.pyannote.digest import sha256_of
from pipeline.engines.pyannote.embedding import whole
from pipeline.engines.pyannote.runtime import load_embedding, torch_device
from pipeline.engines.waveform import read
from pipeline.errors import VoicesError
from pipeline.records.base import Record, Span

LEAST_MS = 5_000
"""Less speech is not enough to know a voice by."""
_LONGEST_MS = 10_000
_SHORTEST_MS = 500


class Voiceprint(Record):
    """embedding: unit length. network: sha256 of the weights it was made with."""

    embedding: tuple[float, ...]
    network: str
    speech_ms: int


class VoicePrinter:
    """embedding: the weights' file, or the folder that holds it."""

    def __init__(self, embedding: Path, device: str = "auto") -> None:
        self._file = embedding / EMBEDDING_FILE if embedding.is_dir() else embedding
        self._device_name = device
        self._network: Any = None

    def voiceprint(self, waveform: Path, spans: Sequence[Span]) -> Voiceprint:
        """Raises VoicesError when the spans hold too little speech, ModelMissingError or ModelDamagedError."""
        device = torch_device(self._device_name)
        if self._network is None:
            self._network = load_embedding(self._file, device)
        parts = [part for span in spans for part in _parts(span)]
        total = sum(part.duration_ms for part in parts)
        if total < LEAST_MS:
            raise VoicesError(
                f"{waveform.name}: only {total / 1000:.1f} s of speech of this voice.",
                f"Take a recording with {LEAST_MS // 1000} s or more of one person speaking alone.",
                file=waveform,
            )
        sums = sum(
            part.duration_ms * unit(whole(self._network, read(waveform, part.start_ms, part.end_ms), device))
            for part in parts
        )
        mean = tuple(float(value) for value in unit(np.asarray(sums)))
        return Voiceprint(embedding=mean, network=sha256_of(self._file), speech_ms=total)


def _parts(span: Span) -> list[Span]:
    count = max(1, -(-span.duration_ms // _LONGEST_MS))
    edges = [span.start_ms + span.duration_ms * index // count for index in range(count + 1)]
    return [Span(start_ms=a, end_ms=b) for a, b in pairwise(edges) if b - a >= _SHORTEST_MS]
