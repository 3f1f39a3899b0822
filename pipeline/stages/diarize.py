"""Tells the voices of a meeting apart, with what the operator and the roster say about how many there are."""

from pathlib import Path

from pipeline.contracts import Diarizer, Progress, SpeakerHints
from pipeline.records.meeting import Meeting
from pipeline.records.speakers import Diarization
from pipeline.records.speech import Speech

VERSION = 1


def hints(meeting: Meeting, speakers: tuple[int, int] | None) -> SpeakerHints:
    """speakers is what the operator asked for (at least, at most) and wins; then meeting.toml's own expectation. The
    roster is only a prior: people on it may be absent or silent, and each of its roles may be held by several."""
    bounds = speakers or meeting.speakers_expected
    listed = sum(len(role.members) for role in meeting.roster)
    return SpeakerHints(
        at_least=bounds[0] if bounds else None,
        at_most=bounds[1] if bounds else None,
        expected=listed or None,
    )


def diarize(diarizer: Diarizer, waveform: Path, speech: Speech, hints: SpeakerHints, progress: Progress) -> Diarization:
    """Without speech there are no speakers, and the engine is not asked."""
    if not speech.spans:
        progress(1.0)
        return Diarization(segments=(), exclusive=())
    return diarizer.diarize(waveform, speech, hints, progress)
