"""The kaigiroku command. Its modules import nothing heavy, so that --help answers at once."""

import io
import sys

import typer

from pipeline.cli import (
    accounts,
    backup,
    batch,
    check,
    doctor,
    draft,
    evaluate,
    export,
    import_word,
    init,
    learn,
    lexicon,
    library,
    models,
    review,
    template,
    voices,
)

app = typer.Typer(
    name="kaigiroku",
    help="Draft official Japanese minutes (別記第1号様式) from a recorded meeting, offline.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help answers in a third of the time
)
app.command()(draft.draft)
app.command()(check.check)
app.command()(export.export)
app.command("import")(import_word.import_word)
app.command()(learn.learn)
app.command()(init.init)
app.command()(review.review)
app.command()(doctor.doctor)
app.command()(backup.backup)
app.command()(backup.restore)
app.add_typer(evaluate.app, name="evaluate", help="Measure drafts, and any product, on your own recordings.")
app.add_typer(batch.app, name="batch", help="Many recordings, one queue: run (the default), status, retry, cancel.")
app.add_typer(library.app, name="library", help="A library as a whole: move its database onto a server.")
app.add_typer(accounts.app, name="accounts", help="Who may log in to `review`: add, list, change, password, log.")
app.add_typer(lexicon.app, name="lexicon", help="The office's own dictionary: add, list, import, remove, test.")
app.add_typer(template.app, name="template", help="Forms: list, check one's own before use.")
app.add_typer(voices.app, name="voices", help="Voices of people who agreed to be known: enroll, list, forget.")
app.add_typer(models.app, name="models", help="Model weights: what is here, prepare, fetch.")


def main() -> None:
    """Entry point of the kaigiroku command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Windows pipes speak cp932, which lacks signs that names have
            stream.reconfigure(errors="backslashreplace")
    app()
