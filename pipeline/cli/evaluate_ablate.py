"""kaigiroku evaluate ablate: which layers of the correction earn their keep on one's own recordings."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.evaluate_options import Json
from pipeline.cli.failures import told

if TYPE_CHECKING:
    from pipeline.evaluate.ablation import Ablation


def ablate(
    folder: Annotated[
        Path, typer.Argument(help="Folder with a sub-folder per meeting (docs/evaluation-trial.md), or a library.")
    ],
    dictionary: Annotated[
        Path | None, typer.Option(help="The office's dictionary (default: the one `kaigiroku lexicon` keeps).")
    ] = None,
    json_out: Json = False,
) -> None:
    """Correct the words of every draft again with each layer off, and tell which layers help, and which harm."""
    with told():
        from rich.console import Console
        from rich.progress import Progress

        from pipeline.lexicon.dictionary import default_path
        from pipeline.run.ablate import ablate_corpus

        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
            task = bars.add_task("correcting with and without", total=1.0)
            found = ablate_corpus(folder, dictionary or default_path(), lambda done: bars.update(task, completed=done))
        if json_out:
            sys.stdout.write(found.model_dump_json(indent=1) + "\n")
        else:
            _show(found)


def _show(found: "Ablation") -> None:
    from rich.table import Table

    from pipeline.cli.evaluation_shown import console_of, rate_shown

    console = console_of()
    console.print(f"{found.meetings} meetings")
    for name, rates in (("All layers", found.all_layers), ("No layer", found.no_layer)):
        for rate in rates:
            console.print(f"  {name}, {rate.profile}: {rate_shown(rate)}")
    table = Table("Layer", "Profile", "Without it", "It brings (points)", "p", "Verdict", box=None, pad_edge=False)
    for effect in found.effects:
        test = effect.test
        spread = f" ({test.interval.low:+.2f} to {test.interval.high:+.2f})" if test.interval else ""
        without = "–" if effect.without.percent is None else f"{effect.without.percent:.1f} %"
        table.add_row(
            effect.layer,
            test.profile,
            without,
            f"{test.difference:+.2f}{spread}",
            f"{test.p_value:.3g}",
            effect.verdict,
        )
    console.print(table)
