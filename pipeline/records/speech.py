"""Where somebody speaks."""

from pipeline.records.base import Record, Span


class Speech(Record):
    """Speech spans in order, not overlapping, on the recording's time base."""

    spans: tuple[Span, ...]

    @property
    def duration_ms(self) -> int:
        return sum(span.duration_ms for span in self.spans)
