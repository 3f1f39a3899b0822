"""kaigiroku learn: terms for the dictionary out of what people corrected, each accepted by a person with one key."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.failures import told

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.evaluate.learning.proposals import Proposal

_KEYS = "y = into the dictionary   n = not   q = stop here"


def learn(
    source: Annotated[
        Path, typer.Argument(help="A library, a folder of meetings, or with --corrected a draft's folder.")
    ],
    corrected: Annotated[
        Path | None, typer.Option("--corrected", "-c", help="The minutes (Word …) a person made of the draft.")
    ] = None,
    dictionary: Annotated[
        Path | None, typer.Option(help="The office's dictionary (default: the one `kaigiroku lexicon` keeps).")
    ] = None,
    json_out: Annotated[bool, typer.Option("--json", help="Print the proposals as JSON; nothing is accepted.")] = False,
) -> None:
    """Propose dictionary entries from corrections. Nothing is entered that you did not accept."""
    with told():
        from pipeline.lexicon.dictionary import default_path

        place = dictionary or default_path()
        proposals = _proposals(source, corrected, place)
        if json_out:
            import json

            rows = [proposal.model_dump(mode="json") for proposal in proposals]
            sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
        else:
            _ask(proposals, place)


def _proposals(source: Path, corrected: Path | None, dictionary: Path) -> "tuple[Proposal, ...]":
    from rich.console import Console
    from rich.progress import Progress

    from pipeline.run.learn import corrected_in, corrected_pair, learn

    console = Console(stderr=True)
    meetings = corrected_pair(source, corrected) if corrected else corrected_in(source)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("replaying past meetings", total=1.0)
        return learn(meetings, dictionary, lambda done: bars.update(task, completed=done))


def _ask(proposals: "tuple[Proposal, ...]", dictionary: Path) -> None:
    """One proposal after the other; what was accepted is in the dictionary at once, whatever happens later."""
    from rich.console import Console

    from pipeline.run.learn import accept

    console = Console(highlight=False)
    if not proposals:
        console.print("Nothing to learn: no term was corrected twice that the dictionary does not have.")
        return
    accepted = 0
    for number, proposal in enumerate(proposals, 1):
        _show(console, proposal, f"{number}/{len(proposals)}")
        key = _key(console)
        if key == "q":
            break
        if key == "y":
            accepted += len(accept([proposal], dictionary))
    console.print(f"{accepted} terms added to {dictionary}")


def _show(console: "Console", proposal: "Proposal", place: str) -> None:
    from rich.markup import escape

    console.print(f"\n[bold]{escape(proposal.written)}[/bold]（{proposal.reading}）  {place}")
    heard = escape("、".join(f"「{heard.text}」{heard.count}" for heard in proposal.heard_as))
    times = f"{proposal.misheard} of {proposal.occurrences} times in {proposal.meetings} meetings"
    console.print(f"  misheard {times}, as {heard}")
    for context in proposal.contexts[:3]:
        shown = f"[red]{escape(context.heard)}[/red]→[green]{escape(context.told)}[/green]"
        console.print(f"  …{escape(context.before)}{shown}{escape(context.after)}…")
    if proposal.put_right:
        console.print(f"  put right from now on: {escape('、'.join(f'「{form}」' for form in proposal.put_right))}")
    if effect := proposal.effect:
        console.print(
            f"  replayed: better in {effect.better}, worse in {effect.worse}, neither in {effect.neither} places"
            + ("" if proposal.advisable else "  [yellow]little to gain[/yellow]")
        )
        for before, after in effect.examples if effect.worse else ():
            console.print(f"    {escape(before)} → {escape(after)}")


def _key(console: "Console") -> str:
    """One of y, n, q; without a terminal, or at its end, q: nothing is accepted silently."""
    import click

    if not sys.stdin.isatty():
        answer = sys.stdin.readline().strip().lower()[:1]
        return answer if answer in ("y", "n") else "q"
    console.print(f"  {_KEYS}")
    while (key := click.getchar().lower()) not in ("y", "n", "q", "\x03", "\x04"):
        pass
    return "q" if key in ("\x03", "\x04") else key
