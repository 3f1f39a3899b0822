"""Nothing that was typed is lost: the server killed, away, its disk full; two people in one turn; another draft."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.editing.desk import Desk, corrected
from pipeline.records.meeting import Meeting
from pipeline.records.minutes import Minutes, Speech
from pipeline.store.artifacts import artifact_key_of, read_artifact, write_artifact
from pipeline.store.library import Library
from pipeline.store.notes import Notes
from tests.editing.cases import texts
from tests.review.conftest import EditorPage, Server, add_drafted, free_port, served

pytestmark = pytest.mark.browser
PLACE = "小川です。"


def typed_slowly(editor: EditorPage, text: str, *, ms: int = 15) -> None:
    for sign in text:
        editor.type(sign)
        editor.page.wait_for_timeout(ms)


def stored(library: Library, meeting: str) -> str:
    return "\n".join(f"{role}：{text}" for role, text in texts(corrected(library, meeting)))


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Library]]:
    """A server that may be killed, with a library of its own."""
    library = Library.open(tmp_path_factory.mktemp("mortal") / "library", create=True)
    with served(library) as server:
        yield server, library


@pytest.fixture
def own(mortal: tuple[Server, Library], sample_meeting: Meeting, sample_draft: Path) -> tuple[Server, Library, str]:
    """With a meeting of this test's own."""
    return *mortal, add_drafted(mortal[1], sample_meeting, sample_draft)


def test_a_server_killed_again_and_again_while_somebody_types(page: Any, own: tuple[Server, Library, str]):
    server, library, meeting = own
    editor = EditorPage(page, server.address, meeting).open()
    editor.put_cursor(PLACE, len(PLACE))
    expected = PLACE
    for part in ("一回目の電源断のあいだに打った文です。", "二回目もそのまま打ち続けます。"):
        typed_slowly(editor, part[:8])
        server.kill()
        typed_slowly(editor, part[8:])
        expected += part
        editor.until("document.querySelector('#saved').textContent.includes('このパソコンに保管')")
        server.start()
        editor.saved()
    assert stored(library, meeting).count(expected) == 1
    page.reload()
    page.wait_for_selector("body[data-ready=yes]")
    assert any(expected in turn for turn in editor.turns())


def test_a_page_that_was_closed_while_the_server_was_away(context: Any, own: tuple[Server, Library, str]):
    server, library, meeting = own
    editor = EditorPage(context.new_page(), server.address, meeting).open()
    editor.put_cursor(PLACE, len(PLACE))
    server.kill()
    typed_slowly(editor, "ふたを閉じる前の文。")
    editor.page.close(run_before_unload=False)
    server.start()
    again = EditorPage(context.new_page(), server.address, meeting).open()
    again.saved()
    assert stored(library, meeting).count(PLACE + "ふたを閉じる前の文。") == 1
    assert "届かなかった修正1件" in again.page.locator("#toasts").text_content()


def test_what_was_typed_last_is_safe_when_the_page_goes_at_once(context: Any, own: tuple[Server, Library, str]):
    """Within the pause before it is sent, with the server there."""
    server, library, meeting = own
    editor = EditorPage(context.new_page(), server.address, meeting).open()
    editor.put_cursor(PLACE, len(PLACE))
    editor.type("閉じる直前の文。")
    editor.page.wait_for_timeout(50)
    editor.page.close(run_before_unload=False)
    EditorPage(context.new_page(), server.address, meeting).open().saved()
    assert stored(library, meeting).count(PLACE + "閉じる直前の文。") == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own that can be filled."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=32m", "kaigiroku-test", str(folder)]
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not root or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path) -> Path:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return ballast


def test_a_full_disk(page: Any, small_disk: Path, sample_meeting: Meeting, sample_draft: Path):
    library = Library.open(small_disk / "library", create=True)
    meeting = add_drafted(library, sample_meeting, sample_draft)
    server = Server(library.folder, free_port(), log=small_disk.parent / "server.log")
    server.start()
    try:
        editor = EditorPage(page, server.address, meeting).open()
        editor.put_cursor(PLACE, len(PLACE))
        typed_slowly(editor, "空きのあるとき。")
        editor.saved()
        ballast = fill(small_disk)
        for _ in range(20):
            editor.type("空きのないとき。" * 2)
        editor.until("document.querySelector('#saved').textContent.includes('このパソコンに保管')")
        assert "ディスクの空きがありません" in page.locator("#saved").get_attribute("title")
        ballast.unlink()
        editor.saved()
        assert stored(library, meeting).count(PLACE + "空きのあるとき。" + "空きのないとき。" * 40) == 1
    finally:
        server.stop()
    assert "Traceback" not in server.log.read_text(encoding="utf-8")


def test_two_people_in_one_turn_see_each_other_and_choose(
    editor: EditorPage, server: Server, library: Library, chromium: Any
):
    other_profile = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="ja-JP")
    other = EditorPage(other_profile.new_page(), server.address, editor.meeting).open()
    try:
        other.put_cursor("学校の授業", 0)
        editor.until("document.querySelector('#turns').textContent.includes('が編集中')")
        editor.page.route("**/api/meetings/*/edits", lambda route: route.abort())  # on a slow line
        editor.put_cursor("重大の利用", 0)
        editor.type("わたしの文")
        other.type("相手の文")
        other.saved()
        editor.page.unroute("**/api/meetings/*/edits")
        dialog = editor.page.get_by_role("dialog", name="同じ発言をほかの人も直しました")
        dialog.wait_for()
        both = dialog.locator(".both").text_content()
        assert "わたしの文" in both and "相手の文" in both
        dialog.get_by_role("button", name="自分の文にする").click()
        editor.saved()
        assert "わたしの文" in stored(library, editor.meeting)
        (note,) = Notes(library, editor.meeting).comments()
        assert "相手の文" in note.text
    finally:
        other_profile.close()


def test_another_draft_is_offered_and_keeps_what_people_did(editor: EditorPage, library: Library):
    editor.put_cursor("重大の利用", 0)
    editor.type("電子図書館の、")
    editor.saved()
    path = library.workspace(editor.meeting).artifact("compose")
    draft = read_artifact(path, artifact_key_of(path), Minutes)
    write_artifact(path, "f" * 64, heard_otherwise(draft))
    editor.until("!document.querySelector('#notice-draft').hidden", 5)
    assert "聞き直した" not in "\n".join(editor.turns())
    editor.page.get_by_role("button", name="新しい下書きに切り替える").click()
    editor.until("document.querySelector('#notice-draft').hidden")
    turns = "\n".join(editor.turns())
    assert "電子図書館の、重大の利用" in turns and turns.count("聞き直した") == turns.count("\n")
    assert stored(library, editor.meeting).count("聞き直した") >= turns.count("聞き直した")
    assert Desk(library, editor.meeting).fold.sheet.base == 2
    editor.press("Control+z")
    editor.until("!document.querySelector('#turns').textContent.includes('聞き直した')")
    assert "電子図書館の、重大の利用" in "\n".join(editor.turns())


def heard_otherwise(draft: Minutes) -> Minutes:
    """The same recording, every turn beginning with other words."""

    def changed(block: Any) -> Any:
        if not isinstance(block, Speech):
            return block
        first, *rest = block.paragraphs[0]
        sentence = first.model_copy(update={"text": "聞き直した" + first.text, "withheld": ()})
        return block.model_copy(update={"paragraphs": ((sentence, *rest), *block.paragraphs[1:])})

    return draft.model_copy(update={"body": tuple(map(changed, draft.body))})
