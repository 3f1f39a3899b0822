"""The tools beside the text, in a real browser: find and replace, the dictionary, comments, history, what is withheld,
keys."""

from typing import Any

import pytest

from pipeline.editing.desk import corrected
from pipeline.lexicon.dictionary import read_dictionary
from pipeline.store.library import Library
from pipeline.store.notes import Notes
from tests.review.conftest import EditorPage, Server

pytestmark = pytest.mark.browser


def test_replacing_shows_what_would_be_and_takes_only_what_is_ticked(editor: EditorPage, server: Server):
    editor.put_cursor("重大の利用")
    editor.page.keyboard.press("Shift+ArrowRight")
    editor.page.keyboard.press("Shift+ArrowRight")
    editor.press("Control+f")
    editor.until("document.activeElement.value === '重大'")
    editor.page.get_by_label("置き換える言葉").fill("中学生<i>")
    rows = editor.page.locator(".hits .hit")
    editor.until("document.querySelectorAll('.hits ins').length === 2")
    assert "です。重大中学生<i>の利用は" in rows.first.text_content()
    rows.last.get_by_role("checkbox").uncheck()
    editor.page.get_by_label("辞書にも登録する").check()
    editor.page.get_by_label("よみ").fill("ちゅうがくせい")
    editor.page.get_by_label("「重大」と聞き取ったら").check()
    editor.page.get_by_role("button", name="1か所を置き換える").click()
    editor.until("document.querySelector('#toasts').textContent.includes('チュウガクセイ')")
    turns = "\n".join(editor.turns())
    assert "中学生<i>の利用はどの" in turns and "重大は全体の" in turns
    (term,) = read_dictionary(server.folder.parent / "config" / "kaigiroku" / "dictionary.toml")
    assert (term.written, term.misheard) == ("中学生<i>", ("重大",))
    editor.press("Escape")
    editor.press("Control+z")
    editor.until("kaigiroku.model.number === 2 && document.querySelector('#turns').textContent.includes('重大の利用')")


def test_a_search_knows_no_width_and_no_case(editor: EditorPage):
    editor.press("Control+f")
    editor.type("ｃｈｒｏｍｅＢＯＯＫ")
    editor.until("document.querySelectorAll('.hits mark').length === 1")
    assert editor.page.locator(".hits mark").text_content() == "Chromebook"
    editor.page.get_by_label("全角・半角").check()
    editor.until("document.querySelectorAll('.hits mark').length === 0")


def test_a_comment_is_seen_by_others_and_settled(editor: EditorPage, server: Server, library: Library):
    other = EditorPage(editor.page.context.new_page(), server.address, editor.meeting).open()
    editor.put_cursor("重大の利用")
    editor.page.keyboard.press("Shift+ArrowRight")
    editor.press("Alt+c")
    editor.type("<b>数字</b>を確かめる")
    editor.press("Control+Enter")
    other.until("document.querySelector('#turns').textContent.includes('コメント1')")
    other.page.get_by_role("tab", name="コメント").click()
    card = other.page.locator(".comment").first
    assert card.locator("blockquote").text_content() == "重"
    assert card.locator(".said").text_content() == "<b>数字</b>を確かめる"
    card.get_by_role("button", name="対応済みにする").click()
    editor.until("!document.querySelector('#turns').textContent.includes('コメント1')")
    (comment,) = Notes(library, editor.meeting).comments()
    assert comment.resolved_by and not editor.page.evaluate("kaigiroku.model.number")


def test_the_history_compares_takes_back_and_restores(editor: EditorPage, server: Server):
    before = editor.turns()
    editor.put_cursor("重大の利用")
    editor.type("<i>")
    editor.saved()
    editor.put_cursor("他にご質問")
    editor.press("Control+Enter")
    editor.press("Alt+i")
    editor.until("document.querySelectorAll('.steps li').length === 2")
    assert "重大" in editor.page.locator(".steps ins").first.evaluate("e => e.parentElement.textContent")
    editor.put_cursor("他にご質問")
    editor.press("Alt+x")
    editor.page.get_by_role("menuitem", name="この発言の履歴").click()
    editor.until("document.querySelectorAll('.steps li').length === 1")
    editor.page.get_by_role("button", name="すべての履歴").click()
    editor.until("document.querySelectorAll('.steps li').length === 2")
    for place in (0, 2):  # the last step, and the draft
        editor.page.locator("#panel-history input[type=checkbox]").nth(place).check()
    editor.page.get_by_role("button", name="選んだ2つの時点を比べる").click()
    editor.until("document.querySelectorAll('.compare tbody tr').length === 1")
    row = editor.page.locator(".compare tbody tr")
    assert row.locator("ins").text_content() == "<i>"
    row.get_by_role("button", name="左に戻す").click()
    editor.until("kaigiroku.model.number === 3")
    editor.press("Escape")
    assert editor.turns() == before
    editor.until("document.querySelectorAll('.steps li').length === 3")
    editor.page.locator(".steps li").last.get_by_role("button", name="操作").click()
    editor.page.get_by_role("menuitem", name="全体をこの時点に戻す").click()
    other = EditorPage(editor.page.context.new_page(), server.address, editor.meeting).open()
    other.put_cursor("他にいかが")
    other.type("では、")
    other.saved()
    editor.page.get_by_role("button", name="戻す", exact=True).click()
    editor.until("document.querySelector('#toasts').textContent.includes('ほかの修正が入りました')")
    assert any("では、他にいかが" in turn for turn in editor.turns())
    editor.until("document.querySelectorAll('.steps li').length === 4")
    editor.page.locator(".steps li").last.get_by_role("button", name="操作").click()
    editor.page.get_by_role("menuitem", name="全体をこの時点に戻す").click()
    editor.page.get_by_role("button", name="戻す", exact=True).click()
    editor.until("kaigiroku.model.number === 5")
    assert any("<i>重大の利用" in turn for turn in editor.turns()) and not any(
        "では、他に" in t for t in editor.turns()
    )


