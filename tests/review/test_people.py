"""Accounts over the interface: who gets in, how often they may try, who may do what, and what is noted of it."""

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from pipeline.cli.accounts import app as commands
from pipeline.records.meeting import Meeting
from pipeline.review import login
from pipeline.review.app import create_app
from pipeline.review.passwords import matches, weakness
from pipeline.review.settings import ReviewSettings
from pipeline.store.library import Library
from pipeline.store.people import People
from pipeline.store.tables.base import now
from pipeline.store.tables.meetings import State
from pipeline.store.tables.people import AuditRow, Rank
from tests.review.conftest import SAMPLE, add_drafted
from tests.review.visitors import KEPT, WORD, Visitor, logged_in, office_of_three


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return office_of_three(tmp_path / "library")


@pytest.fixture
def app(library: Library) -> Any:
    return create_app(library, ReviewSettings(draft_here=False))


@pytest.fixture
def clerk(app: Any) -> Visitor:
    return logged_in(app, "tanaka")


@pytest.fixture
def approver(app: Any) -> Visitor:
    return logged_in(app, "suzuki")


@pytest.fixture
def administrator(app: Any) -> Visitor:
    return logged_in(app, "kanri")


def test_a_session_is_a_cookie_no_script_reads(app: Any):
    answer = Visitor(app).log_in("tanaka")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie and "Secure" not in cookie


def test_over_https_the_cookie_is_bound_to_this_host(library: Library):
    app = create_app(library, ReviewSettings(draft_here=False, behind_proxy=True))
    visitor = Visitor(app)
    visitor.http.base_url = "https://gikai.example.lg.jp"
    answer = visitor.log_in("tanaka")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-") and "Secure" in cookie and "strict-transport-security" in answer.headers


@pytest.mark.parametrize("target", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "x"])
def test_after_logging_in_nobody_is_sent_elsewhere(app: Any, target: str):
    assert Visitor(app).log_in("tanaka", next=target).headers["location"] == "/"
    assert Visitor(app).log_in("tanaka", next="/learn").headers["location"] == "/learn"


def test_names_are_without_width_and_case_and_a_wrong_password_is_not_told_from_a_wrong_name(app: Any):
    assert Visitor(app).log_in("ＴＡＮＡＫＡ").status_code == 303
    texts = {
        re.sub(r"\w{64}|value=\"\w+\"", "", Visitor(app).log_in(name, "x" * 12).text) for name in ("tanaka", "nob")
    }
    assert len(texts) == 1 and "違います" in texts.pop()


def test_another_sites_form_logs_nobody_in(app: Any):
    visitor = Visitor(app)
    data = {"csrf": visitor.token("/login"), "name": "tanaka", "password": WORD}
    headers = {"Origin": "https://elsewhere.example"}
    assert visitor.http.post("/login", data=data, headers=headers).status_code == 403
    assert (
        visitor.http.post("/login", data=data | {"csrf": "x"}, follow_redirects=False).headers["location"] == "/login"
    )
    assert visitor.http.get("/", follow_redirects=False).status_code == 303


