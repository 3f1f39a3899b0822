"""kaigiroku evaluate: how good a draft, or any product's output, is against what was really said."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from pipeline.cli.failures import told
from pipeline.errors import UsageError

_DEFAULT = "score"


class _ScoresByDefault(TyperGroup):
    """`kaigiroku evaluate FILE …` is `kaigiroku evaluate score FILE …`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_ScoresByDefault, no_args_is_help=True, pretty_exceptions_enable=False)


@app.command(_DEFAULT)
def score(
    hypotheses: Annotated[
        list[Path],
        typer.Argument(
            help="A draft's folder, or a transcript (docx, json, txt, srt, vtt, stm, ctm, rttm) of any product. "
            "Several are compared with each other; NAME=PATH shows one under another name."
        ),
    ],
    reference: Annotated[
        Path | None, typer.Option("--reference", "-r", help="What was really said: gives the recognition rate.")
    ] = None,
    corrected: Annotated[
        Path | None, typer.Option("--corrected", "-c", help="The minutes a person made of it: gives the edit effort.")
    ] = None,
    claim: Annotated[
        float | None, typer.Option(min=0, max=100, help="A claimed recognition rate in per cent, to be audited.")
    ] = None,
    profile: Annotated[str, typer.Option(help="strict, standard, lenient or verbatim: how the main rate counts.")] = (
        "standard"
    ),
    speakers: Annotated[
        bool, typer.Option("--speakers", help="Also cpCER, tcpCER, ORC-CER, DER, JER (needs voices in the reference).")
    ] = False,
    as_spoken: Annotated[
        bool, typer.Option("--as-spoken", help="The reference is word for word although it comes as minutes.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for report.html, summary.docx, CSV and JSON.")
    ] = None,
    embed_audio: Annotated[
        Path | None, typer.Option("--embed-audio", help="Recording to put into report.html, so that ▶ plays at once.")
    ] = None,
    title: Annotated[str, typer.Option(help="Title of the report (default: name of the first file).")] = "",
    json_out: Annotated[bool, typer.Option("--json", help="Print the evaluation as JSON on stdout.")] = False,
) -> None:
    """Score one recording: recognition rate, edit effort, claim audit."""
    with told():
        from pipeline.run.measure import MeasureRequest, measure

        request = MeasureRequest(
            hypotheses=_named(hypotheses),
            reference=reference,
            corrected=corrected,
            profile=profile,
            claimed=claim,
            as_spoken=as_spoken,
            title=title,
            speakers=speakers,
        )
        found = measure(request)
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
