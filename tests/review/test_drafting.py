"""Drafts asked for from the page: what cannot be made is told and tried again later and later, never without pause."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.records.job import DraftOptions
from pipeline.records.meeting import Meeting
from pipeline.review import drafting
from pipeline.review.drafting import Drafting
from pipeline.store import queue
from pipeline.store.library import Library
from pipeline.store.tables.jobs import JobState
from tests.review.conftest import SAMPLE, Server, free_port, until

_HOUR_S = 3600


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def waiting(tmp_path: Path) -> Library:
    """A library in which a draft waits."""
    library = Library.open(tmp_path / "library", create=True)
    queue.enqueue(library, library.add(Meeting(name="<i>協議会</i>"), [(SAMPLE, "a.opus")]).id)
    return library


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When a batch was started; each one says why it cannot work and ends at once."""
    found: list[float] = []
    code = "import sys; print('error: no weights. next: fetch them.'); sys.exit(30)"

    def fruitless(command: list[str], **options: Any) -> Any:
        found.append(Clock.now)
        process = subprocess.Popen([sys.executable, "-c", code], **options)
        process.wait()
        return process

    monkeypatch.setattr(drafting, "subprocess", SimpleNamespace(Popen=fruitless, PIPE=subprocess.PIPE))
    return found


def test_a_batch_that_gets_nowhere_is_started_less_and_less_often(
    waiting: Library, started: list[float], monkeypatch: pytest.MonkeyPatch
):
    desk = Drafting(waiting, DraftOptions(), lambda: Clock.now)
    begin = 1000.0
    for second in range(_HOUR_S):  # as the server looks: once a second
        monkeypatch.setattr(Clock, "now", begin + second)
        desk.ensure()
    pauses = [b - a for a, b in pairwise(started)]
    assert len(started) < 10 and pauses == sorted(pauses) and pauses[0] >= 15
    assert desk.trouble is not None and desk.trouble.kind == "ModelMissingError"
    assert "no weights" in desk.trouble.said and 0 < desk.trouble.again_s <= 900
    assert (waiting.folder / "drafting.log").stat().st_size < 1000


def test_who_asks_is_answered_at_once_and_trouble_ends_when_nothing_waits(
    waiting: Library, started: list[float], clock: Clock
):
    desk = Drafting(waiting, DraftOptions(), clock)
    desk.ensure()
    desk.ensure()
    assert len(started) == 1
    desk.ensure(at_once=True)
    assert len(started) == 2
    (job,) = queue.jobs(waiting)
    queue.cancel(waiting, job.id)
    desk.ensure()
    assert desk.trouble is None and len(started) == 2


def test_a_log_that_cannot_be_written_is_trouble_and_no_crash(waiting: Library, clock: Clock):
    (waiting.folder / "drafting.log").mkdir()
    desk = Drafting(waiting, DraftOptions(), clock)
    desk.ensure()
    assert desk.trouble is not None and desk.trouble.kind == "OutputError"


def test_a_draft_that_was_being_made_in_a_power_cut_is_made_after_it(
    waiting: Library, started: list[float], clock: Clock
):
    code = (
        "import os, sys, pathlib\n"
        "from pipeline.store.claims import Claims\nfrom pipeline.store.library import Library\n"
        "claims = Claims(Library.open(pathlib.Path(sys.argv[1])))\nclaims.__enter__()\nclaims.claim()\nos._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(waiting.folder)], check=False)
    assert [job.state for job in queue.jobs(waiting)] == [JobState.RUNNING]
    Drafting(waiting, DraftOptions(), clock).ensure()
    assert [job.state for job in queue.jobs(waiting)] == [JobState.WAITING] and len(started) == 1


@pytest.mark.browser
def test_missing_weights_are_told_with_what_to_do(page: Any, waiting: Library, tmp_path: Path):
    (job,) = queue.jobs(waiting)
    server = Server(waiting.folder, free_port(), replay=False, environment={"KAIGIROKU_MODELS": str(tmp_path / "none")})
    server.start()
    try:
        page.goto(server.address)
        page.wait_for_selector("body[data-ready=yes]")
        until(page, "!document.querySelector('#trouble').hidden", 30)
        told = page.locator("#trouble").text_content()
        assert "モデルが、このパソコンに入っていません" in told and "kaigiroku models" in told
        assert "保存してあります" in told
        assert "直ってから始まります" in page.locator("tr[data-id]").text_content()
        assert page.locator("tr[data-id] .name").text_content() == "<i>協議会</i>"
        queue.cancel(waiting, job.id)
        until(page, "document.querySelector('#trouble').hidden")
    finally:
        server.stop()
