"""Listening in a real browser: a sentence over and over, speed with the pitch kept, a stop while somebody types; what
is doubtful one after the other, and how far the work is."""

from typing import Any

import pytest

from pipeline.store.library import Library
from pipeline.store.tables.meetings import State
from tests.review.conftest import EditorPage, Server

pytestmark = pytest.mark.browser
NOW = "kaigiroku.player.now"


def test_a_sentence_is_played_over_and_over_at_another_speed(editor: EditorPage):
    editor.put_cursor("わかりました。")
    start, end = editor.page.evaluate("kaigiroku.view.current.sentences.slice(2, 4)")
    for _ in range(7):
        editor.press("Alt+.")
    editor.until("kaigiroku.player.audio.playbackRate === 2 && kaigiroku.player.audio.preservesPitch")
    assert "2.0倍" in editor.page.locator("#speed-shown").text_content()
    editor.press("F2")
    editor.until(f"{NOW} > {end} - 400")
    editor.until(f"{NOW} < {start} + 400")
    editor.until("document.querySelector('#loop').getAttribute('aria-pressed') === 'true'")
    editor.press("F2")
    editor.until(f"{NOW} > {end} + 100")
    for _ in range(20):
        editor.press("Alt+,")
    assert editor.page.evaluate("kaigiroku.player.audio.playbackRate") == 0.5
    here = editor.page.evaluate(NOW)
    editor.press("F3")
    assert here - 3000 <= editor.page.evaluate(NOW) < here - 2000


def test_it_stops_while_somebody_types_and_goes_on_a_little_earlier(editor: EditorPage):
    editor.page.evaluate("Object.assign(kaigiroku.settings, { resumeAfterMs: 400, rewindMs: 1000 })")
    editor.put_cursor("重大の利用")
    editor.page.evaluate("kaigiroku.player.play(70000)")
    editor.until(f"{NOW} > 70300")
    editor.type("あ")
    editor.until("!kaigiroku.player.playing")
    stopped = editor.page.evaluate(NOW)
    editor.until("kaigiroku.player.playing")
    assert stopped - 1000 <= editor.page.evaluate(NOW) < stopped
    span = editor.page.evaluate("kaigiroku.player.once(60000, 61500), kaigiroku.player.span")
    editor.until(f"{NOW} > 60200")
    editor.type("う")
    editor.until("!kaigiroku.player.playing")
    editor.until("kaigiroku.player.playing")
    assert editor.page.evaluate("kaigiroku.player.span") == span  # the stretch ends where it was to end
    editor.page.evaluate("kaigiroku.player.play(70000)")
    editor.page.evaluate("kaigiroku.settings.autoPause = false")
    editor.type("い")
    editor.page.wait_for_timeout(50)
    assert editor.page.evaluate("kaigiroku.player.playing")


def test_doubtful_places_are_shown_and_heard_one_after_the_other(editor: EditorPage):
    doubts = editor.page.evaluate("[...kaigiroku.triage.doubts()].map((each) => [each.id, each.from])")
    selected = "[kaigiroku.view.current.id, kaigiroku.cursor().start]"
    editor.press("F8")
    assert editor.page.evaluate(selected) == doubts[0]
    editor.until("kaigiroku.player.playing")
    assert editor.page.locator("#loop").get_attribute("aria-pressed") == "false"
    editor.press("Alt+k")
    editor.until(f"String({selected}) === '{doubts[1][0]},{doubts[1][1]}'")
    editor.press("Shift+F8")
    assert editor.page.evaluate(selected) == doubts[-1]
    assert len(editor.page.evaluate("[...kaigiroku.triage.doubts()]")) == len(doubts) - 1
    editor.until(f"document.querySelector('#tab-check .count').textContent === '{len(doubts) - 1}'")


def test_only_what_is_asked_for_is_shown(editor: EditorPage):
    shown = "[...document.querySelectorAll('.turn')].filter((turn) => turn.offsetParent).length"
    every = editor.page.evaluate(shown)
    strip = editor.page.locator(".strip")
    editor.page.get_by_label("役割で絞る").select_option("副会長")
    some = editor.page.evaluate(shown)
    assert 0 < some < every and f"絞り込み中：役割が副会長（{some}件）" in strip.text_content()
    editor.press("F8")
    role = "kaigiroku.view.current.role"
    for _ in range(3):
        assert editor.page.evaluate(role) == "副会長"
        editor.press("F8")
    editor.type("ああ")
    assert editor.page.evaluate("document.activeElement.matches('.match .text')")
    editor.saved()
    editor.page.evaluate("kaigiroku.view.reveal('b0007', { place: 0 })")  # from a list beside the text
    assert editor.page.locator("#t-b0007").is_visible()
    editor.page.get_by_label("表示する発言").select_option("comments")
    assert "当てはまる発言はありません" in strip.text_content() and editor.page.evaluate(shown) == 0
    strip.get_by_role("button", name="すべて表示する").click()
    assert editor.page.evaluate(shown) == every and not strip.is_visible()


def test_progress_is_what_was_heard_and_confirmed(editor: EditorPage):
    figures = "document.querySelector('#panel-check').textContent"
    editor.put_cursor("わかりました。")
    editor.press("Control+Enter")
    editor.until(f"{figures}.includes('うち聞かずに確認 1')")
    editor.page.evaluate("kaigiroku.settings.speed = 2; kaigiroku.player.play(kaigiroku.view.current.start - 5000)")
    editor.until("kaigiroku.player.now > kaigiroku.view.current.start + 500")
    editor.press("F4")
    editor.page.evaluate("dispatchEvent(new Event('pagehide'))")  # what was heard is told at once
    editor.until(f"{figures}.includes('確認済み 1 / ') && !{figures}.includes('聞かずに')")
    assert editor.page.locator("#progress").text_content() != "確認 0％"


def test_a_recording_that_could_not_be_loaded_is_played_when_it_can_be(page: Any, server: Server, meeting: str):
    page.route("**/audio/*", lambda route: route.abort())
    editor = EditorPage(page, server.address, meeting).open()
    notice = page.locator("#notice-sound")
    notice.wait_for()
    assert "録音を再生できません" in notice.text_content()
    editor.put_cursor("重大の利用")
    editor.type("文字は直せる")
    editor.saved()
    page.unroute("**/audio/*")
    notice.get_by_role("button", name="もう一度再生する").click()
    editor.until("kaigiroku.player.playing && kaigiroku.player.now > 100")
    assert not notice.is_visible()


def test_final_minutes_can_be_heard_and_not_changed(editor: EditorPage, library: Library):
    library.change(editor.meeting, state=State.FINAL)
    editor.open()
    assert "確定しています" in editor.page.locator("#notice-final").text_content()
    assert editor.page.get_by_role("button", name="元に戻す", exact=True).is_disabled()
    before = editor.turns()
    editor.put_cursor("重大の利用")
    editor.page.keyboard.type("x")
    editor.press("Alt+1")
    editor.press("Shift+F4")
    editor.until("kaigiroku.player.playing")
    assert editor.turns() == before and editor.page.evaluate("kaigiroku.model.number + kaigiroku.outbox.unsent") == 0
