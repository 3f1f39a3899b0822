"""How loud and how clear each utterance was recorded, in bands that a report can compare."""

import numpy as np

from pipeline.evaluate.alignment.alignment import Alignment
from pipeline.evaluate.recording.sound import Sound

_AROUND_MS = 15_000
"""Noise is taken from the quietest frames this far to both sides."""
_QUIETEST = 10
_LEVELS = ((-25.0, "大きい（-25dBFS以上）"), (-35.0, "普通（-35〜-25dBFS）"), (-200.0, "小さい（-35dBFS未満）"))
_RATIOS = ((25.0, "良い（25dB以上）"), (15.0, "普通（15〜25dB）"), (-200.0, "悪い（15dB未満）"))
Names = list[str | None]


def bands(sound: Sound, alignment: Alignment) -> dict[str, Names]:
    """Level and signal-to-noise band of each reference utterance; None where its time is not known."""
    spans = [_span(alignment, number) for number in range(len(alignment.reference.utterances))]
    measured = [_measured(sound, *span) if span else None for span in spans]
    return {
        "level": [_band(found[0], _LEVELS) if found else None for found in measured],
        "snr": [_band(found[1], _RATIOS) if found else None for found in measured],
    }


def _span(alignment: Alignment, utterance: int) -> tuple[int, int] | None:
    told = alignment.reference.utterances[utterance]
    places = alignment.reference.span(utterance)
    if told.start_ms is not None and told.end_ms is not None:
        return told.start_ms, told.end_ms
    if not len(places):
        return None
    start, end = alignment.moment_ms(places.start), alignment.moment_ms(places.stop - 1)
    return (start, end) if start is not None and end is not None else None


def _measured(sound: Sound, start_ms: int, end_ms: int) -> tuple[float, float] | None:
    """(level in dB full scale, dB above the noise around); None where the recording is shorter."""
    power = 10 ** (sound.level_db[sound.frames(start_ms, end_ms)].astype(float) / 10)
    around = sound.level_db[sound.frames(max(0, start_ms - _AROUND_MS), end_ms + _AROUND_MS)]
    if not len(power) or not len(around):
        return None
    level = float(10 * np.log10(power.mean()))
    return level, level - float(np.percentile(around, _QUIETEST))


def _band(value: float, limits: tuple[tuple[float, str], ...]) -> str:
    return next(name for least, name in limits if value >= least)
