"""Everything by keyboard alone, with an input method at work, and with texts that mean harm in every field."""

from typing import Any

import pytest

from pipeline.editing.desk import corrected
from pipeline.store.library import Library
from pipeline.store.notes import Notes
from tests.editing.cases import texts
from tests.review.conftest import EditorPage, Server

pytestmark = pytest.mark.browser
HARM = "\"'><img src=x onerror='hacked=1'><script>hacked=1</script>{{7*7}}${7*7}</textarea>"
_TURN = "document.activeElement.closest('.turn')?.dataset.id"


def stored(library: Library, editor: EditorPage) -> str:
    return "\n".join(f"{role}：{text}" for role, text in texts(corrected(library, editor.meeting)))


def test_a_correction_from_the_first_key_to_the_last(editor: EditorPage, library: Library):
    editor.press("Tab")
    assert editor.page.evaluate("document.activeElement.className") == "skip"
    editor.press("Enter")
    editor.press("Alt+ArrowDown")
    first = editor.page.evaluate(_TURN)
    editor.press("Tab")
    editor.press("Tab")
    assert editor.page.evaluate(_TURN) != first, "Tab leads out of the text"
    editor.press("Alt+ArrowUp")
    editor.until(f"{_TURN} === '{first}'")
    editor.press("F8")
    editor.until("kaigiroku.player.playing && getSelection().toString() !== ''")
    editor.type("定刻")
    editor.press("Alt+r")
    editor.press("ArrowDown")
    editor.press("Enter")
    editor.press("Control+Enter")
    editor.press("Alt+o")
    editor.press("Control+a")
    editor.type("承認")
    editor.press("Enter")
    editor.until("document.querySelector('#turns').textContent.includes('―承認―')")
    editor.press("Control+f")
    editor.type("議案")
    editor.press("Enter")
    editor.press("Escape")
    editor.until("document.activeElement.matches('.turn .text')")
    editor.saved()
    assert "副会長：定刻となりましたので" in stored(library, editor)


def test_the_tab_key_is_never_caught(editor: EditorPage):
    seen = []
    for _ in range(60):
        editor.press("Tab")
        seen.append(editor.page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert len(set(seen)) == 60
    assert seen == sorted(seen), "in the order of the page"


def test_nothing_happens_while_an_input_method_composes(editor: EditorPage, library: Library):
    devices = editor.page.context.new_cdp_session(editor.page)
    editor.put_cursor("小川です")
    editor.page.evaluate("Object.assign(kaigiroku.settings, {resumeAfterMs: 200, rewindMs: 0})")
    editor.page.evaluate("kaigiroku.player.play(66000)")
    editor.until("kaigiroku.player.playing && kaigiroku.player.now > 66100")
    devices.send("Input.imeSetComposition", {"text": "きょうと", "selectionStart": 4, "selectionEnd": 4})
    editor.until("!kaigiroku.player.playing")
    for code, key in ((115, "F4"), (119, "F8"), (13, "Enter"), (32, " "), (9, "Tab")):
        composing = {"windowsVirtualKeyCode": 229, "code": key, "key": "Process"}
        devices.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **composing})
        devices.send("Input.dispatchKeyEvent", {"type": "keyUp", **composing | {"windowsVirtualKeyCode": code}})
    editor.page.wait_for_timeout(900)  # longer than anything waits for a pause of typing
    assert not editor.page.evaluate("kaigiroku.player.playing || kaigiroku.outbox.unsent || kaigiroku.model.number")
    assert editor.page.evaluate("kaigiroku.view.current.id") == "b0007"
    devices.send("Input.imeSetComposition", {"text": "京都", "selectionStart": 2, "selectionEnd": 2})
    devices.send("Input.insertText", {"text": "京都"})
    editor.until("kaigiroku.player.playing")
    editor.saved()
    assert "はい、京都小川です。" in stored(library, editor)
    editor.press("Control+z")
    editor.until("document.querySelector('#turns').textContent.includes('はい、小川です。')")


def test_what_was_played_and_how_long_somebody_worked_is_kept(editor: EditorPage, library: Library, server: Server):
    notes = Notes(library, editor.meeting)
    editor.put_cursor("小川です")
    editor.press("Shift+F4")
    editor.until("kaigiroku.player.now > 68500")
    editor.page.goto(f"{server.address}/keys")
    for _ in range(50):
        if notes.seconds() and notes.heard():
            break
        editor.page.wait_for_timeout(50)
    assert 1 <= notes.seconds() < 20
    ((start, end),) = notes.heard()
    assert 66000 < start < 67500 < 68000 < end < 75000


def _ask(editor: EditorPage, key: str, **fields: str) -> None:
    editor.press(key)
    for label, text in fields.items():
        editor.page.get_by_role("dialog").get_by_label(label).fill(text)
    editor.press("Control+Enter")
    editor.until("!document.querySelector('dialog[open]')")


def test_harmful_text_stays_text_everywhere(editor: EditorPage, library: Library, server: Server):
    page: Any = editor.page
    editor.put_cursor("小川です")
    editor.type(HARM)
    editor.saved()
    _ask(editor, "Alt+c", 同僚への連絡=HARM)
    _ask(editor, "Alt+n", 理由=HARM, 決めた人=HARM)
    _ask(editor, "Alt+o", 決定=HARM)
    editor.until("kaigiroku.model.entries.filter((each) => JSON.stringify(each).includes('hacked')).length > 1")
    editor.put_cursor("わかりました")
    editor.press("Alt+r")
    page.get_by_role("menuitem", name="ほかの役割").click()
    page.get_by_role("dialog").get_by_label("役割").fill(HARM)
    editor.press("Enter")
    editor.until("kaigiroku.model.roles().some((role) => role.includes('hacked'))")
    editor.press("Control+f")
    page.get_by_label("検索する言葉").fill("hacked")
    page.get_by_label("置き換える言葉").fill(HARM)
    page.get_by_label("辞書にも登録する").check()
    page.get_by_label("よみ").fill(HARM)
    for tool in ("非公開", "コメント", "履歴", "確認"):
        page.get_by_role("tab", name=tool).click()
    page.get_by_role("tab", name="履歴").click()
    page.get_by_role("button", name="下書きと今を比べる").click()
    editor.until("document.querySelector('.compare tbody')")
    editor.press("Escape")
    fields = {"name": HARM, "secretariat": HARM, "place": HARM, "handouts": [HARM], "terms": [HARM]}
    fields |= {"agenda": [{"kind": HARM, "title": HARM}], "roster": [{"role": HARM, "members": [HARM], "chairs": True}]}
    token = page.locator("meta[name=csrf]").get_attribute("content")
    answer = page.request.put(
        f"{server.address}/api/meetings/{editor.meeting}/form", data=fields, headers={"X-CSRF-Token": token}
    )
    assert answer.ok, answer.text()
    for path in (
        f"/meetings/{editor.meeting}",
        f"/meetings/{editor.meeting}/form",
        "/",
        f"/meetings/{editor.meeting}/preview",
    ):
        page.goto(f"{server.address}{path}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("typeof hacked === 'undefined' && !document.querySelector('img[src=x]')"), path
    assert HARM in stored(library, editor)
