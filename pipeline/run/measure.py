"""Measuring from files: drafts and other products' outputs against references, with what a draft's folder knows."""

import json
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.evaluate.readers.read import read
from pipeline.evaluate.results import Evaluation, Provenance
from pipeline.evaluate.score import System, Wanted, evaluate
from pipeline.evaluate.transcription import Transcription
from pipeline.records.base import Record


class MeasureRequest(Record):
    """What the operator asked for. hypotheses: drafts' folders or files, with the names to show them under."""

    hypotheses: tuple[tuple[str, Path], ...]
    reference: Path | None = None
    as_spoken: bool = False
    """The reference is what was spoken although it comes as minutes."""
    corrected: Path | None = None
    profile: str = "standard"
    claimed: float | None = None
    title: str = ""
    speakers: bool = False


def measure(request: MeasureRequest) -> Evaluation:
    """Read everything and score it. Raises TranscriptFileError or UsageError."""
    systems = [_system(path, name) for name, path in request.hypotheses]
    reference = read(request.reference) if request.reference else None
    if reference is not None and reference.source == "minutes" and not request.as_spoken:
        raise UsageError(
            f"{request.reference}: minutes are written to be read; a rate against them is no recognition rate.",
            "Name it with --corrected to measure edit effort, or add --as-spoken if it is a word-for-word transcript.",
        )
    corrected = read(request.corrected) if request.corrected else None
    wanted = Wanted(
        title=request.title or request.hypotheses[0][0],
        reference=reference,
        corrected=corrected,
        profile=request.profile,
        claimed=request.claimed,
        speakers=request.speakers,
    )
    return evaluate(systems, wanted)


def _system(path: Path, name: str) -> System:
    transcription: Transcription = read(path).model_copy(update={"name": name})
    return System(transcription, provenance_of(path if path.is_dir() else path.parent))


def provenance_of(folder: Path) -> Provenance:
    """What the run.json of a draft's folder says; empty where there is none."""
    try:
        run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        stages = {stage["stage"]: stage for stage in run["stages"]}
        engine = json.loads(stages["transcribe"]["fingerprint"])
        return Provenance(
            model=run.get("model") or engine["name"],
            model_sha256=engine["weights_sha256"],
            kaigiroku=run["kaigiroku"],
            dictionary=run.get("lexicon_sha256") or "",
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Provenance()
