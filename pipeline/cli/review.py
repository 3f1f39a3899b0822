"""kaigiroku review: the clerk's application on a library."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.failures import told


def review(
    library: Annotated[Path, typer.Argument(help="Folder of the library; made when missing.")],
    host: Annotated[str, typer.Option(help="Address to listen on; others than this computer need accounts.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8765,
    certificate: Annotated[Path | None, typer.Option(help="Certificate (PEM) for https.")] = None,
    key: Annotated[Path | None, typer.Option(help="Its private key (PEM).")] = None,
    behind_proxy: Annotated[bool, typer.Option("--behind-proxy", help="A proxy in front of it speaks https.")] = False,
    upload_limit: Annotated[int, typer.Option(min=1, help="Largest recording to upload, in MiB.")] = 4096,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser.")] = True,
    replay: Annotated[Path | None, typer.Option(hidden=True, help="Replay recorded engine results (tests).")] = None,
) -> None:
    """Open the application where drafts are corrected. Stop it with Ctrl-C; nothing that was typed is lost."""
    with told():
        from pipeline.records.job import DraftOptions, EngineChoice
        from pipeline.review.server import serve
        from pipeline.review.settings import MEBIBYTE, ReviewSettings

        settings = ReviewSettings(
            host=host,
            port=port,
            certificate=certificate,
            key=key,
            behind_proxy=behind_proxy,
            upload_limit=upload_limit * MEBIBYTE,
            drafts=DraftOptions(engines=EngineChoice(replay=replay)),
        )
        serve(library, settings, lambda address: typer.echo(f"{address}  (Ctrl-C stops it)"), browser=browser)
