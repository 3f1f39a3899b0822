"""Dividing the minutes in a real browser: words over a boundary, explanations, headings, decisions, voices; all of it
is taken back."""

from typing import Any

import pytest

from pipeline.editing.desk import corrected
from pipeline.store.library import Library
from tests.review.conftest import EditorPage

pytestmark = pytest.mark.browser


def has(text: str) -> str:
    return f"document.querySelector('#turns').textContent.includes('{text}')"


def turn_with(editor: EditorPage, text: str) -> str:
    (found,) = [turn for turn in editor.turns() if text in turn]
    return found


def test_words_move_over_a_boundary_both_ways(editor: EditorPage):
    before = editor.turns()
    editor.put_cursor("他にいかがでしょうか")
    editor.press("Alt+Shift+ArrowUp")  # nothing stands before the cursor
    editor.until("document.querySelector('#toasts').textContent")
    editor.put_cursor("副会長お願い")
    editor.press("Alt+Shift+ArrowUp")
    editor.until("kaigiroku.model.number === 1")
    assert turn_with(editor, "他にいかが").startswith("委員：わかりました")
    assert "会長：副会長お願いします。" in editor.turns()
    editor.put_cursor("他にいかがでしょうか")
    editor.press("Alt+Shift+ArrowDown")
    editor.until("kaigiroku.model.number === 2")
    assert editor.turns() == before


def test_an_explanation_is_folded_into_a_line_and_printed_in_full_again(editor: EditorPage, library: Library):
    before = editor.turns()
    editor.put_cursor("お答えいたします")
    editor.press("Alt+s")
    editor.page.get_by_label("範囲").select_option("1")
    editor.press("Control+Enter")
    editor.until("kaigiroku.model.number === 1")
    assert len(editor.turns()) == len(before) - 1
    kinds = [block.kind for block in corrected(library, editor.meeting).body]
    assert kinds.count("explanation") == 3
    folded = "kaigiroku.model.entries.find((each) => each.within && each.shown.includes('お答え'))"
    editor.page.evaluate(f"kaigiroku.view.reveal({folded}.id, {{ place: 0 }})")
    editor.press("Alt+s")
    editor.until("kaigiroku.model.number === 2")
    assert editor.turns() == before


def test_a_heading_and_a_decision_are_put_in_and_everything_is_taken_back(editor: EditorPage, library: Library):
    before = corrected(library, editor.meeting).body
    editor.put_cursor("他にいかがでしょうか")
    editor.press("Alt+m")
    editor.press("Control+Enter")
    editor.until("kaigiroku.model.number === 1")
    editor.put_cursor("他にいかがでしょうか")
    editor.press("Alt+o")
    editor.page.locator("dialog input").fill("<b>継続審査</b>")
    editor.press("Enter")
    editor.until(has("―<b>継続審査</b>―"))
    body = corrected(library, editor.meeting).body
    place = next(i for i, block in enumerate(body) if block.kind == "decision" and "継続" in block.text)
    assert [block.kind for block in body[place - 2 : place + 1]] == ["heading", "speech", "decision"]
    for _ in range(2):
        editor.press("Control+z")
    editor.until("kaigiroku.model.number === 4")
    assert corrected(library, editor.meeting).body == before
    for _ in range(2):
        editor.press("Control+y")
    editor.until(has("―<b>継続審査</b>―"))


def test_from_here_on_and_another_voice(editor: EditorPage, library: Library):
    editor.put_cursor("他にご質問は")
    editor.press("Alt+r")
    later = editor.page.get_by_role("menuitemradio", name="ここから後の同じ声の発言")
    count = int(later.text_content().split("（")[1].split("件")[0])
    later.click()
    editor.page.get_by_role("menuitemcheckbox", name="副会長").click()
    editor.until(f"document.querySelector('#toasts').textContent.includes('{count}件の発言を変えました')")
    assert turn_with(editor, "他にいかが").startswith("会長：")
    assert turn_with(editor, "他にご質問は").startswith("副会長：")
    editor.put_cursor("わかりました")
    editor.press("Alt+r")
    editor.page.get_by_role("menuitem", name="話者(声)を変える").click()
    editor.page.locator("dialog select").select_option(label="新しい話者")
    editor.press("Control+Enter")
    editor.until("/^N/.test(kaigiroku.view.current.speaker)")


def test_a_role_that_is_not_certain_is_told_why_and_found_right(editor: EditorPage):
    editor.put_cursor("わかりました")
    guess = "{ op: 'cast', ids: [id], role: '委員', inferred: 0.4, flagged: true }"
    editor.page.evaluate(
        f"(() => {{ const {{ id }} = kaigiroku.view.current; kaigiroku.structure.enter([{guess}], [id]) }})()"
    )
    editor.until("kaigiroku.view.current.flagged")
    editor.press("Alt+r")
    assert "要確認：役割の確からしさ40％" in editor.page.locator(".menu").text_content()
    editor.page.get_by_role("menuitem", name="「委員」でよい").click()
    editor.until("!kaigiroku.view.current.flagged")
    assert turn_with(editor, "わかりました").startswith("委員：")


def test_what_is_typed_while_its_turn_is_taken_into_an_explanation_stays_in_view(editor: EditorPage):
    held: list[Any] = []
    editor.page.route("**/edits", lambda route: route.continue_() if held else held.append(route))
    editor.put_cursor("お答えいたします")
    entry = "kaigiroku.view.current"
    editor.page.evaluate(
        f"(() => {{ const {{ id }} = {entry}; const item = kaigiroku.model.front.agenda[0];"
        " kaigiroku.structure.enter([{ op: 'explain', id: 'n1', ids: [id], item, text: '〔説明〕' }], [id]) })()"
    )
    while not held:
        editor.page.wait_for_timeout(20)
    editor.type("はい、")
    held[0].continue_()
    editor.until("kaigiroku.model.number === 1")
    assert editor.page.evaluate(has("はい、お答えいたします"))
    editor.saved()
    assert editor.page.evaluate(has("はい、お答えいたします"))
