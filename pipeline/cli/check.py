"""kaigiroku check: what a recording is like before it is drafted, and what to change in the room next time."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.failures import told

if TYPE_CHECKING:
    from pipeline.evaluate.recording.preflight import Preflight

_MARKS = {"good": "[green]良[/green]", "note": "[yellow]注意[/yellow]", "bad": "[red]不良[/red]"}


def check(
    audio: Annotated[list[Path], typer.Argument(help="The recording; several files are consecutive parts of it.")],
    json_out: Annotated[bool, typer.Option("--json", help="Machine-readable, on stdout.")] = False,
) -> None:
    """Look at a recording before drafting it: level, noise, room, and the recognition rate to expect."""
    with told():
        from pipeline.run.listening import listen_to

        found = listen_to(audio).preflight
        if json_out:
            sys.stdout.write(found.model_dump_json(indent=1) + "\n")
        else:
            _show(found)


def _show(found: "Preflight") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    table = Table("", "項目", "測定値", "説明", box=None, pad_edge=False)
    for finding in found.findings:
        table.add_row(_MARKS[finding.state], finding.name, finding.measured, finding.text)
    console.print(f"録音 {found.acoustics.duration_ms / 60000:.1f}分")
    console.print(table)
    advice = list(dict.fromkeys(finding.advice for finding in found.findings if finding.advice))
    if advice:
        console.print("\n次の会議で変えること")
        for line in advice:
            console.print(f"  ・{line}")
    if found.expected:
        console.print(
            f"\n見込み: 同梱のモデル（{found.expected.model}）で、認識率はおよそ"
            f"{found.expected.low:.0f}〜{found.expected.high:.0f}%です。"
            "話し方や固有名詞によって外れることがあります。実際の率は kaigiroku evaluate で測ってください。"
        )
