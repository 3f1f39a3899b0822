"""run.json: what a run did, with what, how long it took, and what a person should know about it."""

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from pipeline import __version__
from pipeline.errors import KaigirokuError
from pipeline.records.base import Record, Span
from pipeline.records.job import Failure
from pipeline.records.minutes import Explanation, Minutes, Speech, Warning
from pipeline.records.words import DroppedText, Transcript
from pipeline.run.execute import StageRun

_PACKAGES = ("faster-whisper", "ctranslate2", "pyannote.audio", "torch", "onnxruntime", "pydub", "docxtpl", "SudachiPy")


class Figures(Record):
    """What is in the draft, in numbers."""

    duration_s: float
    turns: int
    speakers: int
    roles: tuple[str, ...]
    flagged_turns: int
    characters: int
    speech_uncovered_s: float
    characters_over_non_speech: int
    """Recognised where nobody speaks, or judged invented: removed and listed under dropped."""


class RunReport(Record):
    """status is success only when there is no failure; a draft with warnings is still a draft."""

    status: Literal["success", "failed", "interrupted"]
    kaigiroku: str = __version__
    python: str
    packages: dict[str, str]
    model: str | None = None
    """Of recognition, as it was asked for."""
    lexicon_sha256: str | None = None
    """Of all terms that were listened for: the version of the dictionary, handouts and meeting together."""
    stages: tuple[StageRun, ...] = ()
    documents: tuple[str, ...] = ()
    kept_aside: tuple[str, ...] = ()
    """Documents somebody had changed since they were written: renamed, never overwritten."""
    figures: Figures | None = None
    warnings: tuple[Warning, ...] = ()
    uncovered: tuple[Span, ...] = ()
    dropped: tuple[DroppedText, ...] = ()
    failure: Failure | None = None


def versions() -> dict[str, str]:
    """Versions of the libraries that decide the outcome; a missing one is left out."""
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def success(
    stages: tuple[StageRun, ...],
    minutes: Minutes,
    transcript: Transcript,
    documents: tuple[str, ...],
    kept_aside: tuple[str, ...],
    made_with: tuple[str, str],
) -> RunReport:
    """made_with: the recognition model and the digest of the lexicon."""
    return RunReport(
        status="success",
        python=platform.python_version(),
        packages=versions(),
        model=made_with[0],
        lexicon_sha256=made_with[1],
        stages=stages,
        documents=documents,
        kept_aside=kept_aside,
        figures=_figures(minutes, transcript),
        warnings=minutes.warnings,
        uncovered=transcript.uncovered,
        dropped=transcript.dropped,
    )


def failed(error: KaigirokuError) -> RunReport:
    return RunReport(
        status="failed",
        python=platform.python_version(),
        packages=versions(),
        failure=Failure.of(error),
    )


def interrupted() -> RunReport:
    return RunReport(status="interrupted", python=platform.python_version(), packages=versions())


def spoken(minutes: Minutes) -> tuple[Speech, ...]:
    """Every speech of the minutes in order, those inside explanations included."""
    found: list[Speech] = []
    for block in minutes.body:
        if isinstance(block, Speech):
            found.append(block)
        elif isinstance(block, Explanation):
            found.extend(block.speech)
    return tuple(found)


def _figures(minutes: Minutes, transcript: Transcript) -> Figures:
    speeches = spoken(minutes)
    return Figures(
        duration_s=minutes.duration_ms / 1000,
        turns=len(speeches),
        speakers=len({speech.speaker for speech in speeches}),
        roles=tuple(dict.fromkeys(speech.role for speech in speeches)),
        flagged_turns=sum(speech.flagged for speech in speeches),
        characters=len(transcript.text),
        speech_uncovered_s=sum(span.duration_ms for span in transcript.uncovered) / 1000,
        characters_over_non_speech=sum(len(dropped.text) for dropped in transcript.dropped),
    )
