"""Decoding a window that ran in a loop once more in two halves: other context, other path through the decoder."""

from collections.abc import Sequence

from pipeline.contracts import Excerpt, Hypothesis
from pipeline.records.base import Span
from pipeline.stages.transcription.packing import Window, pack
from pipeline.stages.transcription.seams import joined
from pipeline.stages.transcription.settings import TranscribeSettings

_SHORTEST_MS = 5_000


def halves(window: Excerpt, spoken: Sequence[Span], settings: TranscribeSettings) -> tuple[Window, ...]:
    """Windows of about half the length, cut at pauses, that together hold the speech of this one."""
    half = max(_SHORTEST_MS, window.heard_ms * 6 // 10)
    return pack(spoken, settings.model_copy(update={"window_ms": half}))


def merged(window: Excerpt, pieces: Sequence[Window], parts: Sequence[Hypothesis]) -> Hypothesis:
    """One hypothesis from consecutive parts; means weigh the parts by their words, warnings are the worst part's."""
    weight = sum(max(1, len(part.words)) for part in parts)
    return Hypothesis(
        window=window,
        words=tuple(joined(pieces, [part.words for part in parts])),
        average_log_probability=sum(p.average_log_probability * max(1, len(p.words)) for p in parts) / weight,
        no_speech_probability=max(part.no_speech_probability for part in parts),
        compression_ratio=max(part.compression_ratio for part in parts),
    )