def test_trying_passwords_takes_longer_and_longer(app: Any, library: Library, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(login, "matches", lambda password, kept: password == WORD)  # quick
    visitor = Visitor(app)
    answers = [visitor.log_in("tanaka", "wrong wrong").status_code for _ in range(7)]
    assert answers == [401] * 5 + [429] * 2
    refused = visitor.log_in("tanaka")
    assert refused.status_code == 429 and "待ってから" in refused.text
    assert visitor.log_in("suzuki").status_code == 303  # others at the same address get in
    with library.database.writing() as session:
        for row in session.query(AuditRow).all():
            row.at = now() - datetime.timedelta(seconds=6)
    assert Visitor(app).log_in("tanaka").status_code == 303


def test_many_names_from_one_address_are_slowed_down_too(app: Any, library: Library, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(login, "matches", lambda password, kept: password == WORD)
    for number in range(50):
        People(library).note(f"n{number}", "login-failed", address="testclient")
    assert Visitor(app).log_in("tanaka").status_code == 429


def test_logging_out_ends_the_session(clerk: Visitor):
    stolen = dict(clerk.http.cookies)
    clerk.http.post("/logout", data={"csrf": clerk.token("/keys")})
    assert clerk.http.get("/", follow_redirects=False).status_code == 303
    clerk.http.cookies.update(stolen)
    assert clerk.http.get("/", follow_redirects=False).status_code == 303


def test_an_own_password_is_changed_with_the_old_one_and_ends_other_sessions(app: Any, clerk: Visitor):
    other = logged_in(app, "tanaka")
    new = "もっと長い合言葉です２"

    def change(**fields: str) -> Any:
        data = {"csrf": clerk.token("/account"), "old": WORD, "new": new, "again": new, **fields}
        return clerk.http.post("/account", data=data)

    assert "今のパスワードが違います" in change(old="wrong").text
    assert "2回で同じではありません" in change(again="x").text
    assert "10文字以上" in change(new="short", again="short").text
    assert "パスワードを変えました" in change().text
    assert clerk.http.get("/", follow_redirects=False).status_code == 200
    assert other.http.get("/", follow_redirects=False).status_code == 303
    assert Visitor(app).log_in("tanaka", "もっと長い合言葉です2").status_code == 303  # typed in half width


@pytest.mark.parametrize("word", ["short", "aaaaaaaaaaaa", "tanaka12345", "x" * 201])
def test_weak_passwords_are_refused_in_japanese(word: str):
    assert re.search("[ぁ-ん]", weakness(word, "tanaka") or "")
    assert weakness(WORD, "tanaka") is None and weakness("correct horse battery", "tanaka") is None


def test_hashes_are_argon2id_and_a_damaged_one_matches_nothing():
    assert KEPT.startswith("$argon2id$") and matches(WORD, KEPT)
    assert not matches(WORD, None) and not matches(WORD, "x") and not matches(WORD + "x", KEPT)


def test_only_administrators_keep_accounts(clerk: Visitor, approver: Visitor, administrator: Visitor, app: Any):
    new = {"name": "sato", "shown": "<i>佐藤</i>", "rank": "clerk", "password": WORD}
    for visitor in (clerk, approver):
        assert visitor.send("POST", "/api/people", new).status_code == 403
        assert visitor.http.get("/people").status_code == visitor.http.get("/people/log").status_code == 403
        assert visitor.send("PUT", "/api/people/tanaka", new | {"rank": "administrator"}).status_code in (403, 422)
    assert administrator.send("POST", "/api/people", new).status_code == 201
    assert administrator.send("POST", "/api/people", new).status_code == 409
    assert administrator.send("POST", "/api/people", new | {"name": "a/../b"}).status_code == 422
    assert administrator.send("POST", "/api/people", new | {"name": "kato", "password": "x"}).status_code == 422
    assert administrator.send("POST", "/api/people", new | {"name": "kato", "rank": "king"}).status_code == 422
    assert logged_in(app, "sato").http.get("/").text.count("&lt;i&gt;佐藤&lt;/i&gt;さん") == 1
    assert (
        "&lt;b&gt;" in administrator.http.get("/people/log").text
        and "<b>" not in administrator.http.get("/people").text
    )


def test_who_is_stopped_is_out_at_once_and_the_last_administrator_stays(clerk: Visitor, administrator: Visitor):
    stopped = {"shown": "田中", "rank": "clerk", "enabled": False}
    assert administrator.send("PUT", "/api/people/tanaka", stopped).status_code == 200
    assert clerk.http.get("/", follow_redirects=False).status_code == 303
    refused = administrator.send("PUT", "/api/people/kanri", stopped)
    assert refused.status_code == 409 and "管理者がいなくなります" in refused.json()["detail"]


def test_a_meeting_is_seen_by_those_it_is_for(
    library: Library, clerk: Visitor, approver: Visitor, administrator: Visitor, app: Any
):
    row = library.add(Meeting(name="人事"), [(SAMPLE, "a.opus")])
    assert clerk.send("PUT", f"/api/meetings/{row.id}/access", {"accounts": []}).status_code == 403
    assert approver.send("PUT", f"/api/meetings/{row.id}/access", {"accounts": ["nobody", "suzuki"]}).status_code == 200
    assert clerk.http.get("/api/meetings").json()["meetings"] == []
    for visitor in (approver, administrator):
        assert [each["id"] for each in visitor.http.get("/api/meetings").json()["meetings"]] == [row.id]
    assert approver.send("PUT", f"/api/meetings/{row.id}/access", {"accounts": []}).status_code == 200
    assert len(clerk.http.get("/api/meetings").json()["meetings"]) == 1


def test_minutes_are_checked_and_final_by_an_approver_only(
    library: Library, clerk: Visitor, approver: Visitor, sample_meeting: Meeting, sample_draft: Path
):
    meeting = add_drafted(library, sample_meeting, sample_draft)
    path = f"/api/meetings/{meeting}"
    edit = {"key": "a", "operations": [{"op": "confirm", "ids": ["b0007"], "value": True}], "seen": {"b0007": 0}}
    for state in ("checked", "final", "correcting"):
        assert clerk.send("POST", f"{path}/state", {"state": state}).status_code == 403
    assert approver.send("POST", f"{path}/state", {"state": "checked"}).status_code == 200
    assert clerk.send("POST", f"{path}/edits", edit).status_code == 200, "what is checked may be edited"
    assert library.meeting(meeting).state is State.CORRECTING, "and is not checked any more"
    assert approver.send("POST", f"{path}/state", {"state": "final"}).status_code == 200
    form = clerk.http.get(f"{path}/form").json()
    for answer in (
        clerk.send("POST", f"{path}/edits", edit | {"key": "b", "seen": {"b0007": 1}}),
        clerk.send("PUT", f"{path}/form", form | {"name": "別の会議"}),
        clerk.send("POST", f"{path}/undo"),
    ):
        assert answer.status_code == 423 and "確定" in answer.json()["detail"]
    assert library.meeting(meeting).fields.name == sample_meeting.name
    log = [(row.account, row.action, row.detail) for row in People(library).log(10)]
    assert ("suzuki", "state", "correcting → final") in log and ("suzuki", "state", "draft → checked") in log


def test_accounts_by_command(tmp_path: Path):
    folder = tmp_path / "new"

    def run(*arguments: str, word: str = "") -> Result:
        return CliRunner().invoke(commands, [*arguments, "-l", str(folder)], input=word)

    first = run("add", "Kanri", "--password-stdin", word=WORD)
    assert first.exit_code == 2 and "--rank administrator" in first.stderr
    assert run("add", "Kanri", "--rank", "administrator", "--password-stdin", word=WORD + "\n").exit_code == 0
    assert "10文字以上" in run("add", "tanaka", "--password-stdin", word="short").stderr
    assert run("remove", "kanri").exit_code == 2
    people = People(Library.open(folder))
    people.put("tanaka", shown="田中", rank=Rank.CLERK, password=KEPT)
    assert run("remove", "tanaka").exit_code == 0 and not people.account("tanaka").enabled
    assert run("list").stdout.splitlines() == ["kanri\tadministrator\tenabled\tkanri", "tanaka\tclerk\tdisabled\t田中"]
    assert "account-added\t\tkanri administrator" in run("log").stdout
    assert matches(WORD, people.account("kanri").password)


def test_the_audit_log_is_read_in_japanese(library: Library, administrator: Visitor, approver: Visitor):
    row = library.add(Meeting(name="人事<b>"), [(SAMPLE, "a.opus")])
    library.change(row.id, state=State.DRAFT)
    approver.send("PUT", f"/api/meetings/{row.id}/access", {"accounts": ["suzuki"]})
    approver.send("POST", f"/api/meetings/{row.id}/state", {"state": "checked"})
    new = {"name": "clerk", "shown": "佐藤", "rank": "clerk", "password": WORD}
    administrator.send("POST", "/api/people", new)
    text = administrator.http.get("/people/log").text
    assert f'<a href="/meetings/{row.id}">人事&lt;b&gt;</a>' in text
    assert "下書きあり → 確認済み" in text and "<td>clerk 担当者</td>" in text and "<td>suzuki</td>" in text


def test_a_log_in_is_always_a_session_of_its_own(app: Any, library: Library):
    visitor = Visitor(app)
    cookie = "kaigiroku-8765"
    visitor.http.cookies.set(cookie, "chosen-by-somebody-else", domain="127.0.0.1")
    before = visitor.log_in("tanaka").cookies[cookie]
    after = visitor.http.post(
        "/login", data={"csrf": visitor.token("/keys"), "name": "suzuki", "password": WORD}, follow_redirects=False
    ).cookies[cookie]
    people = People(library)
    assert len({before, after, "chosen-by-somebody-else"}) == 3
    assert people.of_session(before) is None and people.of_session(after).name == "suzuki"
    assert people.of_session("chosen-by-somebody-else") is None


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "\ud7ff\u202e", "' OR 1=1 --", ""])
def test_odd_names_are_nobodys(app: Any, library: Library, name: str):
    answer = Visitor(app).log_in(name, "whatever it is")
    assert answer.status_code == 401
    assert People(library).log(1)[0].action == "login-failed"
