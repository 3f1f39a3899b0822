"""kaigiroku draft: a recording in, a draft of the minutes out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import options
from pipeline.cli.failures import told
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.run.draft import DraftRequest
    from pipeline.run.report import RunReport

_WARNINGS_SHOWN = 15


def draft(
    audio: Annotated[list[Path], typer.Argument(help="The recording; several files are consecutive parts of it.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the draft; made when missing.")],
    meeting: Annotated[
        Path | None, typer.Option("--meeting", "-m", help="meeting.toml; without it unknown fields print 【要確認】.")
    ] = None,
    model: options.Model = options.DEFAULT_MODEL,
    diarization: options.Diarization = None,
    device: options.Device = "auto",
    speakers: options.Speakers = None,
    formats: options.Formats = None,
    handout: Annotated[
        list[Path] | None, typer.Option(help="Handout (docx, pdf, pptx, xlsx, txt) whose terms to expect; repeatable.")
    ] = None,
    dictionary: options.Dictionary = None,
    template: options.Template = None,
    official_spelling: options.OfficialSpelling = False,
    again_from: Annotated[
        str | None, typer.Option("--from", help="Run again from this stage on, even if nothing changed.")
    ] = None,
    quiet: options.Quiet = False,
    json_out: Annotated[bool, typer.Option("--json", help="Print the run report as JSON on stdout.")] = False,
    replay: options.Replay = None,
) -> None:
    """Draft the minutes of one meeting. Interrupt with Ctrl-C; the same command goes on where it stopped."""
    with told():
        from pipeline.config.meeting_file import load_meeting
        from pipeline.lexicon.dictionary import default_path
        from pipeline.records.meeting import Meeting
        from pipeline.render.form_folder import own_form
        from pipeline.run.draft import DraftRequest
        from pipeline.stages.chain import STAGE_NAMES

        if again_from is not None and again_from not in STAGE_NAMES:
            raise UsageError(f"--from {again_from}: no such stage.", f"Choose from {', '.join(STAGE_NAMES)}.")
        known = load_meeting(meeting) if meeting else Meeting()
        wanted = options.draft_options(
            model, device, speakers, formats, replay,
            diarization=diarization,
            handouts=tuple(handout or ()),
            dictionary=dictionary or default_path(),
            official_spelling=official_spelling,
            template=template or own_form(known.template, meeting),
        )  # fmt: skip
        request = DraftRequest(sources=tuple(audio), meeting=known, out_dir=out, options=wanted, again_from=again_from)
        _run(request, quiet, json_out)


def _run(request: "DraftRequest", quiet: bool, json_out: bool) -> None:
    from pipeline.run.draft import TOGETHER
    from pipeline.run.draft import draft as run_draft
    from pipeline.run.execute import Silent
    from pipeline.run.workers.away import engines_in
    from pipeline.run.workers.executors import pool_for_one

    choice = request.options.engines
    with pool_for_one(choice) as pool:
        engines = engines_in(pool)(choice)
        if quiet or json_out:
            done = run_draft(request, Silent(), engines, TOGETHER)
        else:
            from pipeline.cli.progress import TerminalReporter

            with TerminalReporter() as reporter:
                done = run_draft(request, reporter, engines, TOGETHER)
    if json_out:
        sys.stdout.write(done.model_dump_json(indent=1) + "\n")
    elif not quiet:
        _summary(request.out_dir, done)


def _summary(out_dir: Path, done: "RunReport") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    figures = done.figures
    assert figures is not None
    table.add_row("Draft", str((out_dir / done.documents[0]).resolve()))
    table.add_row("Recording", f"{figures.duration_s / 60:.1f} min, {figures.characters} characters recognised")
    table.add_row("Turns", f"{figures.turns}, of them {figures.flagged_turns} with an uncertain role")
    table.add_row("Speakers", str(figures.speakers))
    table.add_row("Roles", "、".join(figures.roles) or "none")
    table.add_row(
        "Not heard",
        f"{figures.speech_uncovered_s:.1f} s of speech without words; "
        f"{figures.characters_over_non_speech} characters removed as not spoken",
    )
    table.add_row("Also there", " ".join(done.documents[1:]))
    console.print(table)
    for aside in done.kept_aside:
        console.print(f"Kept: a changed document was renamed to {aside}")
    console.print(f"Warnings: {len(done.warnings)}")
    for warning in done.warnings[:_WARNINGS_SHOWN]:
        console.print(f"  {_clock(warning.start_ms)}{warning.text}")
    if len(done.warnings) > _WARNINGS_SHOWN:
        console.print(f"  … and {len(done.warnings) - _WARNINGS_SHOWN} more in {out_dir / 'run.json'}")


def _clock(start_ms: int | None) -> str:
    if start_ms is None:
        return ""
    minutes, seconds = divmod(start_ms // 1000, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d} "
