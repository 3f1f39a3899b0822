"""speakers.rttm: who spoke when, in the format that diarization tools read."""

import re

from pipeline.records.speakers import Diarization


def rttm(diarization: Diarization, name: str) -> str:
    """One SPEAKER line per segment, overlaps included; times in seconds. Format: NIST RT-09 evaluation plan,
    appendix A (fields are separated by blanks, so blanks in name become _)."""
    recording = re.sub(r"\s+", "_", name.strip()) or "recording"
    return "".join(
        f"SPEAKER {recording} 1 {segment.start_ms / 1000:.3f} {segment.duration_ms / 1000:.3f} "
        f"<NA> <NA> {segment.speaker} <NA> <NA>\n"
        for segment in diarization.segments
    )
