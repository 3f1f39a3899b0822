"""A clerk's first meeting in a real browser: recording and form, mistakes told, the draft made, opened and exported."""

from pathlib import Path
from typing import Any

import pytest
from docx import Document

from pipeline.store.library import Library
from tests.review.conftest import SAMPLE, Server, until

pytestmark = pytest.mark.browser
NAME = "令和8年度 第2回<b>若葉市</b>図書館協議会"


def ready(page: Any) -> None:
    page.wait_for_selector("body[data-ready=yes]")


def mistakes(page: Any, *told: str) -> None:
    until(page, "!document.querySelector('#mistakes').hidden")
    for text in told:
        until(page, f"document.querySelector('#mistakes').textContent.includes({text!r})")


def taken_along(page: Any) -> Any:
    """The Word file from the preview."""
    ready(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="書き出す", exact=True).click()
    return download.value


def test_from_a_recording_to_a_word_file(page: Any, server: Server, library: Library, tmp_path: Path):
    hostile = "<img src=x onerror=hacked=1>.wav"
    bad = {"name": hostile, "mimeType": "audio/wav", "buffer": b"RIFF no sound at all" * 9}
    good = {"name": "録音 1.opus", "mimeType": "audio/ogg", "buffer": SAMPLE.read_bytes()}
    page.goto(f"{server.address}/")
    ready(page)
    page.get_by_role("link", name="＋ 新しい会議").click()
    ready(page)
    submit = page.get_by_role("button", name="登録して下書きを作る")
    submit.click()
    mistakes(page, "録音ファイルを選んでください")
    page.set_input_files("#files", [bad])
    page.fill("#name", NAME)
    page.fill("#date", "2026-07-14")
    page.get_by_label("開会時刻").fill("15:00")
    page.get_by_label("閉会時刻").fill("13:00")
    submit.click()
    mistakes(page, "閉会は開会より後")
    assert page.get_by_label("閉会時刻").get_attribute("aria-invalid") == "true"
    page.get_by_label("閉会時刻").fill("16:00")
    submit.click()
    mistakes(page, hostile, "読み取れません")
    assert page.evaluate("typeof hacked") == "undefined" and not any(
        row.fields.name == NAME for row in library.meetings()
    )
    page.get_by_label(f"{hostile}を外す").click()
    page.set_input_files("#files", [good])
    submit.click()
    page.get_by_text("登録しました。").wait_for()
    assert page.url == f"{server.address}/"
    row = page.locator("tr[data-id]", has_text=NAME)
    until(page, f"[...document.querySelectorAll('a.name')].some((each) => each.textContent === {NAME!r})", 60)
    row.locator("a.name").click()
    ready(page)
    assert page.locator(".turn").count() > 10
    page.get_by_role("link", name="プレビュー・書き出し").click()
    download = taken_along(page)
    file = tmp_path / "minutes.docx"
    download.save_as(file)
    assert download.suggested_filename == "2026-07-14_令和8年度 第2回b若葉市b図書館協議会_会議録（修正中）.docx"
    cells = [cell.text for table in Document(str(file)).tables for each in table.rows for cell in each.cells]
    assert any(NAME in text for text in cells)
