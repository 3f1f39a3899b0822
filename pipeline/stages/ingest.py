"""Recordings in, one waveform out: the stage that fixes the time base of everything after it."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.contracts import Decoder, Progress
from pipeline.errors import AudioUnreadableError
from pipeline.records.recording import Recording
from pipeline.store.recordings import file_digest

VERSION = 1


def ingest(decoder: Decoder, sources: Sequence[tuple[Path, str]], waveform: Path, progress: Progress) -> Recording:
    """Joins sources (path, sha256), consecutive parts of one meeting, into the waveform file. Raises what the decoder
    raises, and AudioUnreadableError where a source was still being written: it is read once more to know."""
    recording = decoder.decode([path for path, _ in sources], waveform, progress)
    for path, digest in sources:
        if file_digest(path) != digest:
            raise AudioUnreadableError(
                f"{path.name}: has changed while it was being read.",
                "Wait until it is completely copied, then run the same command again.",
                file=path,
            )
    return recording
