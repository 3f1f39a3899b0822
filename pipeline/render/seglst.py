"""transcript.seglst.json: what was said by whom and when, as MeetEval's SegLST with role and confidence added."""

import json
from collections.abc import Iterator

from pipeline.records.minutes import Explanation, Minutes, Speech


def seglst(minutes: Minutes, session: str) -> str:
    """A JSON list with one segment per sentence, in order, explanations included although the form leaves them out.

    Keys: session_id, speaker (anonymous voice), start_time and end_time (seconds of the recording), words (the
    sentence as drafted), role, confidence (of the role, 0–1). Format: https://github.com/fgnt/meeteval.
    """
    segments = [
        {
            "session_id": session,
            "speaker": speech.speaker,
            "start_time": sentence.start_ms / 1000,
            "end_time": sentence.end_ms / 1000,
            "words": sentence.text,
            "role": speech.role,
            "confidence": round(speech.confidence, 4),
        }
        for speech in speeches(minutes)
        for paragraph in speech.paragraphs
        for sentence in paragraph
    ]
    return json.dumps(segments, ensure_ascii=False, indent=1) + "\n"


def speeches(minutes: Minutes) -> Iterator[Speech]:
    """Every speech in order, those of an explanation in its place."""
    for block in minutes.body:
        if isinstance(block, Speech):
            yield block
        elif isinstance(block, Explanation):
            yield from block.speech
