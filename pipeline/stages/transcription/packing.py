"""Packing detected speech into decoding windows: as few as possible, cut at pauses, never longer than allowed.

Whisper pads every window to 30 s, so full windows are cheap ones, and every cut costs context."""

from collections.abc import Sequence
from itertools import pairwise

from pydantic import Field

from pipeline.contracts import Excerpt
from pipeline.records.base import Record, Span
from pipeline.stages.transcription.settings import TranscribeSettings

_LATE_PART = 0.8
"""A full window ends at the longest pause of its last fifth: longer pauses are better places to cut."""


class Window(Record):
    """A stretch to decode. shared_ms: how much of its beginning the window before it decodes too."""

    span: Excerpt
    shared_ms: int = Field(default=0, ge=0)


def pack(speech: Sequence[Span], settings: TranscribeSettings) -> tuple[Window, ...]:
    """Windows in order that together hold all speech. Two windows share time only where speech longer than a window has
    no pause; a pause is cut in its middle, and no window reaches further into silence than the padding. Of a longer
    pause within a window only its beginning and end are listened to."""
    room = settings.window_ms - 2 * settings.padding_ms
    groups: list[list[Span]] = []
    for stretch in _stretches(speech, settings.pause_ms):
        groups.extend(_groups(_pieces(stretch, room, settings.overlap_ms), room, settings.silence_ms))
    return _padded(groups, settings)


def _stretches(speech: Sequence[Span], pause_ms: int) -> list[list[Span]]:
    stretches: list[list[Span]] = []
    for span in speech:
        if stretches and span.start_ms - stretches[-1][-1].end_ms < pause_ms:
            stretches[-1].append(span)
        else:
            stretches.append([span])
    return stretches


def _pieces(stretch: Sequence[Span], room: int, overlap_ms: int) -> list[Span]:
    """The spans, those without a pause in them cut into equal overlapping pieces if longer than a window."""
    pieces: list[Span] = []
    for span in stretch:
        count = 1 if span.duration_ms <= room else -(-(span.duration_ms - overlap_ms) // (room - overlap_ms))
        step = (span.duration_ms - overlap_ms) / count
        for number in range(count):
            start = span.start_ms if number == 0 else span.start_ms + round(number * step)
            end = span.end_ms if number == count - 1 else span.start_ms + round((number + 1) * step) + overlap_ms
            pieces.append(Span(start_ms=start, end_ms=end))
    return pieces


def _groups(pieces: Sequence[Span], room: int, silence_ms: int) -> list[list[Span]]:
    groups: list[list[Span]] = []
    rest = list(pieces)
    while rest:
        fits = 1
        while fits < len(rest) and _heard(rest[: fits + 1], silence_ms) <= room and _pause(rest, fits) >= 0:
            fits += 1
        if fits < len(rest):
            fits = _best_cut(rest, fits, room, silence_ms)
        groups.append(rest[:fits])
        rest = rest[fits:]
    return groups


def _heard(pieces: Sequence[Span], silence_ms: int) -> int:
    """How long they are with longer pauses shortened."""
    pauses = (_pause(pieces, index) for index in range(1, len(pieces)))
    too_long = sum(max(0, pause - silence_ms) for pause in pauses)
    return pieces[-1].end_ms - pieces[0].start_ms - too_long


def _pause(pieces: Sequence[Span], index: int) -> int:
    """Before pieces[index]; negative where the pieces overlap."""
    return pieces[index].start_ms - pieces[index - 1].end_ms


def _best_cut(rest: Sequence[Span], fits: int, room: int, silence_ms: int) -> int:
    late = [n for n in range(1, fits + 1) if _heard(rest[:n], silence_ms) >= _LATE_PART * room]
    return max(late, key=lambda n: (_pause(rest, n), n)) if late else fits


def _padded(groups: Sequence[Sequence[Span]], settings: TranscribeSettings) -> tuple[Window, ...]:
    windows: list[Window] = []
    for number, group in enumerate(groups):
        start, end = group[0].start_ms, group[-1].end_ms
        shared = 0
        left = right = settings.padding_ms
        if number:
            gap = start - groups[number - 1][-1].end_ms
            left, shared = min(left, max(0, gap // 2)), max(0, -gap)
        if number + 1 < len(groups):
            right = min(right, max(0, (groups[number + 1][0].start_ms - end) // 2))
        heard = Excerpt(start_ms=max(0, start - left), end_ms=end + right, skipped=_skipped(group, settings.silence_ms))
        windows.append(Window(span=heard, shared_ms=shared))
    return tuple(windows)


def _skipped(group: Sequence[Span], silence_ms: int) -> tuple[Span, ...]:
    """The middles of pauses that are longer than that."""
    left = silence_ms // 2
    return tuple(
        Span(start_ms=before.end_ms + left, end_ms=after.start_ms - (silence_ms - left))
        for before, after in pairwise(group)
        if after.start_ms - before.end_ms > silence_ms
    )
