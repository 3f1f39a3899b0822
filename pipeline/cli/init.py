"""kaigiroku init: a commented meeting.toml to fill in."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.failures import told
from pipeline.errors import OutputError


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write meeting.toml; made when missing.")],
) -> None:
    """Write a commented meeting.toml. An existing one is left as it is."""
    with told():
        from pipeline.config.meeting_file import EXAMPLE
        from pipeline.store.files import write_text_atomic

        target = folder / "meeting.toml"
        if target.exists():
            raise OutputError(f"{target}: is there already.", "Edit it, or name another folder.", file=target)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"{folder}: cannot be made ({error.strerror}).", "Name another folder.", file=folder
            ) from None
        write_text_atomic(target, EXAMPLE)
        typer.echo(f"{target}: fill it in, then: kaigiroku draft AUDIO --meeting {target} --out DIR")
