"""The queue: one open job a meeting, priority, taking over from the dead, and setting aside what kills its worker."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.errors import AudioFormatError, LibraryError
from pipeline.records.job import DraftOptions, EngineChoice, Failure
from pipeline.records.meeting import Meeting
from pipeline.store.claims import Claims
from pipeline.store.library import Library
from pipeline.store.queue import URGENT, cancel, enqueue, job_of, jobs, retry
from pipeline.store.tables.jobs import JobRow, JobState
from pipeline.store.tables.meetings import State

FAILURE = Failure.of(AudioFormatError("x.wav: not audio.", "Copy it again.", file="x.wav"))


@pytest.fixture
def library(new_library: Library) -> Library:
    return new_library


@pytest.fixture
def meeting(library: Library, tmp_path: Path) -> Callable[[], str]:
    """Adds one more meeting and returns its identifier."""
    recording = tmp_path / "a.wav"
    recording.write_bytes(b"sound")
    return lambda: library.add(Meeting(), [(recording, "a.wav")]).id


def test_a_job_is_worked_on_and_moves_its_meeting(library: Library, meeting):
    job = enqueue(library, meeting(), DraftOptions(engines=EngineChoice(model="large"), handouts=(Path("資料.pdf"),)))
    with Claims(library) as claims:
        taken = claims.claim()
        assert taken is not None and taken.id == job.id and taken.attempts == 1
        assert taken.options.engines.model == "large" and taken.options.handouts == (Path("資料.pdf"),)
        assert library.meeting(job.meeting_id).state is State.RUNNING
        assert claims.claim() is None
        assert claims.beat({job.id: {"ingest": 1.0, "transcribe": 0.25}}) == set()
        shown = job_of(library, job.meeting_id)
        assert shown is not None and list(shown.progress.items()) == [("ingest", 1.0), ("transcribe", 0.25)]
        claims.done(job.id)
    assert library.meeting(job.meeting_id).state is State.DRAFT
    assert [(j.state, j.owner) for j in jobs(library)] == [(JobState.DONE, None)]
    assert list((library.folder / "owners").iterdir()) == []


def test_an_open_job_is_not_doubled(library: Library, meeting):
    identifier = meeting()
    first = enqueue(library, identifier)
    again = enqueue(library, identifier, DraftOptions(speakers=(3, 5)), priority=URGENT)
    assert (again.id, again.priority, again.options.speakers) == (first.id, URGENT, (3, 5))
    with Claims(library) as claims:
        claims.claim()
        assert enqueue(library, identifier, DraftOptions()).options.speakers == (3, 5)
        claims.done(first.id)
    again = enqueue(library, identifier)
    assert (again.id, again.state, again.priority, again.drafts) == (first.id, JobState.WAITING, 0, 1)
    assert cancel(library, first.id).state is JobState.CANCELLED
    assert library.meeting(identifier).state is State.DRAFT  # the one from before is still there
    with pytest.raises(LibraryError):
        enqueue(library, "20260101-00000000")


def test_urgent_ones_come_first_then_those_that_came_first(library: Library, meeting):
    numbers = [enqueue(library, meeting(), priority=priority).id for priority in (0, 0, URGENT)]
    assert [job.id for job in jobs(library)] == [numbers[2], numbers[0], numbers[1]]
    with Claims(library) as claims:
        assert [job.id for job in iter(claims.claim, None)] == [numbers[2], numbers[0], numbers[1]]


def test_a_failure_is_kept_with_its_remedy_until_retried(library: Library, meeting):
    job = enqueue(library, meeting())
    with Claims(library) as claims:
        claims.claim()
        claims.failed(job.id, FAILURE)
    (failed,) = jobs(library, [JobState.FAILED])
    assert failed.failure == FAILURE and library.meeting(job.meeting_id).state is State.FAILED
    assert retry(library, job.id).state is JobState.WAITING
    assert library.meeting(job.meeting_id).state is State.WAITING
    with pytest.raises(LibraryError):
        retry(library, 99)


def test_cancelled_at_once_or_at_the_next_beat(library: Library, meeting):
    running, waiting = enqueue(library, meeting(), priority=1), enqueue(library, meeting())
    with Claims(library) as claims:
        claims.claim()
        assert cancel(library, waiting.id).state is JobState.CANCELLED
        assert cancel(library, running.id).state is JobState.RUNNING
        assert claims.beat({running.id: {}}) == {running.id}
        assert claims.give_back(running.id) is JobState.CANCELLED
    assert {job.state for job in jobs(library)} == {JobState.CANCELLED}
    assert library.meeting(running.meeting_id).state is State.WAITING


def test_what_a_person_has_in_hand_stays_theirs(library: Library, meeting):
    job = enqueue(library, meeting())
    library.change(job.meeting_id, state=State.CORRECTING)
    with Claims(library) as claims:
        claims.claim()
        claims.done(job.id)
    assert library.meeting(job.meeting_id).state is State.CORRECTING


def test_leaving_gives_back_what_is_held(library: Library, meeting):
    job = enqueue(library, meeting())
    with Claims(library) as claims:
        claims.claim()
    assert [(j.state, j.owner) for j in jobs(library)] == [(JobState.WAITING, None)]
    with Claims(library) as claims:
        claims.done(job.id)  # not ours: nothing happens
    assert [j.state for j in jobs(library)] == [JobState.WAITING]


def test_two_deaths_in_the_same_stage_set_a_job_aside(library: Library, meeting):
    job = enqueue(library, meeting())
    at = {stage: FAILURE.model_copy(update={"stage": stage}) for stage in ("transcribe", "diarize")}
    with Claims(library) as claims:
        reached = []
        for stage in ("transcribe", "diarize", "diarize"):
            claims.claim()
            reached.append(claims.died(job.id, at[stage]))
        assert claims.claim() is None
    assert reached == [JobState.WAITING, JobState.WAITING, JobState.SET_ASIDE]
    assert job_of(library, job.meeting_id).failure == at["diarize"]
    assert retry(library, job.id).deaths == 0


def test_jobs_of_a_killed_batch_are_taken_over(library: Library, meeting):
    job = enqueue(library, meeting())
    code = """
