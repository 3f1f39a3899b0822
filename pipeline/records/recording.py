"""What was recorded: the files as they came in, and the one waveform made of them."""

from pipeline.records.base import Milliseconds, Record


class RecordingPart(Record):
    """One file of the recording, in order. start_ms is where it begins on the joined time base."""

    name: str
    sha256: str
    start_ms: Milliseconds
    duration_ms: Milliseconds
    sample_rate_hz: int
    channels: int
    codec: str


class Recording(Record):
    """The joined recording. The waveform itself is a 16 kHz mono 16-bit WAV file beside this record."""

    parts: tuple[RecordingPart, ...]
    duration_ms: Milliseconds
    waveform_sha256: str
    peak_dbfs: float | None
    """Loudest sample relative to full scale; None for digital silence."""
    warnings: tuple[str, ...] = ()
