"""Voice embeddings of pieces of turns: one pass of the network over a turn, pooled over each piece's clean frames."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.engines.pyannote.pitch import FRAME_MS, semitones
from pipeline.engines.pyannote.runtime import import_pyannote
from pipeline.engines.pyannote.tracks import Stretch, Timeline
from pipeline.engines.waveform import read

Floats = NDArray[np.float32]
_NETWORK_FRAME_MS = 20.0
_FEATURE_SAMPLES = SAMPLE_RATE_HZ // 100
_EDGE_SAMPLES = SAMPLE_RATE_HZ // 40
_QUIETEST_RMS = 1e-5
_LEAST_VOICED = 10
"""Frames whose median is believed."""
LEAST_CLEAN_MS = 300.0
"""Less speech without others' says nothing of a voice."""


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
    """Turns are stretches of one track with pauses up to bridge_ms, cut at turn_ms; pieces are parts of about
    longest_ms that end at a pause where there is one, since a voice seldom changes elsewhere."""
    bridge, longest, turn_frames = (round(ms / timeline.frame_ms) for ms in (bridge_ms, longest_ms, turn_ms))
    found = []
    for number, turn in enumerate(_turns(timeline, bridge, turn_frames)):
        for start, end in _parts(turn, longest):
            clean = int((timeline.voices[start:end] == 1).sum())
            found.append(Piece(turn[0].track, number, start, end, clean))
    return found


def _turns(timeline: Timeline, bridge: int, longest: int) -> list[list[Stretch]]:
    turns: list[list[Stretch]] = []
    for stretch in sorted(timeline.stretches, key=lambda s: (s.track, s.start)):
        last = turns[-1] if turns else None
        near = last is not None and last[-1].track == stretch.track and stretch.start - last[-1].end <= bridge
        if last is not None and near and stretch.end - last[0].start <= longest:
            last.append(stretch)
        else:
            turns.append([stretch])
    return sorted(turns, key=lambda turn: turn[0].start)


def _parts(turn: list[Stretch], longest: int) -> list[tuple[int, int]]:
    """Long stretches are cut into equal parts; parts that are short together become one."""
    parts: list[tuple[int, int]] = []
    for stretch in turn:
        count = max(1, round((stretch.end - stretch.start) / longest))
        edges = np.linspace(stretch.start, stretch.end, count + 1).round().astype(int).tolist()
        for start, end in pairwise(edges):
            if parts and end - parts[-1][0] <= longest:
                parts[-1] = (parts[-1][0], end)
            else:
                parts.append((start, end))
    return parts


def embed(
    network: Any,
    waveform: Path,
    timeline: Timeline,
    parts: list[Piece],
    device: Any,
    progress: Callable[[float], None],
) -> tuple[Floats, Floats]:
    """Per piece: pooled statistics, (pieces, 1024): mean, then standard deviation; and pitch, (pieces,): the median in
    semitones, NaN where nothing was voiced."""
    by_turn: dict[int, list[int]] = {}
    for index, piece in enumerate(parts):
        by_turn.setdefault(piece.turn, []).append(index)
    statistics = np.zeros((len(parts), 1024), dtype=np.float32)
    pitch = np.full(len(parts), np.nan, dtype=np.float32)
    for done, members in enumerate(by_turn.values()):
        turn = [parts[index] for index in members]
        start_ms = round(turn[0].start * timeline.frame_ms)
        samples = read(waveform, start_ms, round(turn[-1].end * timeline.frame_ms))
        statistics[members] = _statistics(network, samples, start_ms, timeline, turn, device)
        pitch[members] = _pitch(samples, start_ms, timeline, turn)
        progress((done + 1) / len(by_turn))
    return statistics, pitch


def whole(network: Any, samples: Floats, device: Any) -> Floats:
    """The embedding (192,) of a stretch in which one person speaks."""
    import torch

    with torch.inference_mode():
        frames = network.frames(_features(samples)[None].to(device))[0]
        pooled = torch.cat([frames.mean(1), frames.std(1)])
        embedding: Floats = network.embed(pooled[None])[0].cpu().numpy()
    return embedding


def _statistics(
    network: Any, samples: Floats, start_ms: int, timeline: Timeline, turn: list[Piece], device: Any
) -> Floats:
    import torch

    features = _features(samples)
    with torch.inference_mode():
        frames = network.frames(features[None].to(device))[0]
        found = []
        for chosen in _chosen(frames.shape[1], _NETWORK_FRAME_MS, start_ms, timeline, turn):
            part = frames[:, torch.from_numpy(chosen).to(frames.device)]
            found.append(torch.cat([part.mean(1), part.std(1)]))
        statistics: Floats = torch.stack(found).cpu().numpy()
    return statistics


def _pitch(samples: Floats, start_ms: int, timeline: Timeline, turn: list[Piece]) -> list[float]:
    heights = semitones(samples)
    if not len(heights):
        return [np.nan] * len(turn)
    found = []
    for chosen in _chosen(len(heights), FRAME_MS, start_ms, timeline, turn):
        voiced = heights[chosen & np.isfinite(heights)]
        found.append(float(np.median(voiced)) if len(voiced) >= _LEAST_VOICED else np.nan)
    return found


def _chosen(
    count: int, frame_ms: float, start_ms: int, timeline: Timeline, turn: list[Piece]
) -> Iterator[NDArray[np.bool_]]:
    """For each piece, which of a turn's frames speak of its voice: those in which nobody else speaks, if they are
    enough, else all; never fewer than two where there are two."""
    times = start_ms + frame_ms * (np.arange(count) + 0.5)
    where = np.minimum((times / timeline.frame_ms).astype(int), len(timeline.voices) - 1)
    alone = timeline.voices[where] == 1
    for piece in turn:
        inside = (where >= piece.start) & (where < piece.end)
        chosen = inside & alone if piece.clean * timeline.frame_ms >= LEAST_CLEAN_MS else inside
        if chosen.sum() < 2:
            chosen = inside if inside.sum() >= 2 else np.ones_like(inside)
        yield chosen


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
