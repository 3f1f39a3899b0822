"""Correcting a draft in a real browser: listen, type, split, reassign, undo; what is seen is in the database."""

from collections.abc import Callable

import pytest

from pipeline.editing.desk import corrected
from pipeline.store.library import Library
from pipeline.store.tables.meetings import State
from tests.editing.cases import texts
from tests.review.conftest import EditorPage

pytestmark = pytest.mark.browser
COUNT = "document.querySelectorAll('.turn.speech:not(.within)').length"
QUESTION = "はい、小川です。重大の利用はどのくらいでしょうか。学校の授業でも使えると良いと思うのですが。"


def eventually(condition: Callable[[], bool], editor: EditorPage) -> None:
    """An edit of the inference may come in between: what counts is what stands there in the end."""
    for _ in range(100):
        if condition():
            return
        editor.page.wait_for_timeout(100)
    raise AssertionError(editor.turns())


def stored(library: Library, editor: EditorPage) -> list[str]:
    return [f"{role}：{text}" for role, text in texts(corrected(library, editor.meeting))]


def test_a_word_that_is_clicked_is_heard_and_lit(editor: EditorPage):
    editor.page.evaluate("kaigiroku.view.reveal('b0007', {place: 0})")
    box = editor.page.evaluate(
        "(() => { const field = kaigiroku.view.field('b0007'); const range = document.createRange();"
        " range.setStart(field.firstChild, 9); range.setEnd(field.firstChild, 10);"
        " const box = range.getBoundingClientRect(); return [box.x + 3, box.y + box.height / 2]; })()"
    )
    editor.page.mouse.click(*box)
    editor.until("kaigiroku.player.playing && kaigiroku.player.audio.currentTime > 0")
    said = editor.page.evaluate("kaigiroku.model.get('b0007').words.filter((_, i) => i % 6 === 2)")
    now = editor.page.evaluate("kaigiroku.player.now")
    assert any(abs(start - now) < 1500 for start in said) and now > said[1]
    editor.until("[...CSS.highlights.get('playing')].length === 1")
    editor.press("F4")
    editor.until("!kaigiroku.player.playing")


def test_what_is_typed_is_in_the_database(editor: EditorPage, library: Library):
    editor.put_cursor("重大の利用")
    editor.press("Delete")
    editor.press("Delete")
    editor.type("電子図書館")
    fixed = QUESTION.replace("重大の利用", "電子図書館の利用")
    assert f"委員：{fixed}" in editor.turns()
    eventually(lambda: f"委員：{fixed}" in stored(library, editor), editor)
    eventually(lambda: library.meeting(editor.meeting).state is State.CORRECTING, editor)


def test_split_merge_and_undo(editor: EditorPage, library: Library):
    before = editor.turns()
    editor.put_cursor("学校の授業")
    editor.press("Alt+Enter")
    editor.until(f"{COUNT} === {len(before) + 1}")
    assert "委員：学校の授業でも使えると良いと思うのですが。" in editor.turns()
    editor.press("Alt+Shift+Enter")
    editor.until(f"{COUNT} === {len(before)}")
    assert editor.turns() == before
    for _ in range(2):
        editor.press("Control+z")
    editor.until("kaigiroku.model.number === 4")
    assert editor.turns() == before and [t for t in stored(library, editor) if t in before] == before


def test_a_role_for_one_turn_and_for_a_whole_voice(editor: EditorPage, library: Library):
    editor.put_cursor("わかりました")
    editor.press("Alt+1")
    eventually(lambda: any(text.startswith("会長：わかりました") for text in editor.turns()), editor)
    editor.until("kaigiroku.model.number === 2")  # what follows for other turns has arrived
    editor.put_cursor("他にいかがでしょうか")
    editor.press("Alt+r")
    editor.page.get_by_role("menuitemradio", name="この声の発言すべて").click()
    editor.page.get_by_role("menuitemcheckbox", name="副会長").click()
    for beginning in ("副会長：他にいかがでしょうか", "副会長：以上で本日の", "会長：わかりました"):
        eventually(lambda wanted=beginning: any(t.startswith(wanted) for t in stored(library, editor)), editor)


def test_a_layer_is_shown_with_its_reason_and_taken_back_whole(editor: EditorPage):
    editor.put_cursor("小川です", 1)
    editor.until("document.querySelector('#word').textContent.includes('会議情報')")
    assert editor.page.locator("#word dd").first.text_content().startswith("お側 ")
    editor.press("Alt+z")
    editor.until("document.querySelector('#turns').textContent.includes('はい、お側です。')")
    editor.press("Control+z")
    editor.until("document.querySelector('#turns').textContent.includes('はい、小川です。')")
