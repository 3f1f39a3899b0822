"""Accounting: which speech has no words, and how much of a transcript lies where nobody speaks."""

from bisect import bisect_left
from collections.abc import Sequence

from pipeline.records.base import Record, Span
from pipeline.records.speech import Speech
from pipeline.records.words import Transcript, Word
from pipeline.stages.transcription.spans import minus, total_ms, union, widened


class Figures(Record):
    """Counts of one run that can be added over runs."""

    speech_ms: int
    uncovered_ms: int
    """Detected speech reported as not recognised."""
    characters: int
    characters_over_silence: int
    """Characters of words that share no time with detected speech."""
    dropped_characters: int
    """Characters recognised and removed again."""


def uncovered(speech: Sequence[Span], words: Sequence[Word], tolerance_ms: int, at_least_ms: int) -> tuple[Span, ...]:
    """Speech farther than the tolerance from every word, in stretches of at least the given length."""
    gaps = minus(speech, union(widened(word.span, tolerance_ms) for word in words))
    return tuple(gap for gap in gaps if gap.duration_ms >= at_least_ms)


def neighbours(gaps: Sequence[Span], words: Sequence[Word]) -> list[list[Span]]:
    """Gaps with no word between them belong together: one long stretch was missed, and is heard best as a whole."""
    starts = [word.start_ms for word in words]
    groups: list[list[Span]] = []
    for gap in gaps:
        if groups and bisect_left(starts, groups[-1][-1].end_ms) == bisect_left(starts, gap.start_ms):
            groups[-1].append(gap)
        else:
            groups.append([gap])
    return groups


def figures(transcript: Transcript, speech: Speech) -> Figures:
    """What the summary of every run says. Raw text is counted: corrections must not hide an invention."""
    over = sum(len(word.raw) for word in transcript.words if not _spoken(word.span, speech.spans))
    return Figures(
        speech_ms=speech.duration_ms,
        uncovered_ms=total_ms(transcript.uncovered),
        characters=sum(len(word.raw) for word in transcript.words),
        characters_over_silence=over,
        dropped_characters=sum(len(dropped.text) for dropped in transcript.dropped),
    )


def _spoken(span: Span, speech: Sequence[Span]) -> bool:
    return any(s.start_ms <= span.end_ms and span.start_ms <= s.end_ms for s in speech)
