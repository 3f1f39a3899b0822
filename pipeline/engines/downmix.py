"""Many microphones to one signal without losing any: a plain mean cancels channels of opposite polarity and buries the
one live microphone among silent ones.

Two passes. The first measures, per channel, the noise floor and the polarity against the others. The second shares a
total gain of one among the channels by how far each is above its own floor (gain-sharing automatic mixing: D. Dugan,
"Automatic Microphone Mixing", J. Audio Eng. Soc. 23(6), 1975). Identical channels get the plain mean, a lone talker his
own microphone; gains move continuously.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.contracts import SAMPLE_RATE_HZ

Pcm = NDArray[np.int16]
"""Shape (channels, samples), or (samples,) once mixed."""
Samples = NDArray[np.float32]
Floats = NDArray[np.float64]
FRAME_SAMPLES = SAMPLE_RATE_HZ // 50
"""20 ms: the step in which levels are measured."""
_RELEASE = math.exp(-1 / 10)
"""Per frame: a microphone keeps its gain over the pauses between words (200 ms)."""
_FLOOR_QUANTILE = 0.1
_FLOOR_MARGIN = 2.0
"""Times its floor a channel must be to count as in use: noise fluctuates around its own mean."""
_STEADY_SHARE = 1e-3
"""Part of its level a channel always counts with, so that sound without any pause is not nothing."""
_RAMP = np.arange(1, FRAME_SAMPLES + 1) / FRAME_SAMPLES
_BINS = np.arange(-100.0, 1.0)
"""dB full scale, histogram edges of frame levels."""


@dataclass(frozen=True)
class MixPlan:
    """Per channel: polarity (+1 or -1) and noise floor (power, full scale is 1)."""

    polarity: Floats
    floor: Floats


class ChannelStatistics:
    """First pass: constant memory whatever the length."""

    def __init__(self, channels: int) -> None:
        self._histogram = np.zeros((channels, len(_BINS) + 1), dtype=np.int64)
        self._covariance = np.zeros((channels, channels))

    def add(self, block: Pcm) -> None:
        framed = _framed(block)
        # The difference of neighbours: otherwise hum and offset, not voices, would decide the polarity.
        edges = np.diff(framed.reshape(len(block), -1), axis=1)
        self._covariance += edges @ edges.T
        levels = 10 * np.log10(_powers(framed) + 1e-12)
        for channel, bins in enumerate(np.digitize(levels, _BINS)):
            self._histogram[channel] += np.bincount(bins, minlength=len(_BINS) + 1)

    def plan(self) -> MixPlan:
        return MixPlan(self._polarity(), self._floor())

    def _floor(self) -> Floats:
        """Upper edge of the bin that holds the quantile; nothing for digital silence."""
        counts = np.cumsum(self._histogram, axis=1)
        bins = np.argmax(counts >= _FLOOR_QUANTILE * counts[:, -1:], axis=1)
        powers: Floats = np.where(bins > 0, 10 ** (_BINS[np.minimum(bins, len(_BINS) - 1)] / 10), 0.0)
        return powers

    def _polarity(self) -> Floats:
        """From the loudest channel on, each is turned so that it adds to the sum of those before it."""
        polarity = np.zeros(len(self._covariance))
        for channel in np.argsort(-np.diag(self._covariance), kind="stable"):
            polarity[channel] = -1.0 if self._covariance[channel] @ polarity < 0 else 1.0
        return polarity


class Downmix:
    """Second pass: blocks must come in order, each but the last a whole number of frames long."""

    def __init__(self, plan: MixPlan) -> None:
        self._plan = plan
        self._hold = np.zeros_like(plan.floor)
        self._gains: Floats | None = None

    def mix(self, block: Pcm) -> Pcm:
        """Shape (channels, samples) to (samples,)."""
        framed = _framed(block)
        targets = self._targets(_powers(framed))
        first = targets[:, 0] if self._gains is None else self._gains
        before = np.concatenate([first[:, None], targets[:, :-1]], axis=1)
        self._gains = targets[:, -1]
        mixed = np.zeros(framed.shape[1:], dtype=np.float32)
        for samples, start, end, polarity in zip(framed, before, targets, self._plan.polarity, strict=True):
            gains = start[:, None] + (end - start)[:, None] * _RAMP
            mixed += samples * (polarity * gains).astype(np.float32)
        whole = np.clip(np.rint(mixed.reshape(-1) * 32768), -32768, 32767)
        result: Pcm = whole[: block.shape[1]].astype(np.int16)
        return result

    def _targets(self, powers: Floats) -> Floats:
        """The gain of each channel at the end of each frame, shape (channels, frames), columns summing to 1."""
        floor = _FLOOR_MARGIN * self._plan.floor[:, None]
        use = np.maximum(powers - floor, 0) + _STEADY_SHARE * powers + 1e-15
        held = np.empty_like(use)
        for index in range(use.shape[1]):
            self._hold = np.maximum(use[:, index], self._hold * _RELEASE)
            held[:, index] = self._hold
        targets: Floats = held / held.sum(axis=0)
        return targets


def _framed(block: Pcm) -> Samples:
    """Shape (channels, frames, FRAME_SAMPLES), full scale 1; a short last frame is filled up with silence."""
    filled = np.pad(block, ((0, 0), (0, -block.shape[1] % FRAME_SAMPLES)))
    return filled.reshape(len(block), -1, FRAME_SAMPLES).astype(np.float32) / np.float32(32768)


def _powers(framed: Samples) -> Floats:
    """Power of each frame around its mean, shape (channels, frames)."""
    squares = np.einsum("cfs,cfs->cf", framed, framed).astype(np.float64) / FRAME_SAMPLES
    means = framed.mean(axis=2).astype(np.float64)
    powers: Floats = np.maximum(squares - means**2, 0)
    return powers
