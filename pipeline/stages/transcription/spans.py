"""Arithmetic of time spans: sorted, half-open, milliseconds."""

from collections.abc import Iterable, Sequence

from pipeline.records.base import Span


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sorted and merged; spans that touch become one."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start_ms, s.end_ms)):
        if merged and span.start_ms <= merged[-1].end_ms:
            last = merged.pop()
            span = Span(start_ms=last.start_ms, end_ms=max(last.end_ms, span.end_ms))
        merged.append(span)
    return tuple(merged)


def minus(spans: Sequence[Span], holes: Sequence[Span]) -> tuple[Span, ...]:
    """What of the (disjoint, sorted) spans lies in none of the holes."""
    left: list[Span] = []
    holes = union(holes)
    first = 0
    for span in spans:
        while first < len(holes) and holes[first].end_ms <= span.start_ms:
            first += 1
        start = span.start_ms
        for hole in holes[first:]:
            if hole.start_ms >= span.end_ms:
                break
            if hole.start_ms > start:
                left.append(Span(start_ms=start, end_ms=hole.start_ms))
            start = max(start, hole.end_ms)
        if start < span.end_ms:
            left.append(Span(start_ms=start, end_ms=span.end_ms))
    return tuple(left)


def within(spans: Sequence[Span], frame: Span) -> tuple[Span, ...]:
    """The parts of the spans that lie inside the frame."""
    return tuple(
        Span(start_ms=max(span.start_ms, frame.start_ms), end_ms=min(span.end_ms, frame.end_ms))
        for span in spans
        if span.overlap_ms(frame) > 0
    )


def widened(span: Span, by_ms: int) -> Span:
    return Span(start_ms=max(0, span.start_ms - by_ms), end_ms=span.end_ms + by_ms)


def total_ms(spans: Iterable[Span]) -> int:
    return sum(span.duration_ms for span in spans)
