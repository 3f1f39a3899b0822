"""kaigiroku batch: many recordings, one queue, and going on after anything."""

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from pipeline.cli import options
from pipeline.cli.failures import told
from pipeline.errors import BatchFailedError, UsageError

if TYPE_CHECKING:
    from pipeline.cli.batch_board import Lines
    from pipeline.records.job import Failure
    from pipeline.run.attempt import Ended
    from pipeline.run.nightly import Hours
    from pipeline.store.library import Library
    from pipeline.store.tables.jobs import JobRow


class _RunByDefault(TyperGroup):
    """`batch FOLDER` is `batch run FOLDER`."""

    def parse_args(self, ctx: "typer.Context", args: list[str]) -> list[str]:  # type: ignore[override]
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_RunByDefault, pretty_exceptions_enable=False)

Source = Annotated[
    str | None, typer.Argument(metavar="[FOLDER|LIST.csv]", help="Recordings; left out: only what is queued.")
]
LibraryFolder = Annotated[Path, typer.Option("--library", "-l", help="The library's folder.")]
Job = Annotated[list[int], typer.Argument(help="Numbers from `kaigiroku batch status`.")]


@app.command("run")
def run(
    library: Annotated[Path, typer.Option("--library", "-l", help="The library's folder; made when missing.")],
    source: Source = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and take in what appears, once completely written.")
    ] = False,
    between: Annotated[str | None, typer.Option(help="Work only in these hours, e.g. 20:00-07:00.")] = None,
    priority: Annotated[int, typer.Option(help="Higher comes first; 100 for what is needed tomorrow.")] = 0,
    executor: Annotated[str, typer.Option(help="processes, serial or ray.")] = "processes",
    workers: Annotated[int | None, typer.Option(min=1, help="Default: from cores and memory.")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Of each worker. Default: from cores and workers.")] = None,
    ray_address: Annotated[
        str | None, typer.Option(help="Of a running Ray cluster; left out: one on this machine.")
    ] = None,
    ray_dashboard: Annotated[bool, typer.Option("--ray-dashboard", help="Start Ray's dashboard (loopback).")] = False,
    model: options.Model = options.DEFAULT_MODEL,
    diarization: options.Diarization = None,
    device: options.Device = "auto",
    formats: options.Formats = None,
    dictionary: options.Dictionary = None,
    template: options.Template = None,
    official_spelling: options.OfficialSpelling = False,
    quiet: options.Quiet = False,
    json_out: Annotated[bool, typer.Option("--json", help="Print the summary as JSON on stdout.")] = False,
    end_with_stdin: Annotated[
        bool, typer.Option(hidden=True, help="End when stdin closes (started by review).")
    ] = False,
    replay: options.Replay = None,
) -> None:
    """Draft many meetings. Killed at any moment, the same command goes on where it stopped."""
    with told():
        from pipeline.run.batch import Batch, BatchSettings
        from pipeline.run.collect import Collector
        from pipeline.run.workers.executors import Wanted, pool_for
        from pipeline.store.library import Library

        wanted = options.draft_options(
            model,
            device,
            None,
            formats,
            replay,
            diarization=diarization,
            dictionary=dictionary,
            official_spelling=official_spelling,
            template=template,
        )
        hours = _hours(between)
        recordings = _recordings(source)
        shelf = Library.open(library, create=True)
        collector = Collector(shelf, recordings, wanted, priority, watch)
        pool_wanted = Wanted(executor, workers, threads, ray_address, ray_dashboard)
        with (
            _board(shelf, quiet or json_out) as board,
            pool_for(wanted.engines, pool_wanted) as pool,
            _stop(end_with_stdin) as stopped,
        ):
            batch = Batch(shelf, pool, BatchSettings(pool.size, hours, watch), board, collector.look, stopped)
            results = batch.run()
        _told(shelf, results, collector.failures, quiet, json_out)


def _recordings(source: str | None) -> Path | None:
    if source is None:
        return None
    from pipeline.run.intake import check_source
    from pipeline.run.places import place

    found = place(source)
    check_source(found)
    return found


def _hours(between: str | None) -> "Hours | None":
    from pipeline.run.nightly import Hours

    try:
        return Hours.parse(between) if between else None
    except ValueError as error:
        raise UsageError(f"--between {error}.", "Give two times of day, e.g. 20:00-07:00.") from None


def _board(library: "Library", silent: bool) -> "Lines":
    from rich.console import Console

    from pipeline.cli.batch_board import Lines, LiveTable

    console = Console(stderr=True, quiet=silent)
    return LiveTable(library, console) if console.is_terminal and not silent else Lines(library, console)


@contextmanager
def _stop(end_with_stdin: bool) -> Iterator[Callable[[], bool]]:
    """Whether to end: a service is asked to with SIGTERM, a child of the review application by closing its stdin."""
    asked = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: asked.set())
    if end_with_stdin:
        threading.Thread(target=_wait_for_stdin, args=(asked,), daemon=True).start()
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGTERM, before)


def _wait_for_stdin(closed: threading.Event) -> None:
    sys.stdin.read()
    closed.set()


def _told(
    library: "Library",
    results: "Sequence[tuple[JobRow, Ended]]",
    refused: "Sequence[Failure]",
    quiet: bool,
    json_out: bool,
) -> None:
    """The summary; raises BatchFailedError when anything failed."""
    from pipeline.run.batch import failures

    if json_out:
        rows = [{"job": job.id, "meeting": job.meeting_id, **ended.model_dump(mode="json")} for job, ended in results]
        answer = {"jobs": rows, "refused": [failure.model_dump(mode="json") for failure in refused]}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1) + "\n")
    elif not quiet:
        from rich.console import Console

        from pipeline.cli.batch_board import summary

        summary(Console(highlight=False), library, results, refused)
    failed = len(failures(results)) + len(refused)
    if failed:
        raise BatchFailedError(
            f"{failed} of {len({job.id for job, _ in results}) + len(refused)} meetings have no draft.",
            "See above, or `kaigiroku batch status`; then `kaigiroku batch retry NUMBER`.",
        )


@app.command("status")
def status(
    library: LibraryFolder,
    everything: Annotated[bool, typer.Option("--all", help="Also what has ended well.")] = False,
    json_out: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show the queue: what waits, what is at work, what failed and what to do about it."""
    with told():
        from pipeline.cli.batch_board import print_queue
        from pipeline.store.library import Library
        from pipeline.store.queue import jobs
        from pipeline.store.tables.jobs import JobState

        shelf = Library.open(library)
        found = [job for job in jobs(shelf) if everything or job.state is not JobState.DONE]
        print_queue(shelf, found, json_out)


@app.command("retry")
def retry(job: Job, library: LibraryFolder) -> None:
    """Put jobs that failed, were set aside or cancelled back into the queue."""
    with told():
        from pipeline.store.library import Library
        from pipeline.store.queue import retry as again

        shelf = Library.open(library)
        for number in job:
            sys.stdout.write(f"job {number}: {again(shelf, number).state}\n")


@app.command("cancel")
def cancel(job: Job, library: LibraryFolder) -> None:
    """Call jobs off: at once when they wait, at their next step when they are at work. Finished stages stay."""
    with told():
        from pipeline.store.library import Library
        from pipeline.store.queue import cancel as call_off

        shelf = Library.open(library)
        for number in job:
            found = call_off(shelf, number)
            sys.stdout.write(f"job {number}: {'stopping' if found.cancel else found.state}\n")
