"""kaigiroku export: the documents of a meeting that was drafted, among them the public copy."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, get_args

import typer

from pipeline.cli.failures import told
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.records.base import Span
    from pipeline.records.minutes import Minutes
    from pipeline.render.form_folder import FormFolder
    from pipeline.run.export import ExportRequest


def export(
    source: Annotated[
        Path, typer.Argument(help="The folder of a draft, a minutes.json, or a library (with --meeting).")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the documents; made when missing.")],
    meeting: Annotated[str | None, typer.Option(help="The meeting in the library, as people corrected it.")] = None,
    formats: Annotated[
        str, typer.Option("--format", "-f", help="docx,html,txt,pdf (and json,seglst,vtt but for --public).")
    ] = "docx",
    final: Annotated[bool, typer.Option("--final", help="Without the marks and notes for the clerk.")] = False,
    doubtful: Annotated[
        bool, typer.Option("--doubtful", help="A Word copy for correcting: badly heard places marked and timed.")
    ] = False,
    public: Annotated[
        bool,
        typer.Option(
            "--public", help="The public copy: what is marked 非公開 is masked; nothing is written if any is left."
        ),
    ] = False,
    mask: Annotated[str, typer.Option(help="Public: words (（非公開）) or blocks (■■■).")] = "words",
    ground: Annotated[bool, typer.Option("--ground", help="Public: print the ground in each mask.")] = False,
    register: Annotated[
        Path | None, typer.Option(help="Public: folder for the list of what is withheld (default: the draft's).")
    ] = None,
    audio: Annotated[
        str | None,
        typer.Option(help="Public: also the recording (mp3, flac or wav), silent where something is withheld."),
    ] = None,
    excerpt: Annotated[
        str | None, typer.Option(help="Public: of the recording only this part, 00:10:00-00:12:30.")
    ] = None,
    beep: Annotated[bool, typer.Option("--beep", help="Public: a tone instead of silence.")] = False,
    template: Annotated[
        str | None, typer.Option(help="The form: its name, or a folder like templates/form1 (default: form1).")
    ] = None,
    style: Annotated[
        str | None, typer.Option(help="全文, 整文 or 要点 (default: as the meeting or the form says).")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Public: go on where openness boxes and marks do not agree.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace documents that are there already.")] = False,
) -> None:
    """Write documents from minutes: working copies, the final one (--final) or the public copy (--public)."""
    with told():
        from pipeline.run.export import export as run_export

        if final + public + doubtful > 1:
            raise UsageError("--final, --public and --doubtful exclude each other.", "Choose one.")
        _agreeing(public, bool(audio or beep or ground or register), bool(excerpt and not audio))
        given = _given(source, meeting)
        request = _request(given, out, formats, template, style, force)
        if final or doubtful:
            request = request.model_copy(update={"kind": "final" if final else "doubtful"})
        elif public:
            request = _public(request, given.folder, mask, ground, register, audio, beep, excerpt)
        for path in run_export(request, lambda question: yes or _asked(question)):
            sys.stdout.write(f"{path}\n")
        if final or public:
            _tell_what_is_open(request)


def _agreeing(public: bool, of_public: bool, excerpt_alone: bool) -> None:
    if of_public and not public:
        raise UsageError("--audio, --beep, --ground and --register belong to --public.", "Add --public.")
    if excerpt_alone:
        raise UsageError("--excerpt is of the public recording.", "Add --public --audio mp3.")


class _Given(NamedTuple):
    """What is exported: the minutes, the folder of their draft, and the form the meeting asks for."""

    minutes: "Minutes"
    folder: Path
    template: str | None = None


def _given(source: Path, meeting: str | None) -> _Given:
    from pipeline.editing.desk import corrected
    from pipeline.render.minutes_json import read_minutes
    from pipeline.store.library import Library

    if meeting is None:
        file = source / "minutes.json" if source.is_dir() else source
        return _Given(read_minutes(file), file.parent)
    library = Library.open(source)
    try:
        minutes = corrected(library, meeting)
        return _Given(minutes, library.workspace(meeting).out_dir, library.meeting(meeting).fields.template)
    finally:
        library.close()


def _request(
    given: _Given, out: Path, formats: str, template: str | None, style: str | None, force: bool
) -> "ExportRequest":
    from pipeline.records.meeting import Style
    from pipeline.render.documents import FORMATS
    from pipeline.run.export import ExportRequest

    if style is not None and style not in get_args(Style):
        raise UsageError(f"--style {style}: unknown.", f"Choose from {', '.join(get_args(Style))}.")
    wanted = tuple(form.strip() for form in formats.split(","))
    if unknown := [form for form in wanted if form not in FORMATS]:
        raise UsageError(f"--format {','.join(unknown)}: unknown format.", f"Choose from {','.join(FORMATS)}.")
    return ExportRequest.model_validate(
        {
            "minutes": given.minutes,
            "out_dir": out,
            "formats": wanted,
            "template": _form(template or given.template),
            "style": style,
            "overwrite": force,
        }
    )


def _form(template: str | None) -> "FormFolder":
    from pipeline.render.form_folder import DEFAULT, form_folder

    return form_folder(template or DEFAULT)


def _public(
    request: "ExportRequest",
    folder: Path,
    mask: str,
    ground: bool,
    register: Path | None,
    audio: str | None,
    beep: bool,
    excerpt: str | None,
) -> "ExportRequest":
    from pipeline.engines.silencer import KINDS
    from pipeline.publication.masking import Mask

    if mask not in ("words", "blocks"):
        raise UsageError(f"--mask {mask}: unknown.", "Use words or blocks.")
    if audio is not None and audio not in KINDS:
        raise UsageError(f"--audio {audio}: unknown.", f"Use {', '.join(KINDS)}.")
    return request.model_copy(
        update={
            "kind": "public",
            "mask": Mask(sign="blocks" if mask == "blocks" else "words", with_ground=ground),
            "register_dir": register or folder,
            "waveform": _waveform(folder) if audio else None,
            "audio": audio or "mp3",
            "beep": beep,
            "excerpt": _part(excerpt) if excerpt else None,
        }
    )


def _part(text: str) -> "Span":
    """00:10:00-00:12:30 of the recording."""
    from pipeline.records.base import Span

    found = re.fullmatch(r"(?:(\d+):)?(\d+):(\d\d)\s*[-–~〜\uff5e]\s*(?:(\d+):)?(\d+):(\d\d)", text.strip())
    numbers = [int(number or 0) for number in found.groups()] if found else []
    start, end = ((h * 60 + m) * 60 + s for h, m, s in (numbers[:3], numbers[3:])) if numbers else (0, 0)
    if start >= end:
        raise UsageError(f"--excerpt {text}: not a part of a recording.", "Write it as 00:10:00-00:12:30.")
    return Span(start_ms=start * 1000, end_ms=end * 1000)


def _waveform(folder: Path) -> Path:
    """Of the draft in this folder."""
    found = sorted((folder / "work").glob("waveform-*.wav"))
    if len(found) != 1:
        raise UsageError(
            f"{folder}: the recording of the draft is not there.", "Name the folder that `kaigiroku draft` wrote to."
        )
    return found[0]


def _tell_what_is_open(request: "ExportRequest") -> None:
    """A final document is made all the same: only a person knows whether it may go out so."""
    from pipeline.render.context import what_is_open

    for line in what_is_open(request.minutes):
        print(f"注意: {line}", file=sys.stderr)  # noqa: T201


def _asked(question: str) -> bool:
    """On a terminal; elsewhere nobody can answer, and the answer is no."""
    return sys.stdin.isatty() and typer.confirm(f"{question}。このまま続けますか")
