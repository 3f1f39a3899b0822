"""What a recording is like, in numbers: level, noise, clipping, pauses, bandwidth, and how the room rings."""

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluate.recording.sound import BIN_HZ, FRAME_MS, Sound
from pipeline.records.base import Record

_MOST_SNR_DB = 60.0
_LEAST_PAUSE = 25
"""Frames: with fewer, the noise is taken from the quietest frames of speech."""
_BAND_HZ = 250
_VOICE_HZ = (300, 3000)
_OVER_PAUSE_DB, _UNDER_VOICE_DB = 6.0, 55.0
_DROPS_DB, _SKIP_DB = (25.0, 15.0), 5.0
_ABOVE_NOISE_DB = 5.0
_EARLY = 3
"""Frames."""
_LONGEST_DECAY = 40
"""Frames (0.8 s) within which a fall must be complete."""
_BUMP_DB = 1.5
_LEAST_FALLS = 8
_FASTEST = 20
"""Per cent of the falls."""


class Falls(Record):
    """How sound falls behind syllables. decay_s: time for 60 dB; early_db: how far it has fallen after 60 ms."""

    decay_s: float
    early_db: float


class Acoustics(Record):
    """Levels in dB full scale; None where there is no speech or too little to tell. bandwidth_hz: up to where speech
    stands out of the pauses."""

    duration_ms: int
    speech_share: float
    idle_head_ms: int
    idle_tail_ms: int
    peak_dbfs: float | None
    clipped_share: float
    """Of the frames with speech."""
    speech_dbfs: float | None
    noise_dbfs: float | None
    snr_db: float | None
    bandwidth_hz: int | None
    falls: Falls | None


def acoustics(sound: Sound) -> Acoustics:
    """All of them from one pass over the waveform."""
    spoken = np.flatnonzero(sound.speech)
    found = Acoustics(
        duration_ms=sound.duration_ms,
        speech_share=float(sound.speech.mean()) if len(sound.speech) else 0.0,
        idle_head_ms=int(spoken[0]) * FRAME_MS if len(spoken) else sound.duration_ms,
        idle_tail_ms=sound.duration_ms - (int(spoken[-1]) + 1) * FRAME_MS if len(spoken) else sound.duration_ms,
        peak_dbfs=round(20 * float(np.log10(sound.peak)), 1) if sound.peak > 0 else None,
        clipped_share=float(sound.clipped[sound.speech].mean()) if len(spoken) else 0.0,
        speech_dbfs=None,
        noise_dbfs=None,
        snr_db=None,
        bandwidth_hz=None,
        falls=None,
    )
    if not len(spoken):
        return found
    speech_power, noise_power = _powers(sound)
    clean = max(speech_power - noise_power, noise_power * 10 ** (-_MOST_SNR_DB / 10))
    return found.model_copy(
        update={
            "speech_dbfs": round(_db(speech_power), 1),
            "noise_dbfs": round(_db(noise_power), 1),
            "snr_db": round(min(_MOST_SNR_DB, _db(clean / noise_power)), 1),
            "bandwidth_hz": _bandwidth_hz(sound),
            "falls": falls(sound.level_db),
        }
    )


def _powers(sound: Sound) -> tuple[float, float]:
    """Mean power of speech, and median power between it."""
    speech = 10 ** (sound.level_db[sound.speech].astype(float) / 10)
    pauses = 10 ** (sound.level_db[~sound.speech].astype(float) / 10)
    noise = np.median(pauses) if len(pauses) >= _LEAST_PAUSE else np.percentile(speech, 5)
    return float(speech.mean()), max(float(noise), 1e-12)


def _bandwidth_hz(sound: Sound) -> int | None:
    """Upper edge of the highest 250 Hz band in which speech stands out of the pauses and is not far below the voice."""
    size = round(_BAND_HZ / BIN_HZ)
    bands = len(sound.spectrum) // size
    speech, pause = (
        10 * np.log10(kind[: bands * size].reshape(bands, size).mean(axis=1) + 1e-15)
        for kind in (sound.spectrum, sound.pause_spectrum)
    )
    voice = speech[_VOICE_HZ[0] // _BAND_HZ : _VOICE_HZ[1] // _BAND_HZ].max()
    heard = np.flatnonzero((speech > pause + _OVER_PAUSE_DB) & (speech > voice - _UNDER_VOICE_DB))
    return int((heard[-1] + 1) * _BAND_HZ) if len(heard) else None


def falls(level_db: NDArray[np.float32]) -> Falls | None:
    """The fastest fifth of the falls from 5 to 25 dB (in noise: 15 dB) below a syllable's peak: voices fall at many
    speeds, but never faster than the room lets them. None where noise hides the falls.

    decay_s after Wen, Habets and Naylor, Blind estimation of reverberation time based on the distribution of signal
    decay rates (ICASSP 2008), with a quantile in place of their variance. early_db is ours: the direct sound ends at
    once, the room's goes on, so a small early fall tells of a distant microphone."""
    level = level_db.astype(float)
    if len(level) < 2 * _LONGEST_DECAY:
        return None
    floor = np.percentile(level, 10)
    middle = level[1:-1]
    for drop in _DROPS_DB:
        high = (middle >= level[:-2]) & (middle >= level[2:]) & (middle > floor + drop + _ABOVE_NOISE_DB)
        found = [fall for peak in np.flatnonzero(high) + 1 if (fall := _fall(level, int(peak), drop)) is not None]
        if len(found) >= _LEAST_FALLS:
            decays, early = np.array(found).T
            return Falls(
                decay_s=round(float(np.percentile(decays, _FASTEST)), 3),
                early_db=round(float(np.percentile(early, 100 - _FASTEST)), 1),
            )
    return None


def _fall(level: NDArray[np.float64], peak: int, drop: float) -> tuple[float, float] | None:
    """(time for 60 dB at the slope of one fall, fall after 60 ms); None when it rises again before it is complete."""
    top = level[peak]
    start = None
    for place in range(peak + 1, min(len(level), peak + _LONGEST_DECAY)):
        if level[place] > level[place - 1] + _BUMP_DB:
            return None
        if start is None and level[place] <= top - _SKIP_DB:
            start = place - 1
        if start is not None and level[place] <= top - drop:
            slope = (level[place] - level[start]) / ((place - start) * FRAME_MS / 1000)
            return -60 / slope, float(top - level[min(place, peak + _EARLY)])
    return None


def _db(power: float) -> float:
    return float(10 * np.log10(power))
