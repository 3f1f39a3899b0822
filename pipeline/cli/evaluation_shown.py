"""An evaluation in the terminal: the figures with their intervals, and what they may be used for."""

from rich.console import Console
from rich.table import Table

from pipeline.evaluate.claim import ClaimAudit
from pipeline.evaluate.corpus import CorpusEvaluation
from pipeline.evaluate.metrics.critical import LABELS
from pipeline.evaluate.metrics.effort import EditEffort
from pipeline.evaluate.metrics.rates import Rate
from pipeline.evaluate.report.words import expected_line
from pipeline.evaluate.results import Evaluation, SystemScores
from pipeline.evaluate.trend import Version
from pipeline.evaluate.uncertainty.paired import PairedTest

_WIDE = 140
"""Columns where nobody looks at a terminal."""


def console_of() -> Console:
    """On stdout; wide where it goes into a file."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_WIDE)


def show(found: Evaluation) -> None:
    """Print it on stdout."""
    console = console_of()
    for system in found.systems:
        _system(console, system)
    for test in found.paired:
        console.print(_paired(test))
    if line := expected_line(found):
        console.print(line)


def _system(console: Console, system: SystemScores) -> None:
    console.print(f"\n[bold]{system.name}[/bold]")
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for rate in system.rates:
        table.add_row(f"Recognition rate, {rate.profile}", rate_shown(rate))
    if system.roles:
        accuracy = system.roles
        turns = f"{accuracy.turns_right} of {accuracy.turns} turns"
        table.add_row("Right role", f"{_share(accuracy.by_characters)} of characters, {turns}")
    if system.critical:
        for kind in system.critical.kinds:
            invented = f", {kind.invented} invented" if kind.invented else ""
            table.add_row(f"Wrong {LABELS[kind.kind]}", f"{kind.wrong} of {kind.total}{invented}")
    for rates in system.speakers:
        table.add_row(f"{rates.name}CER", _share(rates.rate))
    if system.diarization:
        table.add_row("DER / JER", f"{_share(system.diarization.der)} / {_share(system.diarization.jer)}")
    if system.effort:
        _effort(table, system.effort)
    console.print(table)
    if system.claim:
        _claim(console, system.claim)
    _warn(console, system)


def _claim(console: Console, claim: ClaimAudit) -> None:
    """Decided conditions in words; of the undecided ones how many there are."""
    console.print(f"[bold]Claim of {claim.claimed:g} %[/bold]")
    first = claim.findings[0]
    decided = [finding for finding in claim.findings if finding.verdict != "undecided" or finding is first]
    for finding in decided:
        console.print(f"  {finding.condition}: {finding.words}")
    if undecided := len(claim.findings) - len(decided):
        console.print(f"  {undecided} further conditions are too small to decide.")


def rate_shown(rate: Rate) -> str:
    """A rate with its interval, and what it means where it is odd."""
    if rate.percent is None:
        return "nothing to score: the reference is empty"
    interval = f" (95 % interval {rate.interval.low:.1f} to {rate.interval.high:.1f})" if rate.interval else ""
    below = "; below 0: more characters were invented or wrong than were said" if rate.percent < 0 else ""
    return f"{rate.percent:.1f} %{interval}, {rate.counts.errors} errors in {rate.counts.reference} characters{below}"


def _effort(table: Table, effort: EditEffort) -> None:
    table.add_row("Edit effort", f"{_share(effort.changed_share)} of characters changed")
    table.add_row(
        "Turns changed",
        f"{effort.turns_changed} of {effort.turns} (text {effort.text_changed}, "
        f"role {effort.role_changed}, divided or joined {effort.turns_divided_or_joined})",
    )
    for change in effort.role_changes:
        table.add_row(
            "Role",
            f"{change.before} → {change.after}: {change.turns} turns" + (" (everywhere)" if change.everywhere else ""),
        )
    if effort.audio_to_change_ms is not None and effort.audio_ms:
        table.add_row(
            "Audio to change", f"{effort.audio_to_change_ms / 60000:.1f} of {effort.audio_ms / 60000:.1f} min"
        )
    if effort.clerk_ms is not None:
        per_hour = effort.clerk_minutes_per_hour
        table.add_row("Time it took", f"{effort.clerk_ms / 60000:.0f} min, {per_hour or 0:.0f} min per recorded hour")


def _warn(console: Console, system: SystemScores) -> None:
    main = system.main
    if main and not main.sample.enough:
        reasons = "、".join(main.sample.reasons)
        needed = main.sample.minutes_needed
        console.print(f"[yellow]The sample is too small to say anything:[/yellow] {reasons}")
        if needed:
            console.print(f"  For ±1 point about {needed} minutes of speech like this are needed.")
    for note in system.notes:
        console.print(f"  {note}")


def _paired(test: PairedTest) -> str:
    interval = f" (95 % interval {test.interval.low:+.1f} to {test.interval.high:+.1f})" if test.interval else ""
    verdict = {
        "first": f"{test.first} is better",
        "second": f"{test.second} is better",
        "undecided": "no difference shown",
    }
    return (
        f"\n{test.first} against {test.second}: {test.difference:+.1f} points{interval}, p = {test.p_value:.3g}: "
        f"[bold]{verdict[test.verdict]}[/bold]"
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def show_corpus(found: CorpusEvaluation) -> None:
    """Print all meetings together, and a line for each."""
    console = console_of()
    for total in found.totals:
        console.print(f"\n[bold]{total.name}[/bold], {total.meetings} meetings")
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        for rate in total.rates:
            table.add_row(f"Recognition rate, {rate.profile}", rate_shown(rate))
        for group in total.groups:
            table.add_row(f"  {group.dimension} {group.name}", rate_shown(group.rate))
        for kind in total.critical:
            table.add_row(f"Wrong {LABELS[kind.kind]}", f"{kind.wrong} of {kind.total}")
        if effort := total.effort:
            table.add_row("Edit effort", f"{_share(effort.characters.rate)} of characters changed")
            table.add_row("Turns changed", f"{effort.turns_changed} of {effort.turns}")
            if effort.clerk_minutes_per_hour is not None:
                table.add_row("Time it took", f"{effort.clerk_minutes_per_hour:.0f} min per recorded hour")
        console.print(table)
        if total.claim:
            _claim(console, total.claim)
    for test in found.paired:
        console.print(_paired(test))
    for note in found.notes:
        console.print(note)


def show_history(found: tuple[Version, ...]) -> None:
    """Print a line per model and dictionary version, in order of first use."""
    console = console_of()
    if not found:
        console.print("Nothing was measured yet: kaigiroku evaluate DRAFT --reference FILE.")
        return
    names = (
        "System",
        "Model",
        "Dictionary",
        "Profile",
        "From",
        "To",
        "Recordings",
        "Rate",
        "Change",
        "Edited",
        "min/h",
    )
    table = Table(*names, box=None, pad_edge=False)
    for version in found:
        gain = "" if version.against_previous is None else f"{version.against_previous:+.1f}"
        time = version.clerk_minutes_per_hour
        table.add_row(
            version.system,
            version.model or "–",
            version.dictionary[:8] or "–",
            version.profile,
            version.first_day,
            version.last_day,
            str(version.recordings),
            "–" if version.percent is None else f"{version.percent:.1f} %",
            gain,
            _share(version.changed_share),
            "" if time is None else f"{time:.0f}",
        )
    console.print(table)
    console.print("Change: points against the version before, on the recordings that both were measured on.")
