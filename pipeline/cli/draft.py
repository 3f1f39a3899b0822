"""kaigiroku draft: a recording in, a draft of the minutes out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
    model: Annotated[
        str, typer.Option(help="Recognition model: a name from `kaigiroku models list`, or a folder.")
    ] = "whisper-base",
    diarization: Annotated[
        Path | None, typer.Option(help="Folder of a complete pyannote pipeline, used instead of the bundled models.")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    speakers: Annotated[str | None, typer.Option(help="How many people speak: N or MIN-MAX.")] = None,
    formats: Annotated[
        str | None, typer.Option("--format", "-f", help="docx,html,txt,json,seglst,vtt,pdf (default: all but pdf).")
    ] = None,
    handout: Annotated[
        list[Path] | None, typer.Option(help="Handout (docx, pdf, pptx, xlsx, txt) whose terms to expect; repeatable.")
    ] = None,
    dictionary: Annotated[
        Path | None, typer.Option(help="The office's dictionary (default: the one `kaigiroku lexicon` keeps).")
    ] = None,
    template: Annotated[
        str | None, typer.Option(help="The form: its name, or a folder like templates/form1 (default: form1).")
    ] = None,
    official_spelling: Annotated[
        bool, typer.Option("--official-spelling", help="Spell words as official documents do (公用文の表記).")
    ] = False,
    again_from: Annotated[
        str | None, typer.Option("--from", help="Run again from this stage on, even if nothing changed.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
    json_out: Annotated[bool, typer.Option("--json", help="Print the run report as JSON on stdout.")] = False,
    replay: Annotated[Path | None, typer.Option(hidden=True, help="Replay recorded engine results (tests).")] = None,
) -> None:
    """Draft the minutes of one meeting. Interrupt with Ctrl-C; the same command goes on where it stopped."""
    with told():
        from pipeline.records.job import EngineChoice

        if device not in ("auto", "cpu", "cuda"):
            raise UsageError(f"--device {device}: not a device.", "Use auto, cpu or cuda.")
        choice = EngineChoice.model_validate(
            {"model": model, "diarization": diarization, "device": device, "replay": replay}
        )
        _run(
            _request(
                audio,
                out,
                meeting,
                choice,
                speakers,
                formats,
                handout or [],
                dictionary,
                official_spelling,
                again_from,
                template,
            ),
            quiet,
            json_out,
        )


def _request(
    audio: list[Path],
    out: Path,
    meeting: Path | None,
    engines: object,
    speakers: str | None,
    formats: str | None,
    handouts: list[Path],
    dictionary: Path | None,
    official_spelling: bool,
    again_from: str | None,
    template: str | None,
) -> "DraftRequest":
    from pipeline.config.meeting_file import load_meeting, speaker_range
    from pipeline.lexicon.dictionary import default_path
    from pipeline.records.job import DEFAULT_FORMATS
    from pipeline.records.meeting import Meeting
    from pipeline.render.documents import FORMATS
    from pipeline.render.form_folder import form_folder
    from pipeline.run.draft import DraftRequest
    from pipeline.stages.chain import STAGE_NAMES

    wanted = tuple(form.strip() for form in formats.split(",")) if formats else DEFAULT_FORMATS
    if unknown := [form for form in wanted if form not in FORMATS]:
        raise UsageError(f"--format {','.join(unknown)}: unknown format.", f"Choose from {','.join(FORMATS)}.")
    if again_from is not None and again_from not in STAGE_NAMES:
        raise UsageError(f"--from {again_from}: no such stage.", f"Choose from {', '.join(STAGE_NAMES)}.")
    try:
        people = speaker_range(speakers) if speakers else None
    except ValueError as error:
        raise UsageError(f"--speakers {error}.", "Give a number or a range.") from None
    known = load_meeting(meeting) if meeting else Meeting()
    return DraftRequest.model_validate(
        {
            "sources": tuple(audio),
            "meeting": known,
            "template": form_folder(template or _own_form(known.template, meeting)),
            "out_dir": out,
            "options": {
                "engines": engines,
                "speakers": people,
                "formats": wanted,
                "handouts": tuple(handouts),
                "dictionary": dictionary or default_path(),
                "official_spelling": official_spelling,
            },
            "again_from": again_from,
        }
    )


def _own_form(named: str | None, meeting: Path | None) -> str | Path:
    """The form that meeting.toml names; a folder beside it comes before the forms of the program."""
    from pipeline.render.form_folder import DEFAULT, SETTINGS

    beside = meeting.parent / named if meeting and named else None
    return beside if beside and (beside / SETTINGS).is_file() else named or DEFAULT


def _run(request: "DraftRequest", quiet: bool, json_out: bool) -> None:
    from pipeline.run.draft import draft as run_draft
    from pipeline.run.execute import Silent

    if quiet or json_out:
        done = run_draft(request, Silent())
    else:
        from pipeline.cli.progress import TerminalReporter

        with TerminalReporter() as reporter:
            done = run_draft(request, reporter)
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
