"""kaigiroku review: the clerk's application on a library."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import options
from pipeline.cli.failures import told


def review(
    library: Annotated[Path, typer.Argument(help="Folder of the library; made when missing.")],
    host: Annotated[str, typer.Option(help="Address to listen on; others than this computer need accounts.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8765,
    certificate: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Certificate (PEM) for https.")
    ] = None,
    key: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Its private key (PEM).")] = None,
    behind_proxy: Annotated[bool, typer.Option("--behind-proxy", help="A proxy in front of it speaks https.")] = False,
    upload_limit: Annotated[int, typer.Option(min=1, help="Largest recording to upload, in MiB.")] = 4096,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser.")] = True,
    drafting: Annotated[
        bool, typer.Option("--drafting/--no-drafting", help="Make drafts here; not where `batch --watch` makes them.")
    ] = True,
    model: options.Model = options.DEFAULT_MODEL,
    diarization: options.Diarization = None,
    device: options.Device = "auto",
    dictionary: options.Dictionary = None,
    template: options.Template = None,
    official_spelling: options.OfficialSpelling = False,
    replay: options.Replay = None,
) -> None:
    """Open the application where drafts are corrected. Stop it with Ctrl-C; nothing that was typed is lost."""
    with told():
        from pipeline.review.server import serve
        from pipeline.review.settings import MEBIBYTE, ReviewSettings

        settings = ReviewSettings(
            host=host,
            port=port,
            certificate=certificate,
            key=key,
            behind_proxy=behind_proxy,
            upload_limit=upload_limit * MEBIBYTE,
            draft_here=drafting,
            drafts=options.draft_options(
                model,
                device,
                None,
                None,
                replay,
                diarization=diarization,
                dictionary=dictionary,
                template=template,
                official_spelling=official_spelling,
            ),
        )
        serve(library, settings, lambda address: typer.echo(f"{address}  (Ctrl-C stops it)"), browser=browser)
