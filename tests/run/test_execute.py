"""The executor: same key, no work; strange engines end in an error with a cause; finished stages survive."""

from collections.abc import Callable
from pathlib import Path

import pytest
from strange_engines import (
    CrashingEngine,
    EndlessEngine,
    LyingEngine,
    OutOfMemoryEngine,
    StrangeEngine,
    UnopenableEngine,
)

from pipeline.errors import EngineError
from pipeline.records.base import Span
from pipeline.records.speech import Speech
from pipeline.run.execute import Silent, StageRun, execute
from pipeline.stages.chain import Stage
from pipeline.store.workspace import Workspace

SPEECH = Speech(spans=(Span(start_ms=0, end_ms=900),))


def stage(name: str, needs: tuple[str, ...], calls: list[str], own: str = "", engine=None, work=None) -> Stage:
    def make(got, waveform: Path, progress) -> Speech:
        calls.append(name)
        if name == "ingest":
            waveform.write_bytes(b"RIFF")
        return SPEECH

    return Stage(name, 1, needs, Speech, own, engine, work or make)


def chain(calls: list[str], detect_own: str = "") -> list[Stage]:
    return [
        stage("ingest", (), calls),
        stage("detect", ("ingest",), calls, own=detect_own),
        stage("transcribe", ("detect",), calls),
        stage("diarize", ("ingest",), calls),
    ]


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., tuple[StageRun, ...]]:
    def start(stages: list[Stage], again_from: str | None = None, reporter=None) -> tuple[StageRun, ...]:
        with Workspace(tmp_path / "out").opened() as workspace:
            return execute(stages, workspace, reporter or Silent(), again_from)[1]

    return start


def test_same_key_no_work(run):
    calls: list[str] = []
    run(chain(calls))
    assert all(stage_run.reused for stage_run in run(chain(calls)))
    assert calls == ["ingest", "detect", "transcribe", "diarize"]


def test_a_changed_setting_redoes_what_depends_on_it_and_nothing_else(run):
    run(chain([]))
    calls: list[str] = []
    run(chain(calls, detect_own='{"threshold":0.4}'))
    assert calls == ["detect", "transcribe"]


def test_from_redoes_that_stage_and_what_depends_on_it(run):
    run(chain([]))
    calls: list[str] = []
    run(chain(calls), again_from="detect")
    assert calls == ["detect", "transcribe"]


def test_a_damaged_artifact_is_made_again(run, tmp_path: Path):
    run(chain([]))
    (tmp_path / "out" / "work" / "detect.json").write_text('{"key": "x", "record"', encoding="utf-8")
    calls: list[str] = []
    run(chain(calls))
    assert calls == ["detect"]


def test_a_single_changed_character_is_damage(run, tmp_path: Path):
    run(chain([]))
    artifact = tmp_path / "out" / "work" / "transcribe.json"
    artifact.write_text(artifact.read_text(encoding="utf-8").replace("900", "901"), encoding="utf-8")
    calls: list[str] = []
    run(chain(calls))
    assert calls == ["transcribe"]


def test_a_lost_waveform_is_made_again(run, tmp_path: Path):
    run(chain([]))
    next((tmp_path / "out" / "work").glob("waveform-*.wav")).unlink()
    calls: list[str] = []
    run(chain(calls))
    assert calls == ["ingest"]


@pytest.mark.parametrize(
    ("engine", "says"),
    [
        (CrashingEngine(), "RuntimeError: CUDA error: an illegal memory access"),
        (LyingEngine(), "answered dict instead of Speech"),
        (OutOfMemoryEngine(), "out of memory"),
        (UnopenableEngine(), "libc10_cuda.so"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_strange_engine_is_an_error_with_a_cause(run, tmp_path: Path, engine: StrangeEngine, says: str):
    calls: list[str] = []
    strange = stage("detect", ("ingest",), calls, engine=engine, work=lambda got, wav, tell: engine.ask(wav, tell))
    with pytest.raises(EngineError) as caught:
        run([chain(calls)[0], strange])
    assert says in caught.value.cause
    assert "\n" not in caught.value.cause
    assert engine.closed == 1
    assert not (tmp_path / "out" / "work" / "detect.json").exists()
    run(chain(calls))
    assert calls == ["ingest", "detect", "transcribe", "diarize"]  # ingest was kept


def test_an_endless_engine_can_be_interrupted(run):
    engine = EndlessEngine()

    class Impatient(Silent):
        def progress(self, stage: str, fraction: float) -> None:
            raise KeyboardInterrupt

    endless = stage("detect", ("ingest",), [], engine=engine, work=lambda got, wav, tell: engine.ask(wav, tell))
    with pytest.raises(KeyboardInterrupt):
        run([chain([])[0], endless], reporter=Impatient())
    assert engine.closed == 1
