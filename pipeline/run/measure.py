"""Measuring from files: drafts and other products' outputs against references, and what is remembered of it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.evaluate.corpus import CorpusEvaluation, pooled
from pipeline.evaluate.readers.read import read
from pipeline.evaluate.recording.bands import bands
from pipeline.evaluate.results import Evaluation, SystemScores
from pipeline.evaluate.score import System, Wanted, evaluate
from pipeline.lexicon.dictionary import read_dictionary
from pipeline.records.base import Record
from pipeline.run.corpus import Meeting, library_meeting, meetings_in
from pipeline.run.provenance import provenance_of
from pipeline.store.library import Library
from pipeline.store.tables.measurements import MeasurementRow

if TYPE_CHECKING:
    from pipeline.run.listening import Listened


class MeasureOptions(Record):
    """How to measure. speakers: also the metrics of voices; claimed: a rate to audit; dictionary: the office's, whose
    terms count as critical."""

    profile: str = "standard"
    claimed: float | None = None
    speakers: bool = False
    dictionary: Path | None = None


class MeasureRequest(Record):
    """One recording. hypotheses: drafts' folders or files, with the names to show them under."""

    hypotheses: tuple[tuple[str, Path], ...]
    reference: Path | None = None
    as_spoken: bool = False
    """The reference is what was spoken although it comes as minutes."""
    corrected: Path | None = None
    audio: Path | None = None
    """The recording, for level and noise; a draft's folder has its own."""
    title: str = ""
    options: MeasureOptions = MeasureOptions()


def measure(request: MeasureRequest) -> Evaluation:
    """Read everything and score it. Raises TranscriptFileError or UsageError."""
    reference = read(request.reference) if request.reference else None
    if reference is not None and reference.source == "minutes" and not request.as_spoken:
        raise UsageError(
            f"{request.reference}: minutes are written to be read; a rate against them is no recognition rate.",
            "Name it with --corrected to measure edit effort, or add --as-spoken if it is a word-for-word transcript.",
        )
    systems = tuple(
        System(read(path).model_copy(update={"name": name}), provenance_of(path if path.is_dir() else path.parent))
        for name, path in request.hypotheses
    )
    title = request.title or request.hypotheses[0][0]
    corrected = read(request.corrected) if request.corrected else None
    folder = next((path for _, path in request.hypotheses if path.is_dir()), None)
    return _measured(Meeting(title, systems, reference, corrected, folder), request.options, request.audio)


def measure_meeting(library: Path, meeting_id: str, options: MeasureOptions) -> Evaluation:
    """One meeting of a library: what people did to its draft. Raises LibraryError."""
    opened = Library.open(library)
    try:
        return _measured(library_meeting(opened, opened.meeting(meeting_id)), options)
    finally:
        opened.close()


def measure_corpus(folder: Path, title: str, options: MeasureOptions) -> CorpusEvaluation:
    """Every meeting of a folder or library, and all together."""
    return pooled(title, [_measured(meeting, options) for meeting in meetings_in(folder)], options.claimed)


def _measured(meeting: Meeting, options: MeasureOptions, audio: Path | None = None) -> Evaluation:
    heard = _heard(meeting, audio) if meeting.reference is not None else None
    wanted = Wanted(
        title=meeting.title,
        reference=meeting.reference,
        corrected=meeting.corrected,
        profile=options.profile,
        claimed=options.claimed,
        speakers=options.speakers,
        terms=tuple(term.written for term in read_dictionary(options.dictionary)) if options.dictionary else (),
        acoustic=partial(bands, heard.sound) if heard else None,
    )
    found = evaluate(meeting.systems, wanted)
    return found.model_copy(update={"preflight": heard.preflight}) if heard else found


def _heard(meeting: Meeting, audio: Path | None) -> "Listened | None":
    from pipeline.run.listening import listen_to, listen_to_draft

    if audio is not None:
        return listen_to([audio])
    return listen_to_draft(meeting.folder) if meeting.folder else None


def rows_of(evaluations: Sequence[Evaluation]) -> list[MeasurementRow]:
    """What the history keeps of evaluations: figures and what made the drafts, no text."""
    return [_row(evaluation, system) for evaluation in evaluations for system in evaluation.systems]


def _row(evaluation: Evaluation, system: SystemScores) -> MeasurementRow:
    rate, effort, made = system.main, system.effort, system.provenance
    return MeasurementRow(
        made_at=evaluation.made_at,
        title=evaluation.title[:200],
        system=system.name[:200],
        recording=evaluation.reference_sha256 or "",
        profile=evaluation.profile,
        errors=rate.counts.errors if rate else None,
        characters=rate.counts.reference if rate else None,
        low=rate.interval.low if rate and rate.interval else None,
        high=rate.interval.high if rate and rate.interval else None,
        changed=effort.characters.errors if effort else None,
        typed=effort.characters.reference if effort else None,
        clerk_ms=effort.clerk_ms if effort else None,
        audio_ms=effort.audio_ms if effort else None,
        model=made.model[:200],
        model_sha256=made.model_sha256,
        dictionary=made.dictionary,
        kaigiroku=made.kaigiroku,
    )