import os, sys, pathlib
from pipeline.store.library import Library
from pipeline.store.claims import Claims
claims = Claims(Library.open(pathlib.Path(sys.argv[1]))).__enter__()
claims.claim()
if sys.argv[2] == "die": os._exit(9)
print("holding", flush=True)
sys.stdin.read()
"""
    command = [sys.executable, "-c", code, str(library.folder)]
    assert subprocess.run([*command, "die"], check=False).returncode == 9
    with Claims(library) as claims:
        assert claims.take_over() == [job.id]
        assert job_of(library, job.meeting_id).state is JobState.WAITING
    alive = subprocess.Popen([*command, "live"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert alive.stdout is not None and alive.stdout.readline() == b"holding\n"
    with Claims(library) as claims:
        assert claims.take_over() == []
        alive.kill()
        alive.wait()
        assert claims.take_over() == [job.id]
    alive.stdout.close()
    alive.stdin.close()


def test_another_machine_is_dead_when_its_beats_stand_still(library: Library, meeting):
    job = enqueue(library, meeting())
    with Claims(library) as theirs:
        theirs.claim()
        with library.database.writing() as session:
            session.execute(sa.update(JobRow).values(owner="far-away.1.abc"))
        ours = Claims(library, silent_s=0.0)
        assert ours.take_over() == []  # seen for the first time
        with library.database.writing() as session:
            session.execute(sa.update(JobRow).values(beat=7))
        assert ours.take_over() == []  # it has beaten since
        assert ours.take_over() == [job.id]
        assert theirs.beat({job.id: {}}) == {job.id}  # it learns that the job is no longer its own


def test_many_workers_take_each_job_once(library: Library, meeting):
    wanted = {enqueue(library, meeting()).id for _ in range(12)}
    taken: list[int] = []

    def work() -> None:
        with Claims(library) as claims:
            while (job := claims.claim()) is not None:
                taken.append(job.id)
                claims.done(job.id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(wanted)
