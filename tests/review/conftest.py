"""One library made of the sample on the replay engine, one server over it and one Chromium for all tests of the desk;
every test gets a meeting and a page of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipeline.config.meeting_file import load_meeting
from pipeline.records.job import DraftOptions, EngineChoice
from pipeline.records.meeting import Meeting
from pipeline.review.sound import make_sound
from pipeline.run.draft import DraftRequest, draft
from pipeline.run.execute import Silent
from pipeline.store.library import Library
from pipeline.store.tables.meetings import State

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "audio_samples" / "meeting.opus"
REPLAY = ROOT / "tests" / "data" / "replay"


@pytest.fixture(scope="session")
def sample_meeting() -> Meeting:
    return load_meeting(ROOT / "audio_samples" / "meeting.toml")


@pytest.fixture(scope="session")
def sample_draft(tmp_path_factory: pytest.TempPathFactory, sample_meeting: Meeting) -> Path:
    """The folder of a finished draft of the sample."""
    out = tmp_path_factory.mktemp("sample") / "draft"
    options = DraftOptions(engines=EngineChoice(replay=REPLAY))
    draft(DraftRequest(sources=(SAMPLE,), meeting=sample_meeting, out_dir=out, options=options), Silent())
    make_sound(next((out / "work").glob("waveform-*.wav")))
    return out


def add_drafted(library: Library, meeting: Meeting, drafted: Path) -> str:
    """A meeting whose draft is there: a copy of a finished one."""
    row = library.add(meeting, [(SAMPLE, "会議 録音.opus")])
    shutil.copytree(drafted, library.workspace(row.id).out_dir, copy_function=_linked)
    library.change(row.id, state=State.DRAFT)
    return row.id


def _linked(source: str, target: str) -> None:
    if source.endswith((".wav", ".m4a", ".bin")):
        with suppress(OSError):  # another disk
            return os.link(source, target)
    shutil.copy2(source, target)
    return None


@dataclass
class Server:
    """`kaigiroku review` as a process of its own, which may be killed and started again on the same port."""

    folder: Path
    port: int
    options: tuple[str, ...] = ()
    replay: bool = True
    environment: dict[str, str] = field(default_factory=dict)
    log: Path = Path()
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        if self.log == Path():
            self.log = self.folder.parent / f"server-{self.port}.log"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = "from pipeline.cli.main import main; main()"
        arguments = ["review", str(self.folder), "--port", str(self.port), "--no-browser"]
        arguments += ["--replay", str(REPLAY)] if self.replay else []
        self.process = subprocess.Popen(
            [sys.executable, "-c", command, *arguments, *self.options],
            env=os.environ
            | {"XDG_CONFIG_HOME": str(self.folder.parent / "config")}
            | self.environment,  # own dictionary
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            try:
                with urllib.request.urlopen(f"{self.address}/keys", timeout=5):
                    return
            except OSError:
                time.sleep(0.05)
        raise TimeoutError(self.log.read_text(encoding="utf-8"))

    def kill(self) -> None:
        """As a power cut would end it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)


def until(page: Any, condition: str, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, f"still not so: {condition}"
        page.wait_for_timeout(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(library: Library, options: tuple[str, ...] = ()) -> Iterator[Server]:
    """A server for a library, which ends without ever having failed in a way nobody thought of."""
    made = Server(library.folder, free_port(), options)
    made.start()
    yield made
    made.stop()
    assert "Traceback" not in made.log.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library.open(tmp_path_factory.mktemp("desk") / "library", create=True)


@pytest.fixture(scope="session")
def server(library: Library) -> Iterator[Server]:
    with served(library) as made:
        yield made


@pytest.fixture
def meeting(library: Library, sample_meeting: Meeting, sample_draft: Path) -> str:
    """A meeting of this test's own, drafted and not yet touched."""
    return add_drafted(library, sample_meeting, sample_draft)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        )
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Any) -> Iterator[Any]:
    """A browser profile of its own."""
    made = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="ja-JP")
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def page(context: Any) -> Iterator[Any]:
    """A page that may not say anything wrong on its console but what the network does."""
    made = context.new_page()
    told: list[str] = []
    made.on("pageerror", lambda error: told.append(str(error)))
    made.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    yield made
    assert [text for text in told if "Failed to load resource" not in text and "ERR_" not in text] == []


@dataclass
class EditorPage:
    """The editor as a clerk sees it."""

    page: Any
    address: str
    meeting: str

    def open(self) -> "EditorPage":
        self.page.goto(f"{self.address}/meetings/{self.meeting}")
        self.page.wait_for_selector("body[data-ready=yes]")
        return self

    def turns(self) -> list[str]:
        """Role and text of every turn that is printed, as shown."""
        return self.page.evaluate(
            "[...document.querySelectorAll('.turn.speech:not(.within)')].map((turn) =>"
            " turn.querySelector('.role').textContent + '：' + turn.querySelector('.text').textContent)"
        )

    def turn(self, text: str) -> Any:
        return self.page.locator(".turn", has_text=text).first

    def put_cursor(self, text: str, at: int | None = None) -> None:
        """In the turn that contains text, before it (or at characters into it)."""
        self.page.evaluate(
            """([text, at]) => {
              const app = kaigiroku;
              const entry = app.model.entries.find((each) => each.kind === "speech" && each.shown.includes(text));
              app.view.reveal(entry.id, { place: entry.shown.indexOf(text) + at });
            }""",
            [text, at or 0],
        )

    def until(self, condition: str, seconds: float = 10.0) -> None:
        """Wait for a JavaScript condition. (Playwright's own wait needs eval, which the page forbids.)"""
        until(self.page, condition, seconds)

    def saved(self) -> None:
        """Wait until the server has everything."""
        self.until("kaigiroku.outbox.unsent === 0 && document.querySelector('#saved').textContent === '保存しました'")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.insert_text(text)


@pytest.fixture
def editor(page: Any, server: Server, meeting: str) -> EditorPage:
    """The editor, open."""
    return EditorPage(page, server.address, meeting).open()
