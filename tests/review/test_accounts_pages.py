"""Logging in, keeping accounts and working under one in a real browser; what people call themselves and their meetings
is text on every page, whatever it looks like."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pipeline.editing.desk import corrected
from pipeline.records.meeting import AgendaItem, Meeting, Member, OpennessOf, RosterRole
from pipeline.review.passwords import hashed
from pipeline.store.library import Library
from pipeline.store.notes import Notes
from pipeline.store.people import People
from pipeline.store.tables.people import Rank
from tests.editing.cases import texts
from tests.review.conftest import EditorPage, Server, add_drafted, served, until
from tests.review.test_accessibility import look

pytestmark = pytest.mark.browser
WORD = "十分に長いパスワード"
EVIL = '<img src=x onerror="hacked=1">\'"&lt;{{7*7}}</script><script>hacked=1</script>'


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Library]]:
    """A server with an administrator and a clerk whose shown names are hostile."""
    library = Library.open(tmp_path_factory.mktemp("office") / "library", create=True)
    kept = hashed(WORD)
    for name, rank in (("kanri", Rank.ADMINISTRATOR), ("tanaka", Rank.CLERK)):
        People(library).put(name, shown=f"{EVIL}{name}"[:128], rank=rank, password=kept)
    with served(library) as server:
        yield server, library


@pytest.fixture
def log_in(page: Any, office: tuple[Server, Library]) -> Callable[..., Any]:
    def enter(name: str, password: str = WORD, where: Any = page, path: str = "/") -> Any:
        where.goto(f"{office[0].address}/login?next={path}")
        where.get_by_label("利用者名").fill(name)
        where.get_by_label("パスワード").fill(password)
        where.get_by_role("button", name="ログイン").click()
        return where

    return enter


def ready(page: Any, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("body[data-ready=yes]")


def test_from_the_door_to_a_new_colleague(office: tuple[Server, Library], log_in: Callable[..., Any]):
    server, library = office
    page = log_in("kanri", "falsches Passwort")
    assert "利用者名かパスワードが違います" in page.get_by_role("alert").text_content()
    look(page)
    assert page.get_by_label("利用者名").input_value() == "kanri"
    page.get_by_label("パスワード").fill(WORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-ready=yes]")
    page.get_by_role("link", name="利用者").click()
    page.wait_for_selector("body[data-ready=yes]")
    page.get_by_role("button", name="＋ 利用者を登録する").click()
    look(page)
    page.get_by_label("利用者名（ログインに使います）").fill("Sato")
    page.get_by_label("表示する名前").fill("佐藤<b>太郎</b>")
    page.get_by_label("役割").select_option(label="承認者")
    page.get_by_label("最初のパスワード").fill(WORD)
    page.get_by_role("button", name="登録する", exact=True).click()
    page.locator("tr[data-name=sato]").get_by_text("佐藤<b>太郎</b>").wait_for()
    assert People(library).account("sato").rank is Rank.APPROVER
    page.get_by_role("button", name="佐藤<b>太郎</b>：停止する").click()
    page.locator("tr[data-name=sato]").get_by_text("停止中").wait_for()
    page.get_by_role("link", name="操作の記録").click()
    assert "sato 承認者 停止" in page.locator("table.log").text_content()
    page.get_by_role("button", name="ログアウト").click()
    page.get_by_label("パスワード").wait_for()
    page.goto(server.address)
    assert "/login" in page.url


def test_a_log_in_that_ends_while_somebody_types(
    office: tuple[Server, Library], log_in: Callable[..., Any], sample_meeting: Meeting, sample_draft: Any
):
    server, library = office
    meeting = add_drafted(library, sample_meeting, sample_draft)
    page = log_in("tanaka", path=f"/meetings/{meeting}")
    page.wait_for_selector("body[data-ready=yes]")
    editor = EditorPage(page, server.address, meeting)
    editor.put_cursor("重大の利用", 0)
    for cookie in page.context.cookies():
        People(library).end_session(cookie["value"])
    editor.type("切れたあとの文、")
    editor.until("!document.querySelector('#notice-login').hidden")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="別のタブでログインする").click()
    log_in("tanaka", where=opened.value)
    editor.saved()
    editor.until("document.querySelector('#notice-login').hidden")
    assert any("切れたあとの文、重大の利用" in text for _, text in texts(corrected(library, meeting)))


def test_a_meeting_is_kept_to_a_few_from_the_list(
    office: tuple[Server, Library], log_in: Callable[..., Any], sample_meeting: Meeting, sample_draft: Any
):
    library = office[1]
    meeting = add_drafted(library, sample_meeting.model_copy(update={"name": "人事の会議"}), sample_draft)
    page = log_in("kanri")
    page.get_by_role("button", name="人事の会議の操作").click()
    page.get_by_role("menuitem", name="見られる人を決める").click()
    page.get_by_role("dialog").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="決定").click()
    page.locator(f"tr[data-id='{meeting}']").get_by_text("限定").wait_for()
    assert People(library).access(meeting) == ("tanaka",)


def test_whatever_is_typed_into_the_fields_is_text(
    office: tuple[Server, Library], log_in: Callable[..., Any], sample_draft: Any
):
    server, library = office
    hostile = Meeting(
        name=EVIL,
        secretariat=EVIL,
        place=EVIL,
        agenda=(AgendaItem(kind=EVIL, number=1, title=EVIL),),
        meeting_openness=OpennessOf(state="非公開", reason=EVIL),
        roster=(RosterRole(role=EVIL, members=(Member(office=EVIL),), chairs=True),),
        handouts=(EVIL,),
        terms=((EVIL, None),),
    )
    meeting = add_drafted(library, hostile, sample_draft)
    people = People(library)
    people.note(EVIL[:64], EVIL[:32], meeting_id=meeting, detail=EVIL, address=EVIL[:64])
    Notes(library, meeting).comment("b0007", 0, EVIL, EVIL, EVIL[:64])
    page = log_in("kanri")
    page.wait_for_selector("body[data-ready=yes]")
    for path in (
        "/",
        "/new",
        "/people",
        f"/meetings/{meeting}/form",
        f"/meetings/{meeting}/preview",
        f"/meetings/{meeting}",
    ):
        ready(page, server.address + path)
        page.wait_for_timeout(150)
        assert page.evaluate("typeof hacked") == "undefined", path
        assert page.locator("img[src=x]").count() == 0, path
    for path in ("/people/log", f"/meetings/{meeting}/document?kind=final", f"/login?next={EVIL}", "/account"):
        page.goto(server.address + path)
        assert page.evaluate("typeof hacked") == "undefined" and page.locator("img[src=x]").count() == 0, path
    ready(page, f"{server.address}/meetings/{meeting}/form")
    until(page, "document.querySelector('#name').value.startsWith('<img src=x')")
    page.get_by_role("button", name="保存する").click()
    page.wait_for_selector("#turns .turn")
    assert library.meeting(meeting).fields == hostile, "comes back as it was typed"
