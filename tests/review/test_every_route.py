"""Every route there is, walked: who may use it, from which page, on which meeting, and with which parameters. A route
that is not in the table fails, so that none is ever forgotten."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from pipeline.records.meeting import Meeting
from pipeline.review.app import create_app
from pipeline.review.settings import ReviewSettings
from pipeline.store.library import Library
from pipeline.store.people import People
from pipeline.store.tables.meetings import State
from pipeline.store.tables.people import Rank
from tests.review.conftest import add_drafted
from tests.review.visitors import NAMES, Visitor, logged_in, office_of_three, routes

ANYBODY = {"GET /login", "POST /login", "POST /logout"}
LEAST = {
    Rank.CLERK: """
        GET /
        GET /account
        POST /account
        GET /keys
        GET /learn
        GET /new
        GET /meetings/{meeting_id}
        GET /meetings/{meeting_id}/document
        GET /meetings/{meeting_id}/form
        GET /meetings/{meeting_id}/preview
        POST /api/dictionary
        POST /api/drafting
        POST /api/drafting/again
        GET /api/events
        GET /api/learn
        POST /api/learn
        GET /api/meetings
        POST /api/meetings
        POST /api/meetings/check
        GET /api/session
        POST /api/uploads
        PUT /api/uploads/{token}
        POST /api/meetings/{meeting_id}/activity
        POST /api/meetings/{meeting_id}/adopt
        GET /api/meetings/{meeting_id}/audio/{name}
        POST /api/meetings/{meeting_id}/cancel
        POST /api/meetings/{meeting_id}/comments
        POST /api/meetings/{meeting_id}/comments/{comment_id}
        GET /api/meetings/{meeting_id}/comparison
        GET /api/meetings/{meeting_id}/documents
        POST /api/meetings/{meeting_id}/draft
        GET /api/meetings/{meeting_id}/edits
        POST /api/meetings/{meeting_id}/edits
        GET /api/meetings/{meeting_id}/events
        POST /api/meetings/{meeting_id}/export
        GET /api/meetings/{meeting_id}/form
        PUT /api/meetings/{meeting_id}/form
        GET /api/meetings/{meeting_id}/history
        POST /api/meetings/{meeting_id}/hurry
        POST /api/meetings/{meeting_id}/import
        GET /api/meetings/{meeting_id}/peaks
        GET /api/meetings/{meeting_id}/quality
        POST /api/meetings/{meeting_id}/redo
        POST /api/meetings/{meeting_id}/register
        POST /api/meetings/{meeting_id}/restore
        POST /api/meetings/{meeting_id}/seat
        GET /api/meetings/{meeting_id}/sheet
        GET /api/meetings/{meeting_id}/turns/{turn}/layers
        POST /api/meetings/{meeting_id}/undo
    """,
    Rank.APPROVER: """
        DELETE /api/meetings/{meeting_id}
        GET /api/meetings/{meeting_id}/access
        PUT /api/meetings/{meeting_id}/access
        POST /api/meetings/{meeting_id}/state
    """,
    Rank.ADMINISTRATOR: """
        GET /people
        GET /people/log
        GET /api/people
        POST /api/people
        PUT /api/people/{name}
    """,
}
RANKS = tuple(LEAST)
NEEDED = {line.strip(): rank for rank, lines in LEAST.items() for line in lines.strip().splitlines()}
ENDLESS = {"GET /api/events"}
HARMFUL = (
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "9" * 30,
    "-1",
    "\0",
    "<script>alert(1)</script>",
    "'",
    "x" * 5000,
)
GOOD = {"name": "tanaka", "comment_id": "1", "turn": "b0007", "token": "0" * 32}


class Walk:
    """The application of an office of three, and a meeting that the clerk and the approver may not see."""

    def __init__(self, library: Library, open_meeting: str, hidden: str) -> None:
        self.library = library
        self.open, self.hidden = open_meeting, hidden
        self.app = create_app(library, ReviewSettings(draft_here=False))
        self.routes = [(f"{method} {route.path}", method, route) for method, route in routes(self.app)]

    def ask(self, visitor: Visitor, method: str, route: APIRoute, meeting: str, **given: Any) -> Any:
        """With what a page of ours would send, but an empty body."""
        values = {**GOOD, "meeting_id": meeting} | given.pop("values", {})
        path = re.sub(r"\{(\w+)\}", lambda part: values[part[1]], route.path)
        options: dict[str, Any] = {"json": {}, "follow_redirects": False} | given
        return visitor.http.request(method, path, **options)


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory, sample_meeting: Meeting, sample_draft: Path) -> Walk:
    library = office_of_three(tmp_path_factory.mktemp("office") / "library")
    open_meeting, hidden = (add_drafted(library, sample_meeting, sample_draft) for _ in range(2))
    People(library).restrict(hidden, ["kanri"])
    library.change(open_meeting, state=State.FINAL)  # so that walking over it changes nothing
    return Walk(library, open_meeting, hidden)


def test_every_route_is_in_the_table(walk: Walk):
    found = [name for name, _, _ in walk.routes]
    assert sorted(found) == sorted([*ANYBODY, *NEEDED])


def test_nothing_is_shown_to_who_is_not_logged_in(walk: Walk):
    visitor = Visitor(walk.app)
    for name, method, route in walk.routes:
        answer = walk.ask(visitor, method, route, walk.open)
        away = answer.status_code == 303 and answer.headers["location"].split("?")[0] in ("/login", "/", "/account")
        assert away or answer.status_code in (401, 403) or name == "GET /login", name


@pytest.mark.parametrize("person", NAMES)
def test_each_rank_gets_what_is_its_own_and_nothing_above(walk: Walk, person: str):
    visitor = logged_in(walk.app, person)
    headers = {"X-CSRF-Token": visitor.token("/keys")}
    for name, method, route in walk.routes:
        if name in ANYBODY | ENDLESS:
            continue
        answer = walk.ask(visitor, method, route, walk.open, headers=headers)
        refused = answer.status_code in (401, 403)
        assert refused == (RANKS.index(NAMES[person]) < RANKS.index(NEEDED[name])), (name, answer.status_code)
        assert answer.status_code < 500


def test_a_hidden_meeting_is_answered_like_one_that_is_not_there(walk: Walk):
    for person in ("tanaka", "suzuki"):
        visitor = logged_in(walk.app, person)
        headers = {"X-CSRF-Token": visitor.token("/keys")}
        found = [route for route in walk.routes if "{meeting_id}" in route[0]]
        assert len(found) > 30
        for name, method, route in found:
            hidden, missing = (
                walk.ask(visitor, method, route, meeting, headers=headers)
                for meeting in (walk.hidden, "20200101-00000000")
            )
            assert hidden.status_code in (403, 404), name
            assert (hidden.status_code, hidden.text) == (missing.status_code, missing.text), name


def test_nothing_is_changed_but_by_our_own_page(walk: Walk, tmp_path: Path):
    alone = Visitor(create_app(Library.open(tmp_path / "alone", create=True), ReviewSettings(draft_here=False)))
    for visitor in (logged_in(walk.app, "kanri"), alone):
        token = {"X-CSRF-Token": visitor.token("/keys")}
        for name, method, route in walk.routes:
            if method == "GET":
                continue
            for headers in (
                {},
                {"X-CSRF-Token": "0" * 64},
                token | {"Origin": "https://elsewhere.example"},
                token | {"Origin": "null"},
                token | {"Origin": "http://127.0.0.1:9999"},
                token | {"Sec-Fetch-Site": "cross-site"},
                token | {"Sec-Fetch-Site": "same-site"},
            ):
                answer = walk.ask(visitor, method, route, walk.open, headers=headers)
                assert answer.status_code == 403 or (answer.status_code == 303 and "/api/" not in name), (name, headers)


def test_under_another_hosts_name_this_computer_answers_nothing(tmp_path: Path):
    app = create_app(Library.open(tmp_path / "alone", create=True), ReviewSettings(draft_here=False))
    visitor = Visitor(app)
    for host in ("elsewhere.example", "127.0.0.1.elsewhere.example:8765", "localhost.elsewhere.example", "", "[::2]"):
        for method, route in routes(app):
            path = re.sub(r"\{\w+\}", "1", route.path)
            answer = visitor.http.request(method, path, headers={"Host": host}, follow_redirects=False)
            assert answer.status_code == 421 and "会議" not in answer.text, (host, path)


def test_harmful_parameters_break_nothing_and_are_never_shown_as_they_are(walk: Walk):
    visitor = logged_in(walk.app, "kanri")
    visitor.http = type(visitor.http)(
        walk.app, base_url=visitor.http.base_url, cookies=visitor.http.cookies, raise_server_exceptions=False
    )
    headers = {"X-CSRF-Token": visitor.token("/keys")}
    for name, method, route in walk.routes:
        if name in ENDLESS or name.endswith("/events"):
            continue
        queries = sorted(set(_queries(route.dependant)))
        places = [*re.findall(r"\{(\w+)\}", route.path), *(f"?{query}" for query in queries)]
        for place, harmful in itertools.product(places, HARMFUL):
            params = dict.fromkeys(queries, "1")
            values = {}
            if place.startswith("?"):
                params[place[1:]] = harmful
            else:
                values[place] = harmful.replace("\0", "%00").replace("?", "%3F")
            answer = walk.ask(visitor, method, route, walk.open, headers=headers, params=params, values=values)
            assert answer.status_code < 500, (name, place, harmful)
            assert "root:" not in answer.text and "Traceback" not in answer.text
            if "html" in answer.headers.get("content-type", ""):
                assert "<script>alert" not in answer.text, (name, place)


def test_every_answer_forbids_inline_script_and_framing_by_others(walk: Walk):
    visitor = logged_in(walk.app, "kanri")
    for name, method, route in walk.routes:
        if name in ENDLESS or name.endswith("/events"):
            continue
        told = walk.ask(visitor, method, route, walk.open).headers
        policy = told["content-security-policy"]
        assert policy.startswith("default-src 'none'") and "frame-ancestors" in policy, name
        assert "unsafe" not in policy.split("script-src")[-1].split(";")[0] or "script-src" not in policy, name
        assert told["x-content-type-options"] == "nosniff" and told["referrer-policy"] == "same-origin", name


@pytest.mark.parametrize("path", ["/nowhere", "/meetings/20200101-00000000", "/people/nobody", "/meetings/x/form"])
def test_who_goes_astray_is_told_in_japanese_on_a_page(walk: Walk, path: str):
    answer = logged_in(walk.app, "kanri").http.get(path)
    assert answer.status_code == 404 and "text/html" in answer.headers["content-type"]
    assert "会議の一覧へ" in answer.text and "<h1>開けません</h1>" in answer.text
    refused = logged_in(walk.app, "tanaka").http.get("/people")
    assert refused.status_code == 403 and "管理者だけができます" in refused.text and "<html" in refused.text


def _queries(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias or field.name for field in dependant.query_params)
    for each in dependant.dependencies:
        yield from _queries(each)
