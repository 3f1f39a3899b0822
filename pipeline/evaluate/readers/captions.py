"""Captions, SRT or WebVTT: what most products export. A speaker in <v …> or as 役職:発言 is understood."""

import html
import re
from pathlib import Path

import pysubs2

from pipeline.documents.lines import LineReader
from pipeline.errors import TranscriptFileError
from pipeline.evaluate.transcription import Transcription, Utterance

_VOICE = re.compile(r"^<v(?:\.[^\s>]+)?\s+([^>]+)>")
_TAG = re.compile(r"</?(?:v|c|b|i|u|s|ruby|rt|lang|font)(?:[.\s][^>]*)?>", re.IGNORECASE)


def read_captions(text: str, path: Path) -> Transcription:
    """One utterance per caption. Raises TranscriptFileError when there is none."""
    try:
        found = pysubs2.SSAFile.from_string(text, format_=path.suffix[1:].lower(), keep_html_tags=True)
    except (pysubs2.exceptions.Pysubs2Error, ValueError) as error:
        raise TranscriptFileError(
            f"{path}: captions cannot be read ({error}).", "Export it again.", file=path
        ) from None
    cues = [(cue.start, cue.end, cue.text.replace(r"\N", "")) for cue in found if cue.text.strip()]
    if not cues:
        raise TranscriptFileError(f"{path}: there are no captions in it.", "Export it again.", file=path)
    reader = LineReader([cue for _, _, cue in cues])
    utterances = tuple(_utterance(start, end, cue, reader) for start, end, cue in cues)
    return Transcription(name=path.name, source="captions", utterances=utterances)


def _utterance(start: int, end: int, cue: str, reader: LineReader) -> Utterance:
    voice = _VOICE.match(cue)
    said = html.unescape(_TAG.sub("", cue))
    line = reader.read(said)
    role = voice.group(1).strip() if voice else None
    if line is not None and line.kind == "speech":
        role, said = role or line.role, line.text
    return Utterance(text=said, role=role, start_ms=max(0, start), end_ms=max(0, start, end))
