"""`kaigiroku doctor`: what works on this machine, what is missing, and how to get it."""

import json
from typing import Annotated

import typer

from pipeline.cli.failures import told

_MARKS = {"ok": "[green]ok[/green]", "note": "[yellow]note[/yellow]", "missing": "[red]missing[/red]"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable, on stdout.")] = False,
) -> None:
    """Tell what works on this machine, what is missing and how to get it. Exit code 1: no draft can be made."""
    with told():
        from pipeline.cli.checks import examine

        checks = examine()
        able = all(check.state != "missing" for check in checks)
        if as_json:
            rows = [check.model_dump() for check in checks]
            typer.echo(json.dumps({"can_draft": able, "checks": rows}, ensure_ascii=False, indent=1))
        else:
            from rich.console import Console
            from rich.table import Table

            table = Table("", "What", "Found", "To do", box=None, pad_edge=False)
            for check in checks:
                table.add_row(_MARKS[check.state], check.name, check.found, check.remedy)
            console = Console()
            console.print(table)
            console.print("This machine can draft minutes." if able else "[red]No draft can be made yet.[/red]")
    if not able:
        raise typer.Exit(1)
