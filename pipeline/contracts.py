"""What a stage may ask of an engine. Engines are strangers: they get paths and records, they return finished records.

An engine must not return lazy generators, must not keep the waveform in memory between calls, must not use the
network, and raises EngineError (or a more exact KaigirokuError), never a library's own exception. open() loads weights;
close() may be called twice. progress is called with a fraction 0..1, in order, from the calling thread; a
KeyboardInterrupt raised in it must pass through.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from pydantic import Field

from pipeline.records.base import Record, Span
from pipeline.records.recording import Recording
from pipeline.records.speakers import Diarization
from pipeline.records.speech import Speech
from pipeline.records.words import Word

Progress = Callable[[float], None]
SAMPLE_RATE_HZ = 16_000
"""Of every waveform file: mono, 16-bit little-endian PCM in a WAV container."""


class Fingerprint(Record):
    """What made an artifact: part of its key."""

    name: str
    version: str
    weights_sha256: str = ""
    settings: str = ""


class Excerpt(Span):
    """A stretch to listen to, from the first to the last of it; skipped: pauses inside that are left out, so that the
    recogniser hears what is before and behind them one after the other."""

    skipped: tuple[Span, ...] = ()

    @property
    def kept(self) -> tuple[Span, ...]:
        """What is listened to, in order."""
        starts = [self.start_ms, *(pause.end_ms for pause in self.skipped)]
        ends = [*(pause.start_ms for pause in self.skipped), self.end_ms]
        return tuple(Span(start_ms=start, end_ms=end) for start, end in zip(starts, ends, strict=True))

    @property
    def heard_ms(self) -> int:
        """Length of what is listened to."""
        return self.duration_ms - sum(pause.duration_ms for pause in self.skipped)

    def at(self, heard_ms: int, *, end: bool = False) -> int:
        """The recording's time of a time in what is heard; at a pause that was left out, the end of what is before it
        for end, else the start of what is behind it."""
        passed = 0
        for piece in self.kept:
            passed += piece.duration_ms
            if heard_ms < passed or (end and heard_ms == passed):
                return piece.end_ms - (passed - heard_ms)
        return self.end_ms

    def part(self, start_ms: int, end_ms: int) -> "Excerpt":
        """What of it lies between two times of the recording."""
        inside = tuple(pause for pause in self.skipped if start_ms < pause.start_ms and pause.end_ms < end_ms)
        return Excerpt(start_ms=start_ms, end_ms=end_ms, skipped=inside)


class DecodeSettings(Record):
    """How to decode a set of windows."""

    language: str = "ja"
    beam_size: int = Field(default=5, ge=1)
    temperature: float = Field(default=0.0, ge=0.0)
    prompt: str | None = None
    no_repeat_ngram_size: int = Field(default=0, ge=0)
    """Longest run of tokens that may not come twice; 0 allows everything. For windows that ran in a loop."""


class Hypothesis(Record):
    """What one window was heard as. Word times are on the recording's time base."""

    window: Excerpt
    words: tuple[Word, ...]
    average_log_probability: float
    no_speech_probability: float
    compression_ratio: float


class Engine(Protocol):
    """Common to all engines."""

    def fingerprint(self) -> Fingerprint: ...

    def open(self) -> None: ...

    def close(self) -> None: ...


class Decoder(Engine, Protocol):
    """Reads recordings of any format."""

    def decode(self, sources: Sequence[Path], waveform: Path, progress: Progress) -> Recording:
        """Join sources in order into one waveform file at the given path (complete or absent, never half)."""
        ...


class Detector(Engine, Protocol):
    """Finds speech."""

    def detect(self, waveform: Path, progress: Progress) -> Speech: ...


class Transcriber(Engine, Protocol):
    """Hears words."""

    @property
    def group(self) -> int:
        """Windows are decoded in groups of so many, in order: a list parted at a multiple of it gives the same."""
        ...

    def decode(
        self, waveform: Path, windows: Sequence[Excerpt], settings: DecodeSettings, progress: Progress
    ) -> tuple[Hypothesis, ...]:
        """One hypothesis per window (each at most 30 s of what is heard), in the order given."""
        ...


class SpeakerHints(Record):
    """What is known of the number of speakers. expected is a soft prior; the bounds are hard and come from the
    operator (--speakers)."""

    at_least: int | None = None
    at_most: int | None = None
    expected: int | None = None


class Diarizer(Engine, Protocol):
    """Tells voices apart."""

    def diarize(self, waveform: Path, speech: Speech, hints: SpeakerHints, progress: Progress) -> Diarization: ...
