"""A decoder that is open, for all tests of decoding."""

from collections.abc import Callable
from pathlib import Path

import pytest
from decoder_cases import Decode, nothing

from pipeline.engines.decoder import FfmpegDecoder
from pipeline.records.recording import Recording


@pytest.fixture
def decode(tmp_path: Path) -> Decode:
    out = tmp_path / "out"
    out.mkdir()
    decoder = FfmpegDecoder()
    decoder.open()

    def run(*sources: Path, progress: Callable[[float], None] = nothing) -> tuple[Recording, Path]:
        target = out / "waveform.wav"
        return decoder.decode(sources, target, progress), target

    return run
