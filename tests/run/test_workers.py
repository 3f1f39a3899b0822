"""Workers: the same bytes from every executor, a dead one is replaced, and what kills two is set aside."""

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from batches import OPTIONS, SAMPLE, drafts, tone, worked
from strange_engines import StrangeEngine

from pipeline.contracts import DecodeSettings, Excerpt
from pipeline.errors import AudioMissingError, ModelDamagedError, WorkerDiedError
from pipeline.records.job import EngineChoice
from pipeline.run.wiring import engines_for
from pipeline.run.workers.away import away
from pipeline.run.workers.calls import Call
from pipeline.run.workers.executors import EXECUTORS
from pipeline.run.workers.pool import InProcess, Pool
from pipeline.run.workers.process import ChildProcess
from pipeline.store.library import Library
from pipeline.store.queue import job_of, retry
from pipeline.store.tables.jobs import JobState

CHOICE = OPTIONS.engines


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recordings")
    (folder / "meeting.opus").write_bytes(SAMPLE.read_bytes())
    tone(folder / "tone.wav")
    return folder


@pytest.fixture(scope="module")
def expected(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    library = Library.open(tmp_path_factory.mktemp("expected"), create=True)
    worked(library, recordings, executor="serial")
    return drafts(library)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_every_executor_ends_in_the_same_bytes(recordings: Path, expected, tmp_path: Path, executor: str):
    library = Library.open(tmp_path / "library", create=True)
    results = worked(library, recordings, executor=executor)
    assert [ended.state for _, ended in results] == [JobState.DONE] * 2
    found = drafts(library)
    assert found.keys() == expected.keys() and len(found) > 20
    assert [name for name in found if found[name] != expected[name]] == []


def test_a_machine_of_the_cluster_that_dies_loses_no_meeting(recordings: Path, expected, tmp_path: Path):
    script = Path(__file__).with_name("ray_failover.py")
    log = tmp_path / "calls.txt"
    command = [sys.executable, script, recordings, tmp_path / "library", log]
    done = subprocess.run([str(part) for part in command], check=False, capture_output=True, text=True, timeout=240)
    assert "done done machines=1" in done.stdout.splitlines(), done.stdout + done.stderr  # among what Ray says
    assert drafts(Library.open(tmp_path / "library")) == expected
    calls = log.read_text(encoding="utf-8").split()
    assert len(calls) > len(set(calls))  # what the dead machine had begun was done again


def test_a_killed_worker_is_told_and_replaced(tmp_path: Path):
    worker = ChildProcess()
    call = Call(CHOICE, "decoder", ((SAMPLE,), tmp_path / "out.wav"))

    def kill(_: float) -> None:
        assert worker._process is not None and worker._process.pid is not None
        os.kill(worker._process.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)

    try:
        with pytest.raises(WorkerDiedError):
            worker.run(call, kill)
        assert worker.run(call, lambda _: None).duration_ms > 200_000
    finally:
        worker.close()


def test_an_error_comes_back_whole_and_giving_up_ends_the_work(tmp_path: Path):
    worker = ChildProcess()
    try:
        with pytest.raises(AudioMissingError) as told:
            worker.run(Call(CHOICE, "decoder", ((tmp_path / "no.wav",), tmp_path / "out.wav")), lambda _: None)
        assert "no.wav" in told.value.cause and told.value.remedy and told.value.file == str(tmp_path / "no.wav")

        def give_up(_: float) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            worker.run(Call(CHOICE, "decoder", ((SAMPLE,), tmp_path / "out.wav")), give_up)
        assert worker._process is None
    finally:
        worker.close()


class Greedy(StrangeEngine):
    """Needs more memory than there is to load its model, which then looks damaged."""

    def open(self) -> None:
        try:
            raise RuntimeError("mkl_malloc: failed to allocate memory")
        except RuntimeError as error:
            raise ModelDamagedError("whisper-base: does not load.", "Prepare it again.") from error


def test_a_model_that_finds_no_memory_is_not_told_as_damaged(monkeypatch):
    engines = dataclasses.replace(engines_for(CHOICE), detector=Greedy())
    monkeypatch.setattr("pipeline.run.wiring.engines_for", lambda _: engines)
    with pytest.raises(MemoryError, match="does not load"):
        InProcess().run(Call(CHOICE, "detector", (Path("none.wav"),)), lambda _: None)
    assert engines.detector.closed == 1


class Deadly(InProcess):
    """Dies of every transcription."""

    def run(self, call: Call, tell):
        if call.kind == "transcriber":
            raise WorkerDiedError("killed.", "Buy memory.")
        return super().run(call, tell)


def test_a_meeting_that_kills_its_worker_twice_is_set_aside(recordings: Path, tmp_path: Path, monkeypatch):
    library = Library.open(tmp_path / "library", create=True)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.run.workers.executors.InProcess", Deadly)
        results = worked(library, recordings)
    assert [ended.state for _, ended in results] == [JobState.SET_ASIDE] * 2
    job = results[0][0]
    kept = job_of(library, job.meeting_id)
    assert kept.attempts == 2 and kept.failure.stage == "transcribe" and kept.failure.kind == "WorkerDiedError"
    assert worked(library, recordings) == []  # it is not tried by itself
    retry(library, job.id)
    ((_, ended),) = worked(library)
    assert ended.state is JobState.DONE


def test_windows_spread_over_workers_give_what_one_gives():
    alone = engines_for(CHOICE).transcriber
    with Pool([InProcess() for _ in range(3)]) as pool:
        spread = away(engines_for(CHOICE), CHOICE, pool).transcriber
        windows = tuple(Excerpt(start_ms=start, end_ms=start + 7_000) for start in range(0, 230_000, 7_000))
        fractions: list[float] = []
        found = spread.decode(Path("none.wav"), windows, DecodeSettings(), fractions.append)
        assert found == alone.decode(Path("none.wav"), windows, DecodeSettings(), lambda _: None)
        assert spread.decode(Path("none.wav"), (), DecodeSettings(), fractions.append) == ()
    assert fractions == sorted(fractions)


def test_a_worker_keeps_its_engines_open_until_other_models_are_asked_for(tmp_path: Path):
    other = tmp_path / "replay"
    shutil.copytree(CHOICE.replay, other)
    worker = InProcess()
    worker.run(Call(CHOICE, "detector", (Path("none.wav"),)), lambda _: None)
    first = worker._bench._engines["detector"]
    worker.run(Call(CHOICE, "detector", (Path("none.wav"),)), lambda _: None)
    assert worker._bench._engines["detector"] is first
    worker.run(Call(EngineChoice(replay=other), "detector", (Path("none.wav"),)), lambda _: None)
    assert worker._bench._engines["detector"] is not first


def test_a_worker_in_this_process_works_again_after_it_was_closed():
    worker = InProcess()
    call = Call(CHOICE, "detector", (Path("none.wav"),))
    first = worker.run(call, lambda _: None)
    worker.close()
    assert worker.run(call, lambda _: None) == first


@pytest.mark.parametrize("keeps", [True, False])
def test_a_worker_ends_when_one_draft_asks_no_more_of_its_engines(keeps: bool):
    workers = [ChildProcess(), ChildProcess()]
    with Pool(workers, keeps) as pool:
        engines = away(engines_for(CHOICE), CHOICE, pool)
        speech = engines.detector.detect(Path("none.wav"), lambda _: None)
        windows = tuple(Excerpt(start_ms=start, end_ms=start + 7_000) for start in range(0, 140_000, 7_000))
        engines.transcriber.decode(Path("none.wav"), windows, DecodeSettings(), lambda _: None)
        assert [worker._process is not None for worker in workers] == [True, True]
        engines.transcriber.close()
        assert [worker._process is not None for worker in workers] == [True, keeps]
        engines.detector.close()
        assert [worker._process is not None for worker in workers] == [keeps, keeps]
        assert engines.detector.detect(Path("none.wav"), lambda _: None) == speech  # it can be asked again
