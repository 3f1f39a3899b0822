"""The list of meetings while other programs make drafts: it follows them, and never takes away what somebody is at."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import EngineError
from pipeline.records.job import Failure
from pipeline.records.meeting import Meeting
from pipeline.store import queue
from pipeline.store.claims import Claims
from pipeline.store.library import Library
from pipeline.store.tables.jobs import JobRow, JobState
from tests.review.conftest import SAMPLE, Server, served, until
from tests.review.test_accessibility import look

pytestmark = pytest.mark.browser


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "library", create=True)


@pytest.fixture
def own_server(library: Library) -> Iterator[Server]:
    """One that makes no drafts itself."""
    with served(library, ("--no-drafting",)) as made:
        yield made


@pytest.fixture
def waiting(library: Library) -> Callable[[str], str]:
    def add(name: str) -> str:
        row = library.add(Meeting(name=name), [(SAMPLE, f"{name}.opus")])
        queue.enqueue(library, row.id)
        return row.id

    return add


def _open(page: Any, server: Server) -> Any:
    page.goto(server.address)
    page.wait_for_selector("body[data-ready=yes]")
    return page


def test_a_batch_of_another_program_is_seen_as_it_goes(
    page: Any, own_server: Server, library: Library, waiting: Callable[[str], str]
):
    first, second, third = (waiting(name) for name in ("一番", "二番", "三番"))
    _open(page, own_server)
    drafts = page.locator("#drafts")
    assert "順番待ち 3件" in drafts.text_content()
    assert "次の一括処理で作ります" in page.locator(f"tr[data-id='{first}']").text_content()
    page.get_by_role("button", name="三番の操作").click()
    page.get_by_role("menuitem", name="この会議を先に作る").click()
    until(page, f"!document.querySelector(\"tr[data-id='{third}']\").textContent.includes('前に')")
    with Claims(library) as claims:
        job = claims.claim()
        assert job.meeting_id == third
        with library.database.writing() as session:
            session.get_one(JobRow, job.id).started_at -= datetime.timedelta(minutes=10)
        page.get_by_role("button", name="二番の操作").focus()
        page.evaluate("globalThis.before = document.activeElement")
        claims.beat({job.id: {"ingest": 1.0, "detect": 1.0, "transcribe": 0.5, "diarize": 0.25}})
        until(page, "document.querySelector('#drafts').textContent.includes('作成中 1件')")
        until(page, "document.querySelector('#drafts').textContent.includes('聞き取りと声の聞き分けをしています')")
        assert "残り約" in page.locator(f"tr[data-id='{third}']").text_content()
        assert page.evaluate("document.activeElement === before"), "the focus stays"
        claims.failed(job.id, Failure.of(EngineError("whisper: <b>stopped</b>", "Run it again.")))
    failed = page.locator(f"tr[data-id='{third}']")
    failed.get_by_text("モデルが動かなくなりました").wait_for()
    failed.get_by_text("情報システム担当に伝える内容").click()
    assert "<b>stopped</b>" in failed.text_content()
    queue.cancel(library, queue.job_of(library, second).id)
    until(page, f"document.querySelector(\"tr[data-id='{second}']\").textContent.includes('まだ頼んでいません')")
    look(page)
    assert failed.locator("details").get_attribute("open") is not None, "what was opened stays open"
    failed.get_by_role("button", name="もう一度作る").click()
    until(page, f"document.querySelector(\"tr[data-id='{third}']\").textContent.includes('次の一括処理で')")
    assert queue.job_of(library, third).state is JobState.WAITING


def test_a_first_look_says_what_to_do_and_a_meeting_goes_for_good(
    page: Any, own_server: Server, library: Library, waiting: Callable[[str], str]
):
    _open(page, own_server)
    assert "はじめに" in page.locator("#none").text_content() and not page.locator("table.meetings").is_visible()
    look(page)
    meeting = waiting("消す会議")
    page.get_by_role("button", name="消す会議の操作").click()
    page.get_by_role("menuitem", name="会議を消す").click()
    dialog = page.get_by_role("dialog")
    look(page)
    dialog.get_by_role("button", name="消す").click()
    assert dialog.is_visible() and len(library.meetings()) == 1, "not without having said so"
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name="消す").click()
    page.locator("#none").wait_for()
    assert library.meetings() == [] and not library.folder_of(meeting).exists()
