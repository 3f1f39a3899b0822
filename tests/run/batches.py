"""What the tests of batches share: small recordings, a library, and a batch over it on the replay engines."""

import itertools
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np

from pipeline.records.job import DraftOptions, EngineChoice
from pipeline.run.attempt import Ended
from pipeline.run.batch import Batch, BatchSettings
from pipeline.run.collect import Collector
from pipeline.run.workers.executors import Wanted, pool_for
from pipeline.store.library import Library
from pipeline.store.tables.jobs import JobRow

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "audio_samples" / "meeting.opus"
MEETING = ROOT / "audio_samples" / "meeting.toml"
REPLAY = ROOT / "tests" / "data" / "replay_short"
"""Two sentences: what the stages after the engines do with a whole meeting takes seconds, and is not looked at here."""
OPTIONS = DraftOptions(engines=EngineChoice(replay=REPLAY), formats=("txt", "json"))
_pitch = itertools.count(200, 10)


def tone(path: Path, seconds: float = 1.0) -> Path:
    """A recording that no other test has: a second of a tone."""
    times = np.arange(int(16_000 * seconds)) / 16_000
    samples = (8_000 * np.sin(2 * np.pi * next(_pitch) * times)).astype("<i2")
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(samples.tobytes())
    return path


class Watcher:
    """A board that remembers, and may do something at every look."""

    def __init__(self, each: Callable[[], None] = lambda: None) -> None:
        self.taken: list[int] = []
        self.rested = False
        self._each = each

    def took(self, job: JobRow) -> None:
        self.taken.append(job.id)

    def ended(self, job: JobRow, ended: Ended) -> None: ...

    def now(self, progress: dict[int, dict[str, float]], resting: bool) -> None:
        self.rested = self.rested or resting
        self._each()


def worked(
    library: Library,
    source: Path | None = None,
    *,
    executor: str = "serial",
    options: DraftOptions = OPTIONS,
    board: Watcher | None = None,
    collector: Collector | None = None,
    settings: BatchSettings | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> list[tuple[JobRow, Ended]]:
    """One batch over the source and whatever waits in the library."""
    collector = collector or Collector(library, source, options)
    with pool_for(options.engines, Wanted(executor, workers=2, threads=1)) as pool:
        wanted = settings or BatchSettings(at_once=pool.size)
        return Batch(library, pool, wanted, board or Watcher(), collector.look, stopped).run()


def drafts(library: Library) -> dict[str, bytes]:
    """Everything that must be the same between runs, by the name of the first recording: what machines made, without
    run.json (it tells seconds) and locks."""
    found = {}
    for meeting in library.meetings():
        out = library.workspace(meeting.id).out_dir
        for path in sorted(out.rglob("*")):
            if path.is_file() and path.name not in ("run.json", ".lock"):
                found[f"{meeting.sources[0].name}/{path.relative_to(out)}"] = path.read_bytes()
    return found
