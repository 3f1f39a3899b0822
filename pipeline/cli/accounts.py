"""kaigiroku accounts: who may log in to `kaigiroku review`, kept in the library's database."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.failures import told
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.store.people import People
    from pipeline.store.tables.people import AccountRow, Rank

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
_BY = "(command line)"
"""As whom the audit log names who used these commands."""

LibraryFolder = Annotated[Path, typer.Option("--library", "-l", help="The library's folder.")]
Name = Annotated[str, typer.Argument(help="The name to log in with.")]
Shown = Annotated[str | None, typer.Option(help="The name that colleagues read.")]
RankName = Annotated[str | None, typer.Option("--rank", help="clerk, approver or administrator.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from stdin, for scripts.")]


@app.command("add")
def add(
    name: Name, library: LibraryFolder, shown: Shown = None, rank: RankName = "clerk", password_stdin: FromStdin = False
) -> None:
    """Make an account; the password is asked for. From the first one on everybody has to log in."""
    with told(), _people(library, create=True) as people:
        from pipeline.review.login import account_name, name_fault
        from pipeline.review.passwords import hashed
        from pipeline.store.tables.people import Rank

        name = account_name(name)
        chosen = _rank(rank or "clerk")
        if fault := name_fault(name):
            raise UsageError(f"{name}: {fault}", "Choose another name.")
        if people.account(name) is not None:
            raise UsageError(f"{name}: has an account already.", "See `kaigiroku accounts change` and `password`.")
        if chosen is not Rank.ADMINISTRATOR and not people.exist():
            raise UsageError("The first account has to be an administrator's.", "Add --rank administrator.")
        people.put(name, shown=shown or name, rank=chosen, password=hashed(_password(name, password_stdin)))
        people.note(_BY, "account-added", detail=f"{name} {chosen}")
        _say(f"{name}: may log in as {chosen}")


@app.command("list")
def list_accounts(library: LibraryFolder) -> None:
    """Print name, rank, state and shown name of every account."""
    with told(), _people(library) as people:
        for row in people.accounts():
            _say("\t".join((row.name, row.rank, "enabled" if row.enabled else "disabled", row.shown)))


@app.command("change")
def change(
    name: Name,
    library: LibraryFolder,
    shown: Shown = None,
    rank: RankName = None,
    enable: Annotated[bool, typer.Option("--enable", help="Let a removed account log in again.")] = False,
) -> None:
    """Change the name that colleagues read or the rank, or take a removed account back."""
    with told(), _people(library) as people:
        row = _row(people, name)
        enabled = row.enabled or enable
        chosen = row.rank if rank is None else _rank(rank)
        people.put(row.name, shown=shown or row.shown, rank=chosen, password=None, enabled=enabled)
        people.note(_BY, "account-changed", detail=f"{row.name} {chosen}{'' if enabled else ' disabled'}")


@app.command("remove")
def remove(name: Name, library: LibraryFolder) -> None:
    """Log an account out and keep it from logging in. Its name stays, because the history of edits names it."""
    with told(), _people(library) as people:
        row = _row(people, name)
        people.put(row.name, shown=row.shown, rank=row.rank, password=None, enabled=False)
        people.note(_BY, "account-changed", detail=f"{row.name} disabled")
        _say(f"{row.name}: may no longer log in")


@app.command("password")
def password(name: Name, library: LibraryFolder, password_stdin: FromStdin = False) -> None:
    """Give an account a new password, and log it out everywhere."""
    with told(), _people(library) as people:
        from pipeline.review.passwords import hashed

        row = _row(people, name)
        new = hashed(_password(row.name, password_stdin))
        people.put(row.name, shown=row.shown, rank=row.rank, password=new, enabled=row.enabled)
        people.note(_BY, "password-changed", detail=row.name)


@app.command("log")
def log(library: LibraryFolder, limit: Annotated[int, typer.Option(min=1, help="How many entries.")] = 100) -> None:
    """Print who did what, latest first: time (UTC), account, address, action, meeting, detail."""
    with told(), _people(library) as people:
        for row in people.log(limit):
            moment = f"{row.at:%Y-%m-%dT%H:%M:%SZ}"
            _say("\t".join((moment, row.account, row.address, row.action, row.meeting_id or "", row.detail)))


@contextmanager
def _people(folder: Path, *, create: bool = False) -> "Iterator[People]":
    from pipeline.store.library import Library
    from pipeline.store.people import People

    library = Library.open(folder, create=create)
    try:
        yield People(library)
    finally:
        library.close()


def _row(people: "People", name: str) -> "AccountRow":
    from pipeline.review.login import account_name

    row = people.account(account_name(name))
    if row is None:
        raise UsageError(f"{name}: has no account.", "See `kaigiroku accounts list`.")
    return row


def _rank(text: str) -> "Rank":
    from pipeline.store.tables.people import Rank

    try:
        return Rank(text)
    except ValueError:
        raise UsageError(f"--rank {text}: unknown.", f"Choose from {', '.join(Rank)}.") from None


def _password(name: str, from_stdin: bool) -> str:
    """Asked for twice without being shown, or one line of stdin."""
    from pipeline.review.passwords import weakness

    given = sys.stdin.readline().rstrip("\r\n") if from_stdin else _asked()
    if fault := weakness(given, name):
        raise UsageError(fault, "Choose another password.")
    return given


def _asked() -> str:
    if not sys.stdin.isatty():
        raise UsageError("There is no terminal to ask for the password.", "Give it with --password-stdin.")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
