"""Every page under axe-core (WCAG 2.2 A and AA, contrast in light and in dark)."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.review.conftest import EditorPage, Server

pytestmark = pytest.mark.browser
_ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_NOT = {"region": {"enabled": False}}  # a menu that is open lies in no landmark
_CONTRAST = {"type": "rule", "values": ["color-contrast"]}


def look(page: Any) -> None:
    """Every finding with the element it is about."""
    for scheme, rules in (("light", _ALL), ("dark", _CONTRAST)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page, options={"runOnly": rules, "rules": _NOT}).response["violations"]
        told = [
            (scheme, each["id"], node["html"][:160], node["failureSummary"]) for each in found for node in each["nodes"]
        ]
        assert told == []


def test_pages(page: Any, server: Server, meeting: str):
    for path in ("/", "/new", "/keys", "/learn", "/people", "/people/log", f"/meetings/{meeting}/preview"):
        page.goto(f"{server.address}{path}")
        page.wait_for_load_state("networkidle")
        look(page)


def test_the_editor_and_its_tools(editor: EditorPage):
    editor.put_cursor("小川です", 1)
    editor.press("Control+Enter")
    editor.type("ご")
    editor.saved()
    editor.put_cursor("重大の利用")
    editor.press("Shift+ArrowRight")
    editor.press("Control+f")
    editor.page.get_by_label("辞書にも登録する").check()
    look(editor.page)
    for tool in ("コメント", "非公開", "設定"):
        editor.page.get_by_role("tab", name=tool).click()
        look(editor.page)


def test_menus_and_dialogs(editor: EditorPage):
    editor.put_cursor("小川です")
    editor.press("Alt+x")
    look(editor.page)
    editor.press("Escape")
    editor.press("Alt+n")
    look(editor.page)
    editor.press("Escape")
    editor.type("ご")
    editor.saved()
    editor.press("Alt+i")
    editor.page.get_by_role("button", name="下書きと今を比べる").click()
    editor.until("document.querySelector('.compare')")
    look(editor.page)
