"""Ingest: a recording that is still being written while it is read is told, not drafted."""

from pathlib import Path

import pytest

from pipeline.errors import AudioUnreadableError
from pipeline.records.recording import Recording
from pipeline.stages.ingest import ingest
from pipeline.store.recordings import file_digest

RECORDING = Recording(parts=(), duration_ms=1000, waveform_sha256="0" * 64, peak_dbfs=None)


class Decoder:
    """Reads a recording while something happens to it."""

    def __init__(self, meanwhile) -> None:
        self.meanwhile = meanwhile

    def decode(self, sources, waveform, progress) -> Recording:
        self.meanwhile(sources[0])
        return RECORDING


def test_a_recording_that_grows_while_it_is_read_is_told(tmp_path: Path):
    source = tmp_path / "meeting.m4a"
    source.write_bytes(b"half")
    known = ((source, file_digest(source)),)
    assert ingest(Decoder(lambda _: None), known, tmp_path / "w.wav", lambda _: None) == RECORDING
    with pytest.raises(AudioUnreadableError, match=r"meeting\.m4a: has changed") as told:
        ingest(Decoder(lambda path: path.write_bytes(b"half and more")), known, tmp_path / "w.wav", lambda _: None)
    assert told.value.exit_code == 12 and "copied" in told.value.remedy
