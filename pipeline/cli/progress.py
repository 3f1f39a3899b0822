"""Progress of a draft in the terminal: a line per stage with elapsed and remaining time, on stderr."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from pipeline.run.execute import StageRun


class TerminalReporter:
    """A run.execute.Reporter. In a pipe or a log it prints one plain line per finished stage instead of drawing."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._tasks: dict[str, TaskID] = {}
        self._bars = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.fields[stage]:<13}"),
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
            console=self._console,
            disable=not self._console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def started(self, stage: str) -> None:
        self._tasks[stage] = self._bars.add_task("", total=1.0, stage=stage, note="")

    def progress(self, stage: str, fraction: float) -> None:
        self._bars.update(self._tasks[stage], completed=fraction)

    def done(self, run: StageRun) -> None:
        note = "kept from before" if run.reused else ""
        self._bars.update(self._tasks[run.stage], completed=1.0, note=note)
        if not self._console.is_terminal:
            self._console.print(f"{run.stage}: {note or f'{run.seconds:.1f} s'}", highlight=False)
