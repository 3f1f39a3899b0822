"""What recognition rate a recording's sound lets one expect, learned from degraded speech (benchmarks/expectation.py).

For the bundled model and speech that is read or prepared. The band is wide on purpose: voices differ more than rooms.
"""

import numpy as np

from pipeline.evaluate.recording.acoustics import Acoustics
from pipeline.records.base import Record

MODEL = "whisper-base"
_GOOD = (73.0, 96.0)
"""Per cent, of clean recordings: real readers without any context at the lower end, clear synthetic speech with the
meeting's terms at the upper."""
_SNR_DB = (0, 5, 10, 15, 20, 25, 30, 40)
_NOISE_COST = (52, 31, 17.5, 10.5, 5.5, 3, 2, 1)
_EARLY_DB = (6.0, 6.5, 7.0, 7.5, 8.0, 9.0, 10.0, 11.0, 12.5, 15.0)
_ROOM_COST = (40, 36, 31, 26, 20, 14, 10, 6, 4, 2.5)
_CLIPPED = (0.0, 0.05, 0.35, 0.6, 0.75)
_CLIPPING_COST = (0, 1, 5, 14, 26)
"""Points lost by the lower end; from measurements of real voices, between them straight lines."""
_UPPER_SHARE = 0.2
"""Of the loss that clear voices have too."""


class Expectation(Record):
    """Between which recognition rates (per cent, profile standard-1) this recording should come out with the model."""

    low: float
    high: float
    model: str = MODEL


def expectation(found: Acoustics) -> Expectation | None:
    """None where nobody speaks. Noise, room and clipping add up; where noise hides the room, it counts as unknown:
    the band then reaches down to a far microphone."""
    if found.snr_db is None:
        return None
    loss = float(np.interp(found.snr_db, _SNR_DB, _NOISE_COST))
    loss += float(np.interp(found.clipped_share, _CLIPPED, _CLIPPING_COST))
    room = float(np.interp(found.falls.early_db, _EARLY_DB, _ROOM_COST)) if found.falls else None
    low = _GOOD[0] - loss - (_ROOM_COST[3] if room is None else room)
    high = _GOOD[1] - _UPPER_SHARE * (loss + (room or 0.0))
    return Expectation(low=round(max(0.0, low), 1), high=round(high, 1))
