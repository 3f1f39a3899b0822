"""Recordings in, one waveform out: the stage that fixes the time base of everything after it."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.contracts import Decoder, Progress
from pipeline.records.recording import Recording

VERSION = 1


def ingest(decoder: Decoder, sources: Sequence[Path], waveform: Path, progress: Progress) -> Recording:
    """Joins sources, consecutive parts of one meeting, into the waveform file. Raises what the decoder raises."""
    return decoder.decode(sources, waveform, progress)
