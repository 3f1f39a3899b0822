"""kaigiroku evaluate: how good a draft, or any product's output, is against what was really said."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from pipeline.cli.evaluate_ablate import ablate
from pipeline.cli.evaluate_corpus import corpus, history
from pipeline.cli.evaluate_options import (
    Claim,
    Dictionary,
    Json,
    Library,
    Out,
    Profile,
    Speakers,
    Unremembered,
    measure_options,
)
from pipeline.cli.failures import told
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.evaluate.results import Evaluation
    from pipeline.run.measure import MeasureOptions, MeasureRequest

_DEFAULT = "score"


class _ScoresByDefault(TyperGroup):
    """`kaigiroku evaluate FILE …` is `kaigiroku evaluate score FILE …`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_ScoresByDefault, no_args_is_help=True, pretty_exceptions_enable=False)
app.command("corpus")(corpus)
app.command("history")(history)
app.command("ablate")(ablate)


@app.command(_DEFAULT)
def score(
    hypotheses: Annotated[
        list[Path] | None,
        typer.Argument(
            help="A draft's folder, or a transcript (docx, json, txt, srt, vtt, stm, ctm, rttm) of any product. "
            "Several are compared with each other; NAME=PATH shows one under another name."
        ),
    ] = None,
    reference: Annotated[
        Path | None, typer.Option("--reference", "-r", help="What was really said: gives the recognition rate.")
    ] = None,
    corrected: Annotated[
        Path | None, typer.Option("--corrected", "-c", help="The minutes a person made of it: gives the edit effort.")
    ] = None,
    claim: Claim = None,
    profile: Profile = "standard",
    speakers: Speakers = False,
    dictionary: Dictionary = None,
    as_spoken: Annotated[
        bool, typer.Option("--as-spoken", help="The reference is word for word although it comes as minutes.")
    ] = False,
    audio: Annotated[
        Path | None,
        typer.Option("--audio", help="The recording: rates by level and noise, and what was to be expected."),
    ] = None,
    out: Out = None,
    embed_audio: Annotated[
        Path | None, typer.Option("--embed-audio", help="Recording to put into report.html, so that ▶ plays at once.")
    ] = None,
    title: Annotated[str, typer.Option(help="Title of the report (default: name of the first file).")] = "",
    library: Library = None,
    meeting: Annotated[
        str | None, typer.Option("--meeting", help="Measure this meeting of the library instead of files.")
    ] = None,
    unremembered: Unremembered = False,
    json_out: Json = False,
) -> None:
    """Score one recording: recognition rate, edit effort, claim audit."""
    with told():
        from pipeline.run.measure import MeasureRequest

        options = measure_options(profile, claim, speakers, dictionary)
        request = None
        if hypotheses:
            request = MeasureRequest(
                hypotheses=_named(hypotheses),
                reference=reference,
                corrected=corrected,
                as_spoken=as_spoken,
                audio=audio,
                title=title,
                options=options,
            )
        found = _measured(request, library, meeting, options)
        if not unremembered:
            _remember(found, library)
        _tell(found, json_out, out, embed_audio)


def _measured(
    request: "MeasureRequest | None", library: Path | None, meeting: str | None, options: "MeasureOptions"
) -> "Evaluation":
    from pipeline.run.measure import measure, measure_meeting

    if request is not None and meeting is None:
        return measure(request)
    if request is None and meeting is not None and library is not None:
        return measure_meeting(library, meeting, options)
    raise UsageError(
        "it is not clear what to measure.", "Name files, or a meeting of a library with --library and --meeting."
    )


def _remember(found: "Evaluation", library: Path | None) -> None:
    from pipeline.run.history import history_database
    from pipeline.run.measure import rows_of
    from pipeline.store.measurements import remember

    database = history_database(library)
    try:
        remember(database, rows_of([found]))
    finally:
        database.close()


def _tell(found: "Evaluation", json_out: bool, out: Path | None, embed_audio: Path | None) -> None:
    if json_out:
        sys.stdout.write(found.model_dump_json(indent=1) + "\n")
    else:
        from pipeline.cli.evaluation_shown import show

        show(found)
    if out is not None:
        from pipeline.evaluate.report.write import write_reports

        for path in write_reports(found, out, embed_audio):
            print(path, file=sys.stderr)  # noqa: T201


def _named(paths: list[Path]) -> tuple[tuple[str, Path], ...]:
    """NAME=PATH, or a path whose own name is shown. Raises UsageError for a name given twice."""
    found = []
    for given in map(str, paths):
        name, found_sign, path = given.partition("=")
        if not found_sign or Path(given).exists():
            path = given
            name = Path(given).resolve().name
        found.append((name, Path(path)))
    names = [name for name, _ in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise UsageError(f"{', '.join(twice)}: named twice.", "Give names of your own: A=folder/minutes.json.")
    return tuple(found)
