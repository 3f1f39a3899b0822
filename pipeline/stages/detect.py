"""Where somebody speaks: what the recogniser and the diarizer will listen to."""

from pathlib import Path

from pipeline.contracts import Detector, Progress
from pipeline.records.speech import Speech

VERSION = 1


def detect(detector: Detector, waveform: Path, progress: Progress) -> Speech:
    """Speech spans of the waveform; none at all is a valid answer (a silent recording)."""
    return detector.detect(waveform, progress)
