"""What a batch does, in the terminal: a live table where there is one, else a line per event; and the summary."""

import json
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from pipeline.records.job import Failure
from pipeline.run.attempt import Ended
from pipeline.store.library import Library
from pipeline.store.queue import jobs
from pipeline.store.tables.jobs import JobRow, JobState

_COUNT_S = 2.0
"""Between looks at how many wait."""


def title(library: Library, meeting_id: str) -> str:
    """What a person calls the meeting: its name, else its recording's."""
    meeting = library.meeting(meeting_id)
    return meeting.fields.name or meeting.sources[0].name


class Lines:
    """A run.batch.Board that prints a line per event: for logs and services."""

    def __init__(self, library: Library, console: Console) -> None:
        self._library = library
        self._console = console
        self._rested = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def took(self, job: JobRow) -> None:
        self._say(f"job {job.id} begins: {title(self._library, job.meeting_id)}")

    def ended(self, job: JobRow, ended: Ended) -> None:
        told = f": {ended.failure.cause}" if ended.failure else ""
        self._say(f"job {job.id} {ended.state} after {ended.seconds:.0f} s{told}")

    def now(self, progress: dict[int, dict[str, float]], resting: bool) -> None:  # noqa: ARG002
        if resting != self._rested:
            self._say("resting until the hours begin" if resting else "the hours have begun")
            self._rested = resting

    def _say(self, line: str) -> None:
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)


class LiveTable(Lines):
    """The same, with a table of what is at work below."""

    def __init__(self, library: Library, console: Console) -> None:
        super().__init__(library, console)
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._titles: dict[int, str] = {}
        self._counted = float("-inf")
        self._counts = ""

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def took(self, job: JobRow) -> None:
        self._titles[job.id] = title(self._library, job.meeting_id)

    def now(self, progress: dict[int, dict[str, float]], resting: bool) -> None:
        if time.monotonic() - self._counted >= _COUNT_S:
            found = [job.state for job in jobs(self._library)]
            self._counts = ", ".join(f"{found.count(state)} {state}" for state in JobState if state in found)
            self._counted = time.monotonic()
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        for number, stages in progress.items():
            for stage, fraction in [item for item in stages.items() if item[1] < 1.0]:
                name = Text(self._titles.get(number, ""), overflow="ellipsis", no_wrap=True)
                table.add_row(str(number), name, stage, ProgressBar(1.0, fraction, width=30), f"{fraction:4.0%}")
        head = Text(f"{'resting until the hours begin; ' if resting else ''}{self._counts}")
        self._live.update(Group(head, table), refresh=True)


def summary(
    console: Console, library: Library, results: Sequence[tuple[JobRow, Ended]], refused: Sequence[Failure]
) -> None:
    """One row per job that ended, failures with what to do next. refused: what did not come into the library."""
    table = _table("job", "meeting", "state", "audio min", "s", "× length")
    for job, ended in results:
        length = f"{ended.audio_s / 60:.1f}" if ended.audio_s else ""
        pace = f"{ended.seconds / ended.audio_s:.3f}" if ended.audio_s else ""
        name = title(library, job.meeting_id)
        table.add_row(str(job.id), name, str(ended.state), length, f"{ended.seconds:.0f}", pace)
    console.print(table if results else "No job was worked on.")
    for job, ended in results:
        if ended.failure:
            _print_failure(console, f"job {job.id}: ", ended.failure)
    for failure in refused:
        _print_failure(console, "not taken in: ", failure)


def print_queue(library: Library, found: Sequence[JobRow], json_out: bool) -> None:
    """The jobs as a table, or as JSON on stdout."""
    console = Console(highlight=False)
    if json_out:
        console.file.write(json.dumps([_plain(library, job) for job in found], ensure_ascii=False, indent=1) + "\n")
        return
    table = _table("job", "meeting", "state", "priority", "tries", "stage")
    for job in found:
        at = ", ".join(f"{stage} {fraction:.0%}" for stage, fraction in job.progress.items() if fraction < 1.0)
        at = at if job.state is JobState.RUNNING else ""
        name = title(library, job.meeting_id)
        table.add_row(str(job.id), name, str(job.state), str(job.priority), str(job.attempts), at)
    console.print(table if found else "Nothing waits, nothing failed.")
    for job in found:
        if job.failure:
            _print_failure(console, f"job {job.id}: ", job.failure)


def _plain(library: Library, job: JobRow) -> dict[str, object]:
    return {
        "job": job.id,
        "meeting": job.meeting_id,
        "name": title(library, job.meeting_id),
        "state": job.state,
        "priority": job.priority,
        "attempts": job.attempts,
        "progress": job.progress,
        "failure": job.failure.model_dump(mode="json") if job.failure else None,
    }


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column)
    return table


def _print_failure(console: Console, who: str, failure: Failure) -> None:
    console.print(f"{who}{failure.cause}\n  next: {failure.remedy}", highlight=False, markup=False, soft_wrap=True)
