"""A complete pyannote pipeline the operator brings (for example community-1): used as it is."""

import importlib.metadata
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from pipeline.contracts import SAMPLE_RATE_HZ, Fingerprint, Progress, SpeakerHints
from pipeline.engines.pyannote.clustering import unit
from pipeline.engines.pyannote.digest import sha256_of
from pipeline.engines.pyannote.runtime import import_pyannote, torch_device
from pipeline.engines.waveform import duration_ms, read
from pipeline.errors import EngineError, ModelDamagedError, ModelMissingError
from pipeline.records.speakers import Diarization, SpeakerSegment, Voice
from pipeline.records.speech import Speech


class PyannotePipelineDiarizer:
    """folder holds config.yaml and the weights it names. Memory grows with the recording."""

    def __init__(self, folder: Path, device: str = "auto") -> None:
        self._folder = folder
        self._device_name = device
        self._pipeline: Any = None

    def fingerprint(self) -> Fingerprint:
        return Fingerprint(
            name="pyannote-pipeline",
            version=importlib.metadata.version("pyannote.audio"),
            weights_sha256=self._weights,
        )

    def open(self) -> None:
        """Raises ModelMissingError or ModelDamagedError."""
        if self._pipeline is not None:
            return
        if not (self._folder / "config.yaml").is_file():
            raise ModelMissingError(
                f"{self._folder.name}: no config.yaml in this folder.",
                "Name a folder that holds a complete pyannote pipeline.",
                file=self._folder,
            )
        device = torch_device(self._device_name)
        pipeline_class = import_pyannote("pyannote.audio").Pipeline
        try:
            pipeline = pipeline_class.from_pretrained(str(self._folder))
        except Exception as error:  # yaml, torch, hub and pyannote each have errors of their own
            raise _damaged(self._folder, str(error)) from error
        if pipeline is None:
            raise _damaged(self._folder, "pyannote found no pipeline in it")
        self._pipeline = pipeline.to(device)

    def close(self) -> None:
        self._pipeline = None

    def diarize(self, waveform: Path, speech: Speech, hints: SpeakerHints, progress: Progress) -> Diarization:  # noqa: ARG002 - the pipeline finds speech itself
        self.open()
        import torch

        audio = {"waveform": torch.from_numpy(read(waveform)[None]), "sample_rate": SAMPLE_RATE_HZ}
        try:
            output = self._pipeline(
                audio, min_speakers=hints.at_least, max_speakers=hints.at_most, hook=_ProgressHook(progress)
            )
        except (RuntimeError, ValueError, MemoryError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise EngineError(
                f"{waveform.name}: the pyannote pipeline failed ({reason}).",
                "Use the bundled diarizer, or another pipeline folder.",
                file=waveform,
            ) from error
        progress(1.0)
        return from_output(output, duration_ms(waveform))

    @cached_property
    def _weights(self) -> str:
        return sha256_of(*sorted(file for file in self._folder.rglob("*") if file.is_file()))


def from_output(output: Any, total_ms: int) -> Diarization:
    """A pipeline's answer as our record. Accepts pyannote 4's DiarizeOutput or a bare Annotation."""
    annotation = getattr(output, "speaker_diarization", output)
    single = getattr(output, "exclusive_speaker_diarization", None)
    embeddings = getattr(output, "speaker_embeddings", None)
    tracks = _tracks(annotation, total_ms)
    names = {label: f"S{n:02}" for n, label in enumerate(dict.fromkeys(t[2] for t in tracks), start=1)}
    segments = _segments(tracks, names)
    exclusive = _segments(_tracks(single, total_ms), names) if single is not None else _first_come(segments)
    labels = list(annotation.labels())
    vectors = {} if embeddings is None else dict(zip(labels, embeddings, strict=False))
    voices = [
        Voice(
            speaker=name,
            speech_ms=sum(s.duration_ms for s in segments if s.speaker == name),
            embedding=_vector(vectors.get(label)),
        )
        for label, name in names.items()
    ]
    return Diarization(segments=tuple(segments), exclusive=tuple(exclusive), voices=tuple(voices))


def _vector(embedding: Any) -> tuple[float, ...]:
    if embedding is None or not np.all(np.isfinite(embedding)):
        return ()
    return tuple(float(x) for x in unit(np.asarray(embedding)))


def _tracks(annotation: Any, total_ms: int) -> list[tuple[int, int, str]]:
    found = []
    for segment, _, label in annotation.itertracks(yield_label=True):
        start, end = (min(total_ms, max(0, round(1000 * t))) for t in (segment.start, segment.end))
        if end > start:
            found.append((start, end, str(label)))
    return sorted(found)


def _segments(tracks: list[tuple[int, int, str]], names: dict[str, str]) -> list[SpeakerSegment]:
    return [SpeakerSegment(start_ms=a, end_ms=b, speaker=names[label]) for a, b, label in tracks if label in names]


def _first_come(segments: list[SpeakerSegment]) -> list[SpeakerSegment]:
    """For pipelines without an exclusive timeline: who began first keeps the floor until done."""
    exclusive: list[SpeakerSegment] = []
    end = 0
    for segment in segments:
        if segment.end_ms > end:
            exclusive.append(segment.model_copy(update={"start_ms": max(segment.start_ms, end)}))
            end = segment.end_ms
    return exclusive


def _damaged(folder: Path, reason: str) -> ModelDamagedError:
    first = (reason.splitlines() or ["no reason given"])[0]
    return ModelDamagedError(
        f"{folder.name}: not a usable pyannote pipeline ({first}).",
        "Download the complete pipeline again, weights included.",
        file=folder,
    )


class _ProgressHook:
    """pyannote calls hook(step, artifact, file=, total=, completed=); embeddings take nearly all of the time."""

    _SHARES: ClassVar = {"segmentation": (0.0, 0.15), "embeddings": (0.15, 0.98)}

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __call__(
        self, step: str, *_: object, total: int | None = None, completed: int | None = None, **__: object
    ) -> None:
        share = self._SHARES.get(step)
        if share is not None and total and completed is not None:
            start, end = share
            self._progress(start + (end - start) * min(1.0, completed / total))
