"""Voice embeddings of pieces of turns: one pass of the network over a turn, pooled over each piece's clean frames."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.engines.pyannote.runtime import import_pyannote
from pipeline.engines.pyannote.tracks import Timeline
from pipeline.engines.waveform import read

Floats = NDArray[np.float32]
_NETWORK_FRAME_MS = 20.0
_FEATURE_SAMPLES = SAMPLE_RATE_HZ // 100
_EDGE_SAMPLES = SAMPLE_RATE_HZ // 40
_QUIETEST_RMS = 1e-5


@dataclass(frozen=True)
class Piece:
    """Part [start, end) of a turn, in frames of the timeline: the smallest unit that gets a speaker of its own."""

    track: int
    turn: int
    start: int
    end: int
    clean: int
    """Frames in which nobody else speaks and of which the embedding is made; 0 when it is made of all of them."""


def pieces(timeline: Timeline, *, longest_ms: int, bridge_ms: int, turn_ms: int) -> list[Piece]:
    """Turns are stretches of one track with pauses up to bridge_ms, cut at turn_ms; pieces are their equal parts."""
    bridge, longest, turn_frames = (round(ms / timeline.frame_ms) for ms in (bridge_ms, longest_ms, turn_ms))
    turns: list[list[int]] = []
    for stretch in sorted(timeline.stretches, key=lambda s: (s.track, s.start)):
        last = turns[-1] if turns else None
        if (
            last is not None
            and last[0] == stretch.track
            and stretch.start - last[2] <= bridge
            and stretch.end - last[1] <= turn_frames
        ):
            last[2] = stretch.end
        else:
            turns.append([stretch.track, stretch.start, stretch.end])
    found = []
    for number, (track, start, end) in enumerate(sorted(turns, key=lambda t: t[1])):
        parts = max(1, round((end - start) / longest))
        edges = np.linspace(start, end, parts + 1).round().astype(int)
        for a, b in pairwise(edges):
            clean = int((timeline.voices[a:b] == 1).sum())
            found.append(Piece(track, number, int(a), int(b), clean))
    return found


def embed(
    network: Any,
    waveform: Path,
    timeline: Timeline,
    parts: list[Piece],
    device: Any,
    progress: Callable[[float], None],
) -> Floats:
    """Pooled statistics per piece, (pieces, 1024): mean, then standard deviation."""
    by_turn: dict[int, list[int]] = {}
    for index, piece in enumerate(parts):
        by_turn.setdefault(piece.turn, []).append(index)
    statistics = np.zeros((len(parts), 1024), dtype=np.float32)
    for done, members in enumerate(by_turn.values()):
        _embed_turn(network, waveform, timeline, parts, members, device, statistics)
        progress((done + 1) / len(by_turn))
    return statistics


def _embed_turn(
    network: Any,
    waveform: Path,
    timeline: Timeline,
    parts: list[Piece],
    members: list[int],
    device: Any,
    statistics: Floats,
) -> None:
    import torch

    first, last = parts[members[0]].start, parts[members[-1]].end
    start_ms = round(first * timeline.frame_ms)
    samples = read(waveform, start_ms, round(last * timeline.frame_ms))
    features = _features(samples)
    with torch.inference_mode():
        frames = network.frames(features[None].to(device))[0]
    times = start_ms + _NETWORK_FRAME_MS * (torch.arange(frames.shape[1]) + 0.5)
    where = (times / timeline.frame_ms).long().clamp(max=len(timeline.voices) - 1)
    alone = torch.from_numpy(timeline.voices == 1)[where]
    for index in members:
        piece = parts[index]
        inside = (where >= piece.start) & (where < piece.end)
        chosen = inside & alone if piece.clean * timeline.frame_ms >= 300 else inside
        if int(chosen.sum()) < 2:
            chosen = inside if int(inside.sum()) >= 2 else torch.ones_like(inside)
        part = frames[:, chosen.to(frames.device)]
        pooled = torch.cat([part.mean(1), part.std(1)])
        statistics[index] = pooled.cpu().numpy()


def _features(samples: Floats) -> Any:
    """Log-mel features as CAM++ was trained on: 80 bands every 10 ms, the mean over the turn removed."""
    import torch

    import_pyannote("torchaudio")
    kaldi = import_pyannote("torchaudio.compliance.kaldi")
    level = float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0
    shortest = 4 * _FEATURE_SAMPLES + _EDGE_SAMPLES
    padded = np.pad(samples * (0.1 / max(level, _QUIETEST_RMS)), (0, max(0, shortest - len(samples))))
    features = kaldi.fbank(torch.from_numpy(padded)[None], num_mel_bins=80, sample_frequency=SAMPLE_RATE_HZ)
    return features - features.mean(0, keepdim=True)
