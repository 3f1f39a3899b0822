"""Recordings and fields come in over the interface: checked, in pieces, never under a name that somebody sent."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.errors import EngineError
from pipeline.records.job import DraftOptions, EngineChoice, Failure
from pipeline.records.meeting import Meeting
from pipeline.review import uploads
from pipeline.review.app import create_app
from pipeline.review.settings import MEBIBYTE, ReviewSettings
from pipeline.store import queue
from pipeline.store.claims import Claims
from pipeline.store.library import Library
from pipeline.store.people import People
from pipeline.store.tables.jobs import JobState
from pipeline.store.tables.meetings import State
from tests.review.conftest import REPLAY, SAMPLE, add_drafted


class Client:
    """Requests as our own page sends them."""

    def __init__(self, library: Library, **settings: Any) -> None:
        options = DraftOptions(engines=EngineChoice(replay=REPLAY))
        app = create_app(library, ReviewSettings(drafts=options, draft_here=False, **settings))
        self.http = TestClient(app, base_url="http://127.0.0.1:8765")
        self.headers = {"X-CSRF-Token": self._token()}

    def _token(self) -> str:
        page = self.http.get("/keys").text
        return page.split('name="csrf" content="')[1].split('"')[0] if 'name="csrf"' in page else ""

    def get(self, path: str) -> Any:
        return self.http.get(path)

    def post(self, path: str, body: object = None, **options: Any) -> Any:
        return self.http.post(path, json=body, headers=self.headers | options.pop("headers", {}), **options)

    def put(self, path: str, **options: Any) -> Any:
        return self.http.put(path, headers=self.headers, **options)

    def delete(self, path: str) -> Any:
        return self.http.delete(path, headers=self.headers)


@pytest.fixture
def own_library(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "library", create=True)


@pytest.fixture
def client(own_library: Library) -> Client:
    return Client(own_library)


def uploaded(client: Client, data: bytes, piece: int = 300_000) -> str:
    token = client.post("/api/uploads", {"name": "../../etc/passwd", "size": len(data)}).json()["token"]
    at = 0
    while at < len(data):
        at = client.put(f"/api/uploads/{token}?at={at}", content=data[at : at + piece]).json()["size"]
    return str(token)


def test_a_recording_comes_in_piece_by_piece(client: Client, own_library: Library):
    token = uploaded(client, SAMPLE.read_bytes())
    assert (
        client.put(f"/api/uploads/{token}?at=0", content=SAMPLE.read_bytes()[:1000]).json()["size"]
        == SAMPLE.stat().st_size
    )
    made = client.post(
        "/api/meetings", {"form": {"name": "協議会"}, "files": [{"token": token, "name": "../会議.opus"}]}
    )
    assert made.status_code == 201
    row = own_library.meeting(made.json()["id"])
    assert own_library.recordings(row)[0].read_bytes() == SAMPLE.read_bytes()
    assert row.sources[0].name == "../会議.opus" and row.sources[0].stored == "part-01.opus"
    assert list((own_library.folder / "uploads").iterdir()) == []
    (listed,) = client.get("/api/meetings").json()["meetings"]
    assert listed["state"] == "waiting" and listed["name"] == "協議会" and listed["job"]["state"] == "waiting"


@pytest.mark.parametrize("data", [b"", b"<html>not audio</html>" * 100])
def test_what_is_no_recording_is_refused_in_japanese(client: Client, own_library: Library, data: bytes):
    token = uploaded(client, data)
    answer = client.post("/api/meetings", {"form": {}, "files": [{"token": token, "name": "a.wav"}]})
    assert answer.status_code == 400
    told = answer.json()["detail"]["mistakes"]["files"]
    assert told.startswith("「a.wav」：") and "録音" in told
    assert own_library.meetings() == []


def test_uploads_are_limited(own_library: Library):
    client = Client(own_library, upload_limit=MEBIBYTE)
    assert client.post("/api/uploads", {"name": "a.wav", "size": MEBIBYTE + 1}).status_code == 413
    token = client.post("/api/uploads", {"name": "a.wav", "size": 10}).json()["token"]
    assert client.put(f"/api/uploads/{token}?at=0", content=b"x" * (MEBIBYTE + 1)).status_code == 400


@pytest.mark.parametrize("token", ["..", "%2e%2e%2fkaigiroku.db", "0" * 32, "x" * 32])
def test_only_our_tokens_are_uploads(client: Client, own_library: Library, token: str):
    assert client.put(f"/api/uploads/{token}?at=0", content=b"x").status_code in (400, 404)
    answer = client.post("/api/meetings", {"form": {}, "files": [{"token": token, "name": "a.wav"}]})
    assert answer.status_code >= 400 and own_library.meetings() == []


def test_mistakes_in_the_form_are_told_before_and_after_the_upload(client: Client):
    wrong = {"minutes_openness": {"state": "非公開"}}
    assert "minutes_openness.reason" in client.post("/api/meetings/check", wrong).json()["detail"]["mistakes"]
    token = uploaded(client, SAMPLE.read_bytes())
    answer = client.post("/api/meetings", {"form": wrong, "files": [{"token": token, "name": "a.opus"}]})
    assert answer.status_code == 422 and "mistakes" in answer.json()["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "0" * 64},
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_another_sites_page_changes_nothing(client: Client, headers: dict[str, str]):
    assert client.post("/api/uploads", {"name": "a", "size": 1}, headers=headers).status_code == 403


def test_another_hosts_name_is_not_served(client: Client):
    assert client.http.get("/", headers={"Host": "rebound.example:8765"}).status_code == 421


@pytest.mark.parametrize("path", ["/", "/new", "/keys", "/api/meetings", "/nowhere"])
def test_no_inline_script_and_nothing_from_outside(client: Client, path: str):
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy and "default-src 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["cache-control"] == "no-store"
    assert (
        "<script>" not in answer.text
        and " style=" not in answer.text
        and "http" not in answer.text.replace("http-equiv", "")
    )


def test_a_recording_that_would_not_fit_on_the_disk_is_refused_before_it_is_sent(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(uploads.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    answer = client.post("/api/uploads", {"name": "a.wav", "size": 600})
    assert answer.status_code == 507 and "ディスクの空きがありません" in answer.json()["detail"]


def test_what_a_recording_is_like(client: Client, own_library: Library, sample_meeting: Meeting, sample_draft: Path):
    drafted = add_drafted(own_library, sample_meeting, sample_draft)
    told = client.get(f"/api/meetings/{drafted}/quality").json()
    assert {each["name"] for each in told["findings"]} >= {"声の大きさ", "音割れ"} and told["expected"]["low"] < 100
    token = uploaded(client, SAMPLE.read_bytes())
    made = client.post("/api/meetings", {"form": {}, "files": [{"token": token, "name": "a.opus"}], "draft": False})
    early = client.get(f"/api/meetings/{made.json()['id']}/quality")
    assert early.status_code == 409 and "まだ読み込んでいません" in early.json()["detail"]


def test_an_upload_that_did_not_arrive_whole_is_no_recording(client: Client, own_library: Library):
    data = SAMPLE.read_bytes()
    token = client.post("/api/uploads", {"name": "a.opus", "size": len(data)}).json()["token"]
    assert client.put(f"/api/uploads/{token}?at=0", content=data[:-1]).status_code == 200
    refused = client.post("/api/meetings", {"form": {}, "files": [{"token": token, "name": "a.opus"}]})
    assert refused.status_code == 400 and "もう一度選んでください" in refused.json()["detail"]
    assert client.put(f"/api/uploads/{token}?at={len(data) - 1}", content=data[-1:] + b"more").status_code == 400
    assert client.put(f"/api/uploads/{token}?at={len(data) - 1}", content=data[-1:]).status_code == 200
    made = client.post("/api/meetings", {"form": {}, "files": [{"token": token, "name": "a.opus"}], "draft": False})
    assert made.status_code == 201 and len(own_library.meetings()) == 1


def test_a_draft_is_brought_forward_and_those_that_failed_are_asked_for_again(client: Client, own_library: Library):
    ids = [own_library.add(Meeting(name=str(n)), [(SAMPLE, f"{n}.opus")]).id for n in range(4)]
    for each in ids[:3]:
        queue.enqueue(own_library, each)
    assert client.post(f"/api/meetings/{ids[2]}/hurry").status_code == 200
    assert client.post(f"/api/meetings/{ids[3]}/hurry").status_code == 200, "nobody asked for this one: nothing happens"
    assert [job.meeting_id for job in queue.jobs(own_library)] == [ids[2], ids[0], ids[1]]
    with Claims(own_library) as claims:
        taken = claims.claim()
        assert client.delete(f"/api/meetings/{ids[2]}").status_code == 409, "it is at work"
        claims.failed(taken.id, Failure.of(EngineError("c", "r")))
    assert client.post("/api/drafting/again").json() == {"count": 1}
    assert {job.state for job in queue.jobs(own_library)} == {JobState.WAITING}


def test_a_meeting_is_removed_with_everything(
    client: Client, own_library: Library, sample_meeting: Meeting, sample_draft: Path
):
    kept, gone = (add_drafted(own_library, sample_meeting, sample_draft) for _ in range(2))
    edit = {"key": "a", "operations": [{"op": "confirm", "ids": ["b0007"], "value": True}], "seen": {"b0007": 0}}
    assert client.post(f"/api/meetings/{gone}/edits", edit).status_code == 200
    own_library.change(gone, state=State.FINAL)
    refused = client.delete(f"/api/meetings/{gone}")
    assert refused.status_code == 409 and "確定" in refused.json()["detail"]
    own_library.change(gone, state=State.CHECKED)
    assert client.delete(f"/api/meetings/{gone}").status_code == 200
    assert not own_library.folder_of(gone).exists() and own_library.folder_of(kept).is_dir()
    assert [row.id for row in own_library.meetings()] == [kept]
    assert client.get(f"/api/meetings/{gone}/sheet").status_code == client.delete(f"/api/meetings/{gone}").status_code
    assert [(row.action, row.detail) for row in People(own_library).log(1)] == [("removed", sample_meeting.name)]
