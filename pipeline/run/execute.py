"""Runs a chain in this process: whatever has been made under the same key is used, the rest is made and kept."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from pipeline.contracts import Engine, Progress
from pipeline.errors import EngineError, KaigirokuError
from pipeline.records.base import Record
from pipeline.stages.chain import Results, Stage
from pipeline.store.artifacts import artifact_key, read_artifact, write_artifact
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
    stages: Sequence[Stage], workspace: Workspace, reporter: Reporter, again_from: str | None = None
) -> tuple[dict[str, Record], tuple[StageRun, ...]]:
    """Run the chain. again_from: this stage and all that depend on it are made again even when nothing changed.

    Raises KaigirokuError; finished stages stay on disk, so that the next run continues there.
    """
    results: dict[str, Record] = {}
    runs: dict[str, StageRun] = {}
    remade: set[str] = set()
    fingerprints = [stage.engine.fingerprint().model_dump_json() if stage.engine else "" for stage in stages]
    for stage, fingerprint in zip(stages, fingerprints, strict=True):
        upstream = {need: runs[need].key for need in stage.needs}
        key = artifact_key(stage.name, stage.version, upstream, stage.own, fingerprint)
        waveform = workspace.waveform(runs["ingest"].key if runs else key)
        forced = stage.name == again_from or bool(remade.intersection(stage.needs))
        reporter.started(stage.name)
        began = time.monotonic()
        found = None if forced else read_artifact(workspace.artifact(stage.name), key, stage.result)
        if stage.name == "ingest" and not waveform.exists():
            found = None
        if found is None:
            found = _make(stage, results, waveform, lambda fraction, name=stage.name: reporter.progress(name, fraction))  # type: ignore[misc]
            write_artifact(workspace.artifact(stage.name), key, found)
            if forced:
                remade.add(stage.name)
            reused = False
        else:
            reused = True
        results[stage.name] = found
        runs[stage.name] = StageRun(
            stage=stage.name, key=key, fingerprint=fingerprint, reused=reused, seconds=time.monotonic() - began
        )
        reporter.done(runs[stage.name])
    workspace.forget_other_waveforms(keep=workspace.waveform(runs["ingest"].key))
    return results, tuple(runs.values())


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
