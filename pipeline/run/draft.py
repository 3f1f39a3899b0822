"""One draft: a recording and what is known of the meeting in, the documents and run.json out."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pipeline.config.paths import voices_folder
from pipeline.errors import AudioUnreadableError, KaigirokuError, OutputError
from pipeline.lexicon.lexicon import Lexicon, build_lexicon
from pipeline.lexicon.usage import put_in_by_lexicon, record_usage
from pipeline.records.base import Record
from pipeline.records.job import DraftOptions
from pipeline.records.meeting import Meeting
from pipeline.records.minutes import Minutes
from pipeline.records.speakers import Diarization
from pipeline.records.words import Transcript
from pipeline.render.form_folder import DEFAULT, FormFolder, form_folder
from pipeline.run import report
from pipeline.run.execute import Reporter, StageRun, execute
from pipeline.run.publish import publish
from pipeline.run.report import RunReport
from pipeline.run.wiring import engines_for
from pipeline.stages.assign_roles import RoleSettings
from pipeline.stages.chain import ChainSettings, Engines, build_chain
from pipeline.stages.compose import ComposeSettings
from pipeline.stages.correct import CorrectSettings
from pipeline.stages.diarize import hints
from pipeline.stages.transcribe import TranscribeSettings
from pipeline.store.files import write_text_atomic
from pipeline.store.recordings import file_digest
from pipeline.store.voices import read_voices
from pipeline.store.workspace import Workspace

TOGETHER = 2
"""Stages at a time where engines work in a pool: voices are told apart while words are recognised."""
RENDER = "render"
"""What follows the stages of the chain, by name."""


class DraftRequest(Record):
    """One recording, what is known of its meeting, and where the draft goes."""

    sources: tuple[Path, ...]
    meeting: Meeting
    out_dir: Path
    options: DraftOptions = DraftOptions()
    again_from: str | None = None
    digests: tuple[str, ...] = ()
    """SHA-256 of the sources as they are known; empty: not known."""


def draft(request: DraftRequest, reporter: Reporter, engines: Engines | None = None, together: int = 1) -> RunReport:
    """Make the draft. engines: those of a pool of workers; None: the chosen ones, opened and closed here. together: how
    many stages may run at a time.

    Raises KaigirokuError; what was finished stays, and run.json says how it ended.
    """
    options = request.options
    form = form_folder(options.template or DEFAULT)
    sources = _unchanged(request)
    lexicon = build_lexicon(request.meeting, handouts=options.handouts, dictionary=options.dictionary)
    engines = engines or engines_for(options.engines)
    spelling = CorrectSettings(spelling=options.official_spelling)
    voices = read_voices(voices_folder())
    settings = ChainSettings(TranscribeSettings(), spelling, RoleSettings(), ComposeSettings(), voices)
    meeting = request.meeting.model_copy(update={"style": request.meeting.style or form.settings.style})
    chain = build_chain(sources, meeting, lexicon, hints(request.meeting, options.speakers), engines, settings)
    with Workspace(request.out_dir).opened() as workspace:
        try:
            results, runs = execute(chain, workspace, reporter, request.again_from, together)
            done = _published(request, form, lexicon, results, runs, workspace, reporter)
        except KaigirokuError as error:
            _leave(workspace, report.failed(error))
            raise
        except KeyboardInterrupt:
            _leave(workspace, report.interrupted())
            raise
        _write(workspace, done)
    return done


def _unchanged(request: DraftRequest) -> tuple[tuple[Path, str], ...]:
    """The sources with their digests. Raises AudioUnreadableError for one that is not what it was."""
    sources = tuple((path, file_digest(path)) for path in request.sources)
    for (path, digest), known in zip(sources, request.digests or (None,) * len(sources), strict=True):
        if known not in (None, digest):
            raise AudioUnreadableError(
                f"{path}: is damaged: it is not the recording that was taken in.",
                "Restore this file from a backup, or put the recording's own file in its place; then try again.",
                file=path,
            )
    return sources


def _published(
    request: DraftRequest,
    form: FormFolder,
    lexicon: Lexicon,
    results: dict[str, Record],
    runs: tuple[StageRun, ...],
    workspace: Workspace,
    reporter: Reporter,
) -> RunReport:
    minutes, transcript, diarization = results["compose"], results["correct"], results["diarize"]
    assert isinstance(minutes, Minutes)
    assert isinstance(transcript, Transcript)
    assert isinstance(diarization, Diarization)
    _count_terms(request.options.dictionary, lexicon, transcript, runs)
    reporter.started(RENDER)
    session = request.sources[0].stem
    try:
        documents, kept = publish(minutes, diarization, request.options.formats, workspace, session, form)
    except KaigirokuError as error:
        error.stage = RENDER
        raise
    made_with = (request.options.engines.model, lexicon.digest)
    return report.success(runs, minutes, transcript, documents, kept, made_with)


def _count_terms(dictionary: Path | None, lexicon: Lexicon, transcript: Transcript, runs: Sequence[StageRun]) -> None:
    """Remember what the office's terms did, once for each time they were listened for."""
    listened_for = [term.written for term in lexicon.from_source("dictionary")]
    if dictionary is None or not listened_for or any(run.stage == "correct" and run.reused for run in runs):
        return
    with suppress(OutputError):  # a dictionary that others keep for everybody may not be writable here
        record_usage(dictionary, listened_for, put_in_by_lexicon(transcript.words, listened_for))


def _leave(workspace: Workspace, ended: RunReport) -> None:
    """Say in the folder how the run ended, unless nothing was finished there: then leave nothing behind."""
    if workspace.has_results():
        _write(workspace, ended)


def _write(workspace: Workspace, ended: RunReport) -> None:
    write_text_atomic(workspace.run_file, ended.model_dump_json(indent=1) + "\n")
