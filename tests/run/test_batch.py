"""Batches: one failure never stops the rest, the same recording is known by content, and everything can be resumed."""

import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from batches import MEETING, OPTIONS, REPLAY, SAMPLE, Watcher, drafts, tone, worked

from pipeline.errors import UsageError
from pipeline.run import batch
from pipeline.run.batch import BatchSettings, failures
from pipeline.run.collect import Collector
from pipeline.run.intake import entries, read_list
from pipeline.run.nightly import Hours
from pipeline.run.workers.calls import Call
from pipeline.run.workers.pool import InProcess
from pipeline.store.claims import Claims
from pipeline.store.library import Library
from pipeline.store.queue import URGENT, cancel, enqueue, job_of, jobs, retry
from pipeline.store.tables.jobs import JobState
from pipeline.store.tables.meetings import State

MAIN = "from pipeline.cli.main import main; main()"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "library", create=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A meeting with its meeting.toml, a lone recording, its twin under another name, and what is no audio."""
    source = tmp_path / "recordings"
    tone(source / "lone.wav")
    shutil.copy(source / "lone.wav", source / "twin.wav")
    (source / "bad.mp3").write_bytes(b"not audio at all")
    (source / "council").mkdir()
    shutil.copy(SAMPLE, source / "council")
    shutil.copy(MEETING, source / "council")
    return source


def states(library: Library) -> dict[str, JobState]:
    return {library.meeting(job.meeting_id).sources[0].name: job.state for job in jobs(library)}


def test_one_failure_does_not_stop_the_rest(library: Library, folder: Path):
    results = worked(library, folder)
    assert states(library) == {
        "lone.wav": JobState.DONE, "bad.mp3": JobState.FAILED, "meeting.opus": JobState.DONE,
    }  # fmt: skip
    ((job, failure),) = failures(results)
    assert failure.exit_code == 14 and failure.stage == "ingest" and "bad.mp3" in failure.cause and failure.remedy
    assert job_of(library, job.meeting_id).failure == failure
    council = next(meeting for meeting in library.meetings() if meeting.fields.name)
    assert council.state is State.DRAFT
    minutes = (library.workspace(council.id).out_dir / "minutes.txt").read_text(encoding="utf-8")
    assert council.fields.name in minutes


def test_the_same_folder_again_tries_only_what_failed(library: Library, folder: Path):
    worked(library, folder)
    before = drafts(library)
    (again,) = worked(library, folder)
    assert again[0].attempts == 2 and again[1].state is JobState.FAILED
    assert len(library.meetings()) == 3 and drafts(library) == before


def test_a_folder_with_a_meeting_file_is_one_meeting_of_parts_in_their_order(tmp_path: Path):
    for name in ("part 10.wav", "part 2.wav", "資料.pdf", "~$note.docx"):
        (tmp_path / name).write_bytes(b"x")
    shutil.copy(MEETING, tmp_path / "meeting.toml")
    (entry,) = entries(tmp_path)
    assert [path.name for path in entry.sources] == ["part 2.wav", "part 10.wav"]
    assert [path.name for path in entry.handouts] == ["資料.pdf"]
    with pytest.raises(UsageError):
        entries(tmp_path / "nowhere")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_list_maps_recordings_to_meetings(library: Library, folder: Path, encoding: str):
    text = (
        "recording,meeting,priority,speakers\nlone.wav;council/meeting.opus,council/meeting.toml,5,3-6\n録音.wav,,,\n"
    )
    (folder / "list.csv").write_bytes(text.encode(encoding))
    first, second = read_list(folder / "list.csv")
    assert [path.name for path in first.sources] == ["lone.wav", "meeting.opus"]
    assert (first.priority, first.speakers, second.meeting) == (5, (3, 6), None)
    collector = Collector(library, folder / "list.csv", OPTIONS)
    results = worked(library, collector=collector)
    assert [job.options.speakers for job, _ in results] == [(3, 6)]
    (refused,) = collector.failures
    assert "録音.wav" in refused.cause and refused.exit_code == 11


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("file\nx.wav\n", "unknown column file"),
        ("meeting\nx.toml\n", "no column recording"),
        ("recording,speakers\nx.wav,many\n", "line 2"),
        ("recording,priority\n,5\n", "line 2: no recording"),
    ],
)
def test_a_list_that_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, says: str):
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        read_list(tmp_path / "list.csv")


def test_urgent_meetings_come_first(library: Library, tmp_path: Path):
    (tmp_path / "in").mkdir()
    lines = [f"{tone(tmp_path / f'{name}.wav')},{priority}" for name, priority in (("a", 0), ("b", 0), ("c", URGENT))]
    (tmp_path / "list.csv").write_text("\n".join(["recording,priority", *lines]), encoding="utf-8")
    results = worked(library, tmp_path / "list.csv")
    assert [library.meeting(job.meeting_id).sources[0].name for job, _ in results] == ["c.wav", "a.wav", "b.wav"]


def test_a_watched_folder_takes_what_is_completely_written(library: Library, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(batch, "_LOOK_S", 0.05)
    growing = tone(tmp_path / "in" / "growing.wav")
    whole = growing.read_bytes()
    growing.write_bytes(whole[:1000])
    began = time.monotonic()

    def each() -> None:
        if time.monotonic() - began < 1.0:
            growing.write_bytes(growing.read_bytes() + b"\0")  # somebody still copies it
        elif growing.stat().st_size != len(whole):
            growing.write_bytes(whole)

    collector = Collector(library, tmp_path / "in", OPTIONS, watch=True, settled_s=0.6)
    worked(
        library, collector=collector, board=Watcher(each), settings=BatchSettings(1, stay=True),
        stopped=lambda: any(job.state is JobState.DONE for job in jobs(library)),
    )  # fmt: skip
    (meeting,) = library.meetings()
    assert meeting.sources[0].size == len(whole) and collector.failures == []


def test_outside_the_hours_nothing_runs(library: Library, tmp_path: Path, monkeypatch):
    looks: list[bool] = []
    monkeypatch.setattr(batch, "_time_of_day", lambda: datetime.time(20 if len(looks) > 5 else 12, 30))

    def each() -> None:
        looks.append(any(job.state is not JobState.WAITING for job in jobs(library)))

    board = Watcher(each)
    tone(tmp_path / "in" / "a.wav")
    results = worked(library, tmp_path / "in", board=board, settings=BatchSettings(1, Hours.parse("20:00-07:00")))
    assert board.rested and not any(looks[:5]) and [ended.state for _, ended in results] == [JobState.DONE]


def test_hours_over_midnight():
    night = Hours.parse("20:00~7:00")
    times = [datetime.time(hour) for hour in (19, 20, 23, 0, 6, 7)]
    assert [moment in night for moment in times] == [False, True, True, True, True, False]
    assert datetime.time(12) in Hours.parse("8:30-17:15")
    for wrong in ("20:00", "25:00-07:00", "07:00-07:00", "evening"):
        with pytest.raises(ValueError):
            Hours.parse(wrong)


def test_a_running_job_that_is_called_off_stops(library: Library, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(batch, "_BEAT_S", 0.0)
    slow = SlowWorker()
    monkeypatch.setattr("pipeline.run.workers.executors.InProcess", lambda: slow)
    tone(tmp_path / "in" / "a.wav")

    def each() -> None:
        for job in jobs(library) if slow.at_work else ():
            cancel(library, job.id)

    ((job, ended),) = worked(library, tmp_path / "in", board=Watcher(each))
    assert ended.state is JobState.CANCELLED and slow.stopped
    assert job_of(library, job.meeting_id).state is JobState.CANCELLED
    assert retry(library, job.id).state is JobState.WAITING


class SlowWorker(InProcess):
    """Works until it is told to stop."""

    at_work = stopped = False

    def run(self, call: Call, tell):
        self.at_work = True
        try:
            while True:
                tell(0.5)
                time.sleep(0.01)
        except KeyboardInterrupt:
            self.stopped = True
            raise


def test_two_batches_on_one_library_share_the_work(library: Library, tmp_path: Path):
    for number in range(4):
        tone(tmp_path / "in" / f"{number}.wav")
    command = [sys.executable, "-c", MAIN, "batch", tmp_path / "in", "--library", library.folder, "--json"]
    command += ["--executor", "serial", "--replay", OPTIONS.engines.replay, "--format", "txt"]
    both = [subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = [json.loads(each.communicate(timeout=120)[0]) for each in both]
    assert [each.returncode for each in both] == [0, 0]
    assert set(states(library).values()) == {JobState.DONE}
    assert sum(job.attempts for job in jobs(library)) == 4 == sum(len(answer["jobs"]) for answer in answers)


def test_weights_that_every_meeting_would_lack_fail_none(library: Library, tmp_path: Path):
    enqueue(library, library.add(_fields(), [(tone(tmp_path / "a.wav"), "a.wav")]).id)
    own = tmp_path / "own"
    own.mkdir()
    (own / "model.bin").write_bytes(b"x")
    command = [sys.executable, "-c", MAIN, "batch", "--library", str(library.folder), "--model", str(own)]
    environment = os.environ | {"KAIGIROKU_MODELS": str(tmp_path / "none")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 30 and "segmentation-3.0" in done.stderr and "next: Run: kaigiroku models" in done.stderr
    assert states(library) == {"a.wav": JobState.WAITING} and jobs(library)[0].attempts == 0


def test_workers_that_die_before_their_first_call_are_not_started_again_and_again(library: Library, tmp_path: Path):
    enqueue(library, library.add(_fields(), [(tone(tmp_path / "a.wav"), "a.wav")]).id, OPTIONS)
    born = tmp_path / "born"
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\n"
        "if '--multiprocessing-fork' in sys.orig_argv:\n"
        f"    open({str(born)!r}, 'a').write('x')\n"
        "    os._exit(9)\n"
    )
    path = os.pathsep.join([str(tmp_path), *sys.path[1:]])
    command = [sys.executable, "-c", MAIN, "batch", "--library", str(library.folder), "--replay", str(REPLAY)]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=False)
    assert done.returncode == 43 and "exit code 9" in done.stdout + done.stderr
    assert born.read_text() == "xx" and states(library) == {"a.wav": JobState.SET_ASIDE}


@pytest.mark.skipif(os.name != "posix", reason="sends SIGTERM")
def test_a_service_that_is_stopped_gives_back_what_it_holds(library: Library, tmp_path: Path):
    enqueue(library, library.add(_fields(), [(tone(tmp_path / "a.wav"), "a.wav")]).id, OPTIONS)
    command = [sys.executable, "-c", MAIN, "batch", "--library", library.folder, "--watch", "--executor", "serial"]
    command += ["--replay", REPLAY]
    service = subprocess.Popen([str(part) for part in command], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and states(library) != {"a.wav": JobState.DONE}:
        time.sleep(0.05)
    enqueue(library, jobs(library)[0].meeting_id)  # somebody asks again while it stays
    while time.monotonic() < deadline and jobs(library)[0].attempts < 2:
        time.sleep(0.01)
    service.send_signal(signal.SIGTERM)
    told = service.communicate(timeout=60)[1]
    assert service.returncode == 0, told
    assert jobs(library)[0].state in (JobState.WAITING, JobState.DONE)
    with Claims(library) as claims:
        assert claims.take_over() == []


def _fields():
    from pipeline.records.meeting import Meeting

    return Meeting()
