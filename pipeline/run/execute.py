"""Runs a chain in this process: whatever has been made under the same key is used, the rest is made and kept."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from pipeline.contracts import Engine, Progress
from pipeline.errors import EngineError, KaigirokuError
from pipeline.records.base import Record
from pipeline.records.recording import Recording
from pipeline.stages.chain import Results, Stage
from pipeline.store.artifacts import artifact_key, read_artifact, write_artifact
from pipeline.store.recordings import file_digest
from pipeline.store.workspace import Workspace


class StageRun(Record):
    """What became of one stage in one run."""

    stage: str
    key: str
    fingerprint: str
    reused: bool
    seconds: float


class Reporter(Protocol):
    """Told what happens, in order; draws it for a person or stays silent."""

    def started(self, stage: str) -> None: ...

    def progress(self, stage: str, fraction: float) -> None: ...

    def done(self, run: StageRun) -> None: ...


class Silent:
    """A reporter that says nothing."""

    def started(self, stage: str) -> None: ...

    def progress(self, stage: str, fraction: float) -> None: ...

    def done(self, run: StageRun) -> None: ...


def execute(
    stages: Sequence[Stage],
    workspace: Workspace,
    reporter: Reporter,
    again_from: str | None = None,
    together: int = 1,
) -> tuple[dict[str, Record], tuple[StageRun, ...]]:
    """Run the chain. again_from: this stage and all that depend on it are made again even when nothing changed.
    together: how many stages that do not need each other may run at a time (the reporter is then told from threads).

    Raises KaigirokuError with the stage in it; finished stages stay on disk, so that the next run continues there.
    """
    walk = _Walk(stages, workspace, reporter, again_from)
    if together == 1:
        for stage in stages:
            walk.run(stage)
    else:
        _overlapped(walk, stages, together)
    workspace.forget_other_waveforms(keep=workspace.waveform(walk.runs["ingest"].key))
    return walk.results, tuple(walk.runs[stage.name] for stage in stages)


class _Walk:
    """One run of a chain: what is known so far. run() may be called from several threads for different stages."""

    def __init__(
        self, stages: Sequence[Stage], workspace: Workspace, reporter: Reporter, again_from: str | None
    ) -> None:
        self._fingerprints = {  # all of them first: missing weights are told before any work is done
            stage.name: stage.engine.fingerprint().model_dump_json() if stage.engine else "" for stage in stages
        }
        self.results: dict[str, Record] = {}
        self.runs: dict[str, StageRun] = {}
        self._workspace = workspace
        self._reporter = reporter
        self._again_from = again_from
        self._remade: set[str] = set()
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Let the stages at work end at their next sign of progress."""
        self._stopping.set()

    def run(self, stage: Stage) -> None:
        """Use what is there under the same key, or make it. The stages it needs have been run."""
        fingerprint = self._fingerprints[stage.name]
        upstream = {need: self.runs[need].key for need in stage.needs}
        key = artifact_key(stage.name, stage.version, upstream, stage.own, fingerprint)
        self._reporter.started(stage.name)
        began = time.monotonic()
        try:
            result, reused = self._found_or_made(stage, key)
        except KaigirokuError as error:
            error.stage = error.stage or stage.name
            raise
        self.results[stage.name] = result
        self.runs[stage.name] = StageRun(
            stage=stage.name, key=key, fingerprint=fingerprint, reused=reused, seconds=time.monotonic() - began
        )
        self._reporter.done(self.runs[stage.name])

    def _found_or_made(self, stage: Stage, key: str) -> tuple[Record, bool]:
        file = self._workspace.artifact(stage.name)
        waveform = self._workspace.waveform(self.runs["ingest"].key if self.runs else key)
        forced = stage.name == self._again_from or bool(self._remade.intersection(stage.needs))
        found = None if forced else read_artifact(file, key, stage.result)
        if found is not None and not (stage.name == "ingest" and _is_lost(waveform, found)):
            return found, True
        made = _make(stage, self.results, waveform, lambda fraction: self._tell(stage.name, fraction))
        write_artifact(file, key, made)
        if forced:
            self._remade.add(stage.name)
        return made, False

    def _tell(self, stage: str, fraction: float) -> None:
        if self._stopping.is_set():
            raise KeyboardInterrupt
        self._reporter.progress(stage, fraction)


def _is_lost(waveform: Path, described: Record) -> bool:
    """Whether the waveform is not there, or not as it was written."""
    try:
        digest = file_digest(waveform)
    except KaigirokuError:
        return True
    return isinstance(described, Recording) and digest != described.waveform_sha256


def _overlapped(walk: _Walk, stages: Sequence[Stage], together: int) -> None:
    """Each stage as soon as those it needs are done. The first error stops the others and is raised."""
    waiting = list(stages)
    running: dict[Future[None], Stage] = {}
    with ThreadPoolExecutor(together, thread_name_prefix="stage") as threads:
        try:
            while waiting or running:
                for stage in [stage for stage in waiting if all(need in walk.runs for need in stage.needs)]:
                    waiting.remove(stage)
                    running[threads.submit(walk.run, stage)] = stage
                for ended in wait(running, return_when=FIRST_COMPLETED).done:
                    del running[ended]
                    ended.result()
        except BaseException:
            walk.stop()
            raise


def _make(stage: Stage, results: Results, waveform: Path, tell: Progress) -> Record:
    """Do the work; an engine that crashes or lies becomes an error with a cause, never a traceback."""
    try:
        result = _with_engine(stage, results, waveform, tell)
    except (KaigirokuError, KeyboardInterrupt):
        raise
    except MemoryError as error:
        raise EngineError(
            f"{stage.name}: this machine ran out of memory.",
            "Close other programs or use a smaller --model; finished stages are kept, run the same command again.",
        ) from error
    except Exception as error:
        if stage.engine is None:
            raise
        raise EngineError(
            f"{stage.name}: the engine failed: {type(error).__name__}: {_one_line(error)}",
            "Run the same command again; `kaigiroku doctor` tells what works on this machine.",
        ) from error
    if not isinstance(result, stage.result):
        raise EngineError(
            f"{stage.name}: the engine answered {type(result).__name__} instead of {stage.result.__name__}.",
            "This engine cannot be used; choose another one.",
        )
    return result


def _with_engine(stage: Stage, results: Results, waveform: Path, tell: Progress) -> Record:
    engine: Engine | None = stage.engine
    if engine is None:
        return stage.work(results, waveform, tell)
    try:
        engine.open()
        return stage.work(results, waveform, tell)
    finally:
        engine.close()


def _one_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(item["msg"] for item in error.errors())
    return " ".join(str(error).split())[:300]
