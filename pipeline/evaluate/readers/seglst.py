"""SegLST, the JSON list of MeetEval (https://github.com/fgnt/meeteval), with the keys we add to it."""

import json
from pathlib import Path
from typing import Any

from pipeline.errors import TranscriptFileError
from pipeline.evaluate.transcription import Transcription, Utterance

_EXPLAINED = "explained"


def read_seglst(text: str, path: Path) -> Transcription:
    """Keys: words, speaker, start_time and end_time (seconds); ours: role, verbatim (with hesitations), in_minutes
    (explained: the minutes only mention it). Raises TranscriptFileError naming the segment and key."""
    try:
        segments = json.loads(text)
    except ValueError as error:
        raise TranscriptFileError(f"{path}: is not JSON ({error}).", "Export it again.", file=path) from None
    if not isinstance(segments, list):
        raise TranscriptFileError(f"{path}: is not a list of segments.", "SegLST is a JSON list.", file=path)
    utterances = tuple(_utterance(segment, number, path) for number, segment in enumerate(segments, 1))
    sessions = {segment.get("session_id") for segment in segments}
    notes = (f"{len(sessions)}件の会議（session_id）をつなげて1件として数えました。",) if len(sessions) > 1 else ()
    return Transcription(name=path.name, source="transcript", utterances=utterances, notes=notes)


def _utterance(segment: Any, number: int, path: Path) -> Utterance:
    try:
        start, end = segment.get("start_time"), segment.get("end_time")
        return Utterance(
            text=segment["words"],
            verbatim=segment.get("verbatim"),
            role=segment.get("role"),
            speaker=None if segment.get("speaker") is None else str(segment["speaker"]),
            start_ms=None if start is None else round(float(start) * 1000),
            end_ms=None if end is None else round(float(end) * 1000),
            item=segment.get("item"),
            printed=segment.get("in_minutes") != _EXPLAINED,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise TranscriptFileError(
            f"{path}: segment {number} is not a SegLST segment ({type(error).__name__}: {_short(error)}).",
            "Each segment is an object with words, speaker, start_time and end_time.",
            file=path,
        ) from None


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120]
