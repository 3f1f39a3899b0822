"""Options that the commands of `kaigiroku evaluate` share."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.run.measure import MeasureOptions

Claim = Annotated[
    float | None, typer.Option(min=0, max=100, help="A claimed recognition rate in per cent, to be audited.")
]
Profile = Annotated[str, typer.Option(help="strict, standard, lenient or verbatim: how the main rate counts.")]
Speakers = Annotated[
    bool, typer.Option("--speakers", help="Also cpCER, tcpCER, ORC-CER, DER, JER (needs voices in the reference).")
]
Dictionary = Annotated[
    Path | None,
    typer.Option(help="Dictionary whose terms count as critical (default: the one `kaigiroku lexicon` keeps)."),
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the reports (HTML, Word, CSV, JSON).")]
Library = Annotated[
    Path | None,
    typer.Option(
        "--library",
        envvar="KAIGIROKU_LIBRARY",
        help="Library whose database keeps the history (default: a file of yours).",
    ),
]
Unremembered = Annotated[bool, typer.Option("--no-history", help="Do not keep this measurement in the history.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")]


def measure_options(profile: str, claim: float | None, speakers: bool, dictionary: Path | None) -> "MeasureOptions":
    """The options as the run wants them."""
    from pipeline.lexicon.dictionary import default_path
    from pipeline.run.measure import MeasureOptions

    return MeasureOptions(profile=profile, claimed=claim, speakers=speakers, dictionary=dictionary or default_path())
