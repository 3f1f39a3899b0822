"""pyannote.audio's own SpeakerDiarization at its defaults, with the same weights as ours: the baseline of
benchmarks/diarization.py. Segmentation and embeddings are computed once per recording."""

import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.engines.pyannote.runtime import import_pyannote, load_embedding, load_segmentation
from pipeline.engines.waveform import read

Segments = list[tuple[float, float, str]]


class _Embedding:
    """CAM++ behind the interface pyannote's pipeline expects of an embedding model: mean features of whole windows,
    statistics pooled under each local speaker's mask."""

    dimension = 192
    metric = "cosine"
    sample_rate = SAMPLE_RATE_HZ
    min_num_samples = SAMPLE_RATE_HZ // 2

    def __init__(self, weights: Path) -> None:
        self._network = load_embedding(weights, torch.device("cpu"))

    def to(self, _: torch.device) -> "_Embedding":
        return self

    def __call__(self, waveforms: torch.Tensor, masks: torch.Tensor | None = None) -> np.ndarray:
        kaldi = import_pyannote("torchaudio.compliance.kaldi")
        features = torch.stack([kaldi.fbank(w, num_mel_bins=80, sample_frequency=self.sample_rate) for w in waveforms])
        with torch.inference_mode():
            frames = self._network.frames(features - features.mean(1, keepdim=True))
            shape = (len(frames), frames.shape[-1])
            weights = torch.ones(shape)
            if masks is not None:
                weights = torch.nn.functional.interpolate(masks[:, None].float(), size=shape[1])[:, 0]
            total = weights.sum(1, keepdim=True).clamp(min=1e-6)
            mean = (frames * weights[:, None]).sum(-1) / total
            square = ((frames - mean[..., None]) ** 2 * weights[:, None]).sum(-1) / (total - 1).clamp(min=1.0)
            embeddings: np.ndarray = self._network.embed(torch.cat([mean, square.sqrt()], 1)).numpy()
        embeddings[(weights > 0.5).sum(1).numpy() < 25] = np.nan
        return embeddings


def pipeline(segmentation: Path, embedding: Path, step: float) -> Any:
    module = import_pyannote("pyannote.audio.pipelines.speaker_diarization")
    module.get_plda = lambda *_, **__: None  # agglomerative clustering uses none, but it is loaded in any case
    module.PretrainedSpeakerEmbedding = lambda *_, **__: _Embedding(embedding)
    return module.SpeakerDiarization(
        segmentation=load_segmentation(segmentation, torch.device("cpu")),
        segmentation_step=step,
        embedding="campplus",
        embedding_exclude_overlap=True,
        clustering="AgglomerativeClustering",
        plda=None,
        segmentation_batch_size=8,
        embedding_batch_size=8,
    )


def plain(pipe: Any, waveform: Path, thresholds: list[float]) -> tuple[dict[float, Segments], float]:
    """What it says at each threshold, and the seconds the first took (with everything computed)."""
    file = {"waveform": torch.from_numpy(read(waveform)[None]), "sample_rate": SAMPLE_RATE_HZ, "uri": waveform.stem}
    pipe.training = True  # its own cache of segmentation and embeddings
    answers, seconds = {}, 0.0
    for threshold in thresholds:
        pipe.instantiate(
            {
                "segmentation": {"min_duration_off": 0.0},
                "clustering": {"method": "centroid", "min_cluster_size": 12, "threshold": threshold},
            }
        )
        begun = time.perf_counter()
        output = pipe(file)
        seconds = seconds or time.perf_counter() - begun
        annotation = getattr(output, "speaker_diarization", output)
        answers[threshold] = [(s.start, s.end, str(who)) for s, _, who in annotation.itertracks(yield_label=True)]
    return answers, seconds
