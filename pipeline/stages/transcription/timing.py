"""Fitting words to detected speech: stretched words are clipped, near misses are moved, text over silence is taken out.

Whisper's word times come from attention and are off by up to a few tenths of a second, most at pauses."""

from bisect import bisect_left
from collections.abc import Sequence

from pipeline.records.base import Span
from pipeline.records.words import DroppedText, Word

_STRAY_CHARACTERS = 4
"""Stray text up to this long next to a spoken word is a misplaced ending rather than an invention."""
_FILLS_MS, _FILLS_MS_A_SIGN = 300, 350
"""Longest time a word of slow speech fills."""
_STRETCHED_MS = 1_000
"""A word longer than that by this much has been stretched over speech that was skipped."""
OVER_SILENCE = "発話のない区間の文字"


def fit(words: Sequence[Word], speech: Sequence[Span], tolerance_ms: int) -> tuple[list[Word], list[DroppedText]]:
    """Each word exactly once: in the first list, inside a span of speech, or as part of a dropped text.

    Starts never go back. A word over several spans keeps to the one it shares most time with; one beside speech by at
    most the tolerance is moved to its edge."""
    kept: list[Word] = []
    dropped: list[DroppedText] = []
    last: Word | None = None
    for stray, run in _runs(words, speech, tolerance_ms):
        if stray and not (last is not None and _misplaced(run, last, tolerance_ms)):
            dropped.append(dropped_text(run, OVER_SILENCE))
            continue
        for word in run:
            kept.append(_placed(word, speech, kept[-1].start_ms if kept else 0))
        last = run[-1]
    return kept, dropped


def filled(word: Word) -> Span:
    """What of its time a word can fill."""
    longest = _FILLS_MS + _FILLS_MS_A_SIGN * len(word.raw)
    return Span(start_ms=word.start_ms, end_ms=min(word.end_ms, word.start_ms + longest))


def stretched(word: Word) -> bool:
    """Whether a word claims far more time than it can fill: it stands somewhere in there, and other words too."""
    return word.end_ms - filled(word).end_ms >= _STRETCHED_MS


def _runs(words: Sequence[Word], speech: Sequence[Span], tolerance_ms: int) -> list[tuple[bool, list[Word]]]:
    runs: list[tuple[bool, list[Word]]] = []
    for word in words:
        span = _nearest(word.span, speech)
        stray = span is None or _distance(word.span, span) > tolerance_ms
        continues = bool(runs) and runs[-1][0] == stray
        if continues and not (stray and word.start_ms - runs[-1][1][-1].end_ms > tolerance_ms):
            runs[-1][1].append(word)
        else:
            runs.append((stray, [word]))
    return runs


def _misplaced(run: Sequence[Word], before: Word, tolerance_ms: int) -> bool:
    """before: the spoken word before the run, with the times the recogniser gave it."""
    short = sum(len(word.raw) for word in run) <= _STRAY_CHARACTERS
    return short and run[0].start_ms - before.end_ms <= tolerance_ms


def dropped_text(words: Sequence[Word], reason: str) -> DroppedText:
    span = Span(start_ms=words[0].start_ms, end_ms=max(word.end_ms for word in words))
    return DroppedText(span=span, text="".join(word.raw for word in words), reason=reason)


def _placed(word: Word, speech: Sequence[Span], earliest_ms: int) -> Word:
    span = _nearest(word.span, speech)
    if span is None:
        raise ValueError("a word was kept although nobody speaks")
    start = min(max(word.start_ms, span.start_ms), span.end_ms)
    end = min(max(word.end_ms, span.start_ms), span.end_ms)
    start = max(start, earliest_ms)
    return word.model_copy(update={"start_ms": start, "end_ms": max(start, end)})


def _nearest(span: Span, speech: Sequence[Span]) -> Span | None:
    """The speech span sharing most time, else the one least far away (the earlier of two)."""
    if not speech:
        return None
    first = bisect_left(speech, span.start_ms, key=lambda s: s.end_ms)
    near = speech[max(0, first - 1) : first + 1]
    touching = []
    for candidate in speech[first:]:
        if candidate.start_ms >= span.end_ms:
            break
        touching.append(candidate)
    if touching:
        return max(touching, key=lambda s: s.overlap_ms(span))
    return min([*near, *speech[first : first + 2]], key=lambda s: _distance(span, s))


def _distance(a: Span, b: Span) -> int:
    return max(0, b.start_ms - a.end_ms, a.start_ms - b.end_ms)