def test_what_is_withheld_keeps_its_ground_and_moves_with_the_text(editor: EditorPage, library: Library):
    editor.put_cursor("小川です")
    editor.press("Shift+ArrowRight")
    editor.press("Shift+ArrowRight")
    editor.press("Alt+n")
    editor.page.get_by_label("理由").fill("条例第7条<第2号>")
    editor.page.get_by_label("決めた人").fill("課長")
    editor.press("Enter")
    editor.until("kaigiroku.model.number === 1")
    editor.put_cursor("はい、小川")
    editor.type("あの、")
    editor.saved()
    (speech,) = [b for b in corrected(library, editor.meeting).body if b.id == "b0007"]
    (mark,) = speech.paragraphs[0][0].withheld
    assert (mark.ground, mark.by, mark.start, mark.end) == ("条例第7条<第2号>", "課長", 6, 8) and mark.on
    editor.page.get_by_role("tab", name="非公開").click()
    assert "「小川」条例第7条<第2号>（課長）" in editor.page.locator("#panel-withhold li").text_content()
    editor.put_cursor("小川です", 1)
    editor.press("Alt+n")
    editor.page.get_by_role("button", name="非公開をやめる").click()
    editor.until("document.querySelectorAll('#panel-withhold li').length === 0")


def test_a_name_is_withheld_everywhere_and_an_item_at_its_heading(editor: EditorPage, library: Library):
    editor.put_cursor("小川です")
    editor.press("Shift+ArrowRight")
    editor.press("Shift+ArrowRight")
    editor.press("Alt+n")
    editor.page.get_by_label("どこでも").check()
    editor.page.get_by_label("理由").fill("個人")
    editor.page.get_by_label("決めた人").fill("課長")
    editor.press("Enter")
    editor.until("kaigiroku.model.front.withheld_names.length === 1")
    editor.page.evaluate("kaigiroku.view.reveal('b0002')")
    editor.press("Alt+n")
    assert editor.page.get_by_label("理由").input_value() == "個人"
    editor.page.get_by_label("件名も").check()
    editor.press("Enter")
    editor.until("kaigiroku.model.get('b0002').withheld")
    found = corrected(library, editor.meeting)
    assert [name.text for name in found.withheld_names] == ["小川"] and found.body[1].withheld.title_too


def test_keys_can_be_chosen_and_a_pedal_plays_while_it_is_down(page: Any, server: Server, meeting: str):
    page.goto(f"{server.address}/keys")
    page.get_by_role("button", name="3秒戻るのキーを変える").click()
    page.keyboard.press("a")
    assert "選べません" in page.locator("#state").text_content()
    page.keyboard.press("F4")
    assert "「再生・一時停止」からは外しました" in page.locator("#state").text_content()
    page.get_by_role("button", name="再生・一時停止のキーを足す").click()
    page.keyboard.press("Control+Space")
    page.keyboard.press("Alt+j")
    page.get_by_role("button", name="再生・一時停止のキーを足す").click()
    page.keyboard.press("F7")
    assert page.locator("tr", has_text="再生・一時停止").locator("kbd").all_text_contents() == ["Alt+J", "F7"]
    editor = EditorPage(page, server.address, meeting).open()
    editor.put_cursor("他にいかが")
    editor.press("Alt+j")
    editor.until("kaigiroku.player.playing && kaigiroku.player.now > 300")
    editor.press("F7")
    editor.until("!kaigiroku.player.playing")
    page.evaluate("kaigiroku.player.seek(60000)")
    editor.press("F4")
    editor.until("Math.abs(kaigiroku.player.now - 57000) < 50")
    page.keyboard.down("F9")
    editor.until("kaigiroku.player.playing && kaigiroku.player.now > 57400")
    page.keyboard.up("F9")
    editor.until("!kaigiroku.player.playing && kaigiroku.player.now < 57400")
