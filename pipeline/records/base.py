"""The base of every value that flows: frozen, strict, and closed to unknown fields."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Milliseconds = Annotated[int, Field(ge=0)]
"""A time on the one time base: milliseconds from the start of the (joined) original recording."""

Probability = Annotated[float, Field(ge=0.0, le=1.0)]


class Record(BaseModel):
    """A value: compared by content, never changed, refusing anything it does not know."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Span(Record):
    """A half-open stretch of time [start_ms, end_ms)."""

    start_ms: Milliseconds
    end_ms: Milliseconds

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.end_ms < self.start_ms:
            raise ValueError(f"span ends before it starts: {self.start_ms}–{self.end_ms} ms")
        return self

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms

    def overlap_ms(self, other: "Span") -> int:
        """Length of the common part; 0 when they do not meet."""
        return max(0, min(self.end_ms, other.end_ms) - max(self.start_ms, other.start_ms))


def elapsed(milliseconds: int) -> str:
    """A place in the recording: 00:12:31."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
