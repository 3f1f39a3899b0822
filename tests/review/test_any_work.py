"""Whatever somebody presses, in whatever order: in the end the page shows what the server has, turn by turn."""

import random
from typing import Any

import pytest

from tests.review.conftest import EditorPage

pytestmark = pytest.mark.browser
KEYS = [*(f"Alt+{each}" for each in "KZ12smor"), *(f"Alt+Arrow{each}" for each in ("Up", "Down"))]
KEYS += [*(f"Alt+Shift+{each}" for each in ("Enter", "ArrowUp", "ArrowDown")), "Alt+Enter", "Control+Enter"]
KEYS += ["F2", "F4", "F8", "Shift+F8", "Control+z", "Control+y", "Tab", "Escape", "Enter"]
KEYS += ["ArrowRight", "Shift+ArrowRight", "Home", "End", "Delete", "Backspace"]
TEXTS = ["あ", "<b>", "、", "𠮷野", "12\n"]
STEPS = 100
DIALOG = "Boolean(document.querySelector('dialog[open]'))"
ENTRIES = "entries.map((each) => [each.id, each.kind, each.text, each.role ?? '', each.version, each.confirmed])"


def step(editor: EditorPage, chance: random.Random) -> None:
    if editor.page.evaluate(DIALOG):
        editor.press(chance.choice(["Escape", "Control+Enter"]))
        return
    what = chance.choice([*KEYS, *["type"] * 10, *["jump"] * 5])
    if what == "type":
        editor.type(chance.choice(TEXTS))
    elif what == "jump":
        turn = f"kaigiroku.model.entries.at({chance.randrange(20)})"
        editor.page.evaluate(f"kaigiroku.view.reveal({turn}.id, {{ place: Math.min(3, {turn}.shown.length) }})")
    else:
        editor.press(what)


def shown(page: Any) -> list[list[str]]:
    """Id and text of every turn on the screen; a line's break may be an element."""
    turns = "[...document.querySelectorAll('.turn')]"
    found: list[list[str]] = page.evaluate(
        f"{turns}.map((turn) => [turn.dataset.id, turn.querySelector('.text').textContent.replaceAll('\\n', '')])"
    )
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_the_page_shows_what_the_server_has(editor: EditorPage, seed: int):
    chance = random.Random(seed)
    for _ in range(STEPS):
        step(editor, chance)
    while editor.page.evaluate(DIALOG):
        editor.press("Escape")
    editor.saved()
    for _ in range(20):  # undo and the like may still be on their way when all texts are saved
        held, server = both(editor)
        screen, expected = shown(editor.page), [[each[0], each[2].replace("\n", "")] for each in server]
        if held == server and screen == expected:
            break
        editor.page.wait_for_timeout(250)
        editor.saved()
    assert held == server
    assert screen == expected


def both(editor: EditorPage) -> tuple[list[Any], list[Any]]:
    """What the page holds and what the server has."""
    sheet = f"(await (await fetch('/api/meetings/{editor.meeting}/sheet')).json())"
    theirs: list[Any] = editor.page.evaluate(f"(async () => {sheet}.{ENTRIES})()")
    return editor.page.evaluate(f"kaigiroku.model.{ENTRIES}"), theirs
