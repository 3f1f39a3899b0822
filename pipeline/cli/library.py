"""kaigiroku library: what is done with a library as a whole."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.failures import told

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def library() -> None:
    """What is done with a library as a whole."""


@app.command("move")
def move(
    folder: Annotated[Path, typer.Argument(metavar="LIBRARY", help="The library's folder.")],
    url: Annotated[str, typer.Argument(help="An empty database: postgresql://user@host/name (docs/operate.md).")],
) -> None:
    """Move the library's database onto a PostgreSQL server. Stop `review` and `batch`, and make a backup, first."""
    with told():
        from pipeline.store.move import MOVED
        from pipeline.store.move import move as moved

        moved(folder, url)
        sys.stdout.write(f"{folder}: works on the server from now on; {MOVED} may be deleted when all is well\n")
