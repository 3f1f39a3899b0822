"""kaigiroku import: minutes that were corrected in Word come back."""

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.failures import told

if TYPE_CHECKING:
    from pipeline.returned.body import Difference


def import_word(
    word: Annotated[Path, typer.Argument(metavar="FILE.docx", help="The corrected Word file.")],
    target: Annotated[Path, typer.Argument(help="The folder of the draft, or a library (with --meeting).")],
    meeting: Annotated[str | None, typer.Option(help="The meeting in the library.")] = None,
    template: Annotated[
        str | None, typer.Option(help="The form it was printed in (default: found out among the program's).")
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who corrected it (default: this user).")] = None,
    try_only: Annotated[bool, typer.Option("--try", help="Only show what is different.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Take it though most of the turns are missing from it.")
    ] = False,
) -> None:
    """Take in minutes that were corrected in Word, as a new version; what is different is shown."""
    with told():
        from pipeline.render.form_folder import form_folder
        from pipeline.run.import_word import into_folder, into_library
        from pipeline.store.library import Library

        form = form_folder(template) if template else None
        if meeting is None:
            found = into_folder(word, target, form, anyway=force, try_only=try_only)
        else:
            library = Library.open(target)
            try:
                author = by or getpass.getuser()
                found = into_library(word, library, meeting, author, form, anyway=force, try_only=try_only)
            finally:
                library.close()
        _show(found, try_only)


def _show(found: "tuple[Difference, ...]", try_only: bool) -> None:
    for difference in found:
        sys.stdout.write(difference.told() + "\n")
    ended = "" if not found else "(まだ取り込んでいません)" if try_only else "を取り込みました"
    sys.stdout.write(f"{len(found)}件の違い{ended}\n" if found else "違いはありません\n")
