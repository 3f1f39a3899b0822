"""Recordings and fields come in over the interface: checked, in pieces, never under a name that somebody sent."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.records.job import DraftOptions, EngineChoice
from pipeline.records.meeting import Meeting
from pipeline.review import uploads
from pipeline.review.app import create_app
from pipeline.review.settings import MEBIBYTE, ReviewSettings
from pipeline.store.library import Library
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
