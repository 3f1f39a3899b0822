"""What a draft is asked to be, and how it ended when it failed: values between people, queue and workers."""

from pathlib import Path
from typing import Literal

from pipeline.errors import KaigirokuError
from pipeline.records.base import Record

DEFAULT_MODEL = "whisper-base"
DEFAULT_FORMATS = ("docx", "html", "txt", "json", "seglst", "vtt")
"""What lies in the folder when nobody asks for less."""


class EngineChoice(Record):
    """What the operator chose. replay: a folder of recorded results instead of the three models."""

    model: str = DEFAULT_MODEL
    diarization: Path | None = None
    """A folder holding a complete pyannote pipeline; None: the bundled segmentation and embedding."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    replay: Path | None = None


class DraftOptions(Record):
    """How to make a draft. Defaults of the stages are measured (docs/evaluation.md), not options."""

    engines: EngineChoice = EngineChoice()
    speakers: tuple[int, int] | None = None
    formats: tuple[str, ...] = DEFAULT_FORMATS
    handouts: tuple[Path, ...] = ()
    dictionary: Path | None = None
    official_spelling: bool = False
    """Write words as 公用文 does (できる, とき, 取組)."""
    template: str | None = None
    """The form: its name, or its folder; None: the official one."""


class Failure(Record):
    """An error as a record: what could not be done and what to do next."""

    kind: str
    exit_code: int
    file: str | None
    stage: str | None
    cause: str
    remedy: str

    @classmethod
    def of(cls, error: KaigirokuError) -> "Failure":
        return cls(
            kind=type(error).__name__,
            exit_code=error.exit_code,
            file=error.file,
            stage=error.stage,
            cause=error.cause,
            remedy=error.remedy,
        )
