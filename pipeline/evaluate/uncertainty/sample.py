"""Whether a sample is large enough to say anything, and how large it would have to be."""

from pipeline.evaluate.uncertainty.bootstrap import Interval
from pipeline.records.base import Record

LEAST_TURNS = 30
LEAST_CHARACTERS = 1000
"""About three minutes of speech; below, single turns decide the figure."""
_WIDEST = 5.0
_AIM = 1.0
CHARACTERS_PER_MINUTE = 300


class SampleSize(Record):
    """enough: the figure may be quoted. minutes_needed: of speech like this for ±1 point, None when that is reached."""

    turns: int
    characters: int
    enough: bool
    reasons: tuple[str, ...]
    """Japanese, why it is not."""
    minutes_needed: int | None


def sample_size(turns: int, characters: int, interval: Interval | None) -> SampleSize:
    """The rules of thumb are ours: 30 turns and 1,000 characters, and an interval of at most ±5 points. What would be
    needed follows from the spread, which falls with the square root of the length."""
    reasons = []
    if turns < LEAST_TURNS:
        reasons.append(f"発言が{turns}件しかありません（{LEAST_TURNS}件以上が必要です）")
    if characters < LEAST_CHARACTERS:
        reasons.append(f"文字数が{characters:,}字しかありません（{LEAST_CHARACTERS:,}字以上が必要です）")
    if interval is not None and interval.half_width > _WIDEST:
        reasons.append(f"誤差が±{interval.half_width:.1f}ポイントあります（±{_WIDEST:.0f}ポイント以下が必要です）")
    needed = None
    if interval is not None and interval.half_width > _AIM:
        needed = round(characters * (interval.half_width / _AIM) ** 2 / CHARACTERS_PER_MINUTE)
    return SampleSize(
        turns=turns,
        characters=characters,
        enough=not reasons and interval is not None,
        reasons=tuple(reasons),
        minutes_needed=needed,
    )
