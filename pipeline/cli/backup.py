"""kaigiroku backup and restore: a library onto another disk, while people work with it, and back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.failures import told
from pipeline.errors import BackupError

if TYPE_CHECKING:
    from pipeline.store.backup.folder import Backup
    from pipeline.store.backup.make import Tell

LibraryFolder = Annotated[Path, typer.Argument(help="The library's folder.")]
BackupsFolder = Annotated[Path, typer.Argument(help="The folder that backups lie in.")]
Number = Annotated[int | None, typer.Option(min=1, help="Which backup (see --list); the last one if not given.")]


def backup(
    library: LibraryFolder,
    target: Annotated[Path, typer.Argument(help="A folder on another disk; earlier backups in it stay.")],
    also: Annotated[
        list[Path] | None, typer.Option(help="A file or folder outside the library: dictionary, voices, forms.")
    ] = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Remove all backups in the folder but the last so many.")
    ] = None,
) -> None:
    """Back a library up while people work with it. What earlier backups in the folder have is not copied again."""
    with told():
        from pipeline.store.backup.make import back_up
        from pipeline.store.library import Library

        opened = Library.open(library)
        try:
            with _progress() as tell:
                number, made = back_up(opened, target, tell, also=also or (), keep=keep)
        finally:
            opened.close()
        _say(f"backup {number}: {_what(made)} in {target}")
        if made.faults:
            raise BackupError(
                f"{len(made.faults)} files of the library are missing or damaged: {'; '.join(made.faults[:3])}.",
                "All else is backed up. Put these files back from an earlier backup, or remove their meetings.",
                file=library,
            )


def restore(
    source: BackupsFolder,
    library: Annotated[Path | None, typer.Argument(help="The folder to put the library in: new, or empty.")] = None,
    number: Number = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Set a library that is there aside, as LIBRARY.before-restore.")
    ] = False,
    partly: Annotated[bool, typer.Option("--partly", help="Leave out files that are damaged in the backup.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="Only list the backups in the folder.")] = False,
) -> None:
    """Put a backup back as a library, every byte checked. Without LIBRARY the backup is only checked."""
    with told():
        from pipeline.store.backup import restore as restoring
        from pipeline.store.backup.folder import BackupFolder

        folder = BackupFolder(source)
        if listed:
            for each in folder.numbers():
                _say(f"{each}\t{_what(folder.read(each))}")
            return
        with _progress() as tell:
            if library is None:
                found, damaged = restoring.check(folder, tell, number)
            else:
                found, damaged = restoring.restore(folder, library, tell, number=number, replace=replace, partly=partly)
        for line in (*found.faults, *damaged):
            print(f"warning: {line}", file=sys.stderr)  # noqa: T201
        _say(f"{'checked' if library is None else f'restored to {library}'}: {_what(found)}")
        if damaged:
            raise BackupError(
                f"{source}: {len(damaged)} files of this backup are damaged or missing.",
                "Take them from another backup (--number), and make a new one.",
                file=source,
            )


@contextmanager
def _progress() -> "Iterator[Tell]":
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    console = Console(stderr=True)
    columns = (BarColumn(bar_width=30), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task("")
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _what(made: "Backup") -> str:
    meetings = {kept.path.split("/")[1] for kept in made.files if kept.path.startswith("meetings/")}
    when = f"{made.made_at.astimezone():%Y-%m-%d %H:%M}"
    return f"{len(meetings)} meetings, {len(made.files)} files, {made.size / 1e6:.1f} MB, as of {when}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
