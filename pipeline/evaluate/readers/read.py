"""A transcript, minutes or speaker file of any known format, recognised by its name and, where that is not enough, its
content."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.errors import LexiconFileError, TranscriptFileError
from pipeline.evaluate.readers.captions import read_captions
from pipeline.evaluate.readers.minutes import minutes_of, read_minutes_json
from pipeline.evaluate.readers.nist import read_ctm, read_rttm, read_stm
from pipeline.evaluate.readers.plain import read_plain
from pipeline.evaluate.readers.seglst import read_seglst
from pipeline.evaluate.readers.word import read_word_minutes
from pipeline.evaluate.transcription import Transcription
from pipeline.lexicon.encodings import read_text

__all__ = ["FORMATS", "minutes_of", "read"]

Reader = Callable[[str, Path], Transcription]

_BY_TEXT: Mapping[str, Reader] = {
    ".stm": read_stm,
    ".ctm": read_ctm,
    ".rttm": read_rttm,
    ".srt": read_captions,
    ".vtt": read_captions,
    ".txt": read_plain,
    ".md": read_plain,
}
FORMATS = (".docx", ".json", *_BY_TEXT)
"""Suffixes that can be read."""


def read(path: Path) -> Transcription:
    """Read a file, or the minutes.json of a draft's folder. Raises TranscriptFileError: file, cause, what to do."""
    if path.is_dir():
        return _draft(path)
    if not path.is_file():
        raise TranscriptFileError(f"{path}: there is no such file.", "Check the path.", file=path)
    suffix = path.suffix.lower()
    if suffix == ".docx":
        return read_word_minutes(path)
    if suffix == ".json":
        text = _text(path)
        return read_seglst(text, path) if text.lstrip().startswith("[") else read_minutes_json(path)
    reader = _BY_TEXT.get(suffix)
    if reader is None:
        raise TranscriptFileError(
            f"{path}: transcripts of the kind {suffix or '(no suffix)'} cannot be read.",
            f"Save it as one of {', '.join(FORMATS)}.",
            file=path,
        )
    return reader(_text(path), path)


def _draft(folder: Path) -> Transcription:
    found = folder / "minutes.json"
    if not found.is_file():
        raise TranscriptFileError(f"{folder}: no draft lies there (no minutes.json).", "Name a file.", file=folder)
    return read_minutes_json(found).model_copy(update={"name": folder.name})


def _text(path: Path) -> str:
    try:
        return read_text(path)
    except LexiconFileError as error:
        raise TranscriptFileError(error.cause, error.remedy, file=path) from None
