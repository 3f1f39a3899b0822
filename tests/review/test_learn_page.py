"""The learn page in a real browser: what people put right is proposed, tried on the past, accepted with one press."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.editing.desk import Desk, Submission
from pipeline.lexicon.dictionary import read_dictionary
from pipeline.records.edits import Splice
from pipeline.records.meeting import Meeting
from pipeline.store.artifacts import write_artifact
from pipeline.store.library import Library
from pipeline.store.tables.meetings import State
from tests.review.conftest import Server, served, until

sys.path.insert(0, str(Path(__file__).parents[1] / "evaluate"))
from made import spoken

HEARD = ("次は北見大市についてです。", "北見大市の<b>案</b>を示します。", "北見大市は来年です。")


@pytest.fixture
def desk_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Server, Path]]:
    """A library with one corrected meeting, and a server whose dictionary is in this test's own folder."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    library = Library.open(tmp_path / "library", create=True)
    recording = tmp_path / "a.wav"
    recording.write_bytes(b"sound")
    row = library.add(Meeting(name="第1回<i>会議</i>"), [(recording, "a.wav")])
    workspace = library.workspace(row.id)
    workspace.work_dir.mkdir(parents=True)
    write_artifact(workspace.artifact("compose"), "1" * 64, spoken(*HEARD))
    desk = Desk(library, row.id)
    for number, text in enumerate(HEARD, 1):
        splice = Splice(id=f"b{number}", at=text.index("北見大市"), removed="北見大市", inserted="北見台市")
        desk.submit(Submission(key=f"k{number}", operations=(splice,)), "鈴木")
    library.change(row.id, state=State.CHECKED)
    with served(library) as server:
        yield server, tmp_path / "config" / "kaigiroku" / "dictionary.toml"


@pytest.mark.browser
def test_a_proposal_is_tried_on_the_past_and_accepted(page: Any, desk_server: tuple[Server, Path]) -> None:
    server, dictionary = desk_server
    page.goto(f"{server.address}/learn")
    page.wait_for_selector("section.note")
    card = page.locator("section.note").first
    assert card.locator(".written").text_content() == "北見台市"
    assert "3回のうち3回、「北見大市」3回になっていました" in card.locator(".counts").text_content()
    assert "第1回<i>会議</i>" in card.locator(".contexts li").first.text_content()
    assert "次から必ず「北見台市」に直ります" in card.locator(".fixed").text_content()
    until(page, "document.querySelector('.effect').textContent.includes('良くなる箇所3、悪くなる箇所0')", 60)
    assert not dictionary.exists()
    card.locator(".yes").click()
    until(page, "document.getElementById('state').textContent.includes('辞書に入れました')")
    (term,) = read_dictionary(dictionary)
    assert (term.written, term.misheard) == ("北見台市", ("北見大市",))
    page.reload()
    until(page, "document.getElementById('state').textContent.includes('提案はありません')")


@pytest.mark.browser
def test_what_was_refused_or_never_proposed_is_not_entered(page: Any, desk_server: tuple[Server, Path]) -> None:
    server, dictionary = desk_server
    page.goto(f"{server.address}/learn")
    page.wait_for_selector("section.note")
    page.locator(".no").first.click()
    until(page, "!document.querySelector('section.note')")
    csrf = page.locator("meta[name=csrf]").get_attribute("content")
    headers = {"X-CSRF-Token": csrf, "Content-Type": "application/json"}
    refused = page.request.post(f"{server.address}/api/learn", data='{"written": "何か"}', headers=headers)
    assert refused.status == 404
    assert page.request.post(f"{server.address}/api/learn", data='{"written": "北見台市"}').status == 403
    assert not dictionary.exists()
