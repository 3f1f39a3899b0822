"""Takes the pictures of the clerk's guide (docs/clerk/*.png) from the application itself, on the sample meeting.

python docs/tools/clerk_screenshots.py
"""

import io
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from pipeline.config.meeting_file import load_meeting
from pipeline.records.job import DraftOptions, EngineChoice
from pipeline.review.sound import make_sound
from pipeline.run.draft import DraftRequest, draft
from pipeline.run.execute import Silent
from pipeline.store.library import Library
from pipeline.store.tables.meetings import State

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "audio_samples" / "meeting.opus"
REPLAY = ROOT / "tests" / "data" / "replay"
COLOURS = 96


def library_of(folder: Path) -> str:
    """Three meetings in different states; the id of the one that is corrected."""
    library = Library.open(folder / "library", create=True)
    meeting = load_meeting(ROOT / "audio_samples" / "meeting.toml")
    options = DraftOptions(engines=EngineChoice(replay=REPLAY))
    out = folder / "draft"
    draft(DraftRequest(sources=(SAMPLE,), meeting=meeting, out_dir=out, options=options), Silent())
    make_sound(next((out / "work").glob("waveform-*.wav")))
    for name, state in (("第1回", State.FINAL), ("第3回", State.DRAFT), ("第2回", State.DRAFT)):
        fields = meeting.model_copy(update={"name": (meeting.name or "").replace("第2回", name)})
        row = library.add(fields, [(SAMPLE, f"{name}.opus")])
        shutil.copytree(out, library.workspace(row.id).out_dir)
        library.change(row.id, state=state)
    library.close()
    return row.id


def served(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = "from pipeline.cli.main import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "review", str(folder / "library"), "--no-browser", "--port", str(port)]
    )
    address = f"http://127.0.0.1:{port}"
    while True:
        try:
            urllib.request.urlopen(f"{address}/keys").close()
            return process, address
        except OSError:
            time.sleep(0.1)


def editing(page: Any) -> None:
    """A word that the dictionary put in, while the recording stands in its sentence."""
    page.evaluate("kaigiroku.view.reveal('b0006', { focus: false })")
    page.evaluate("kaigiroku.view.reveal('b0007', { place: 4, block: 'nearest' })")
    page.evaluate("kaigiroku.player.play(67500)")
    page.wait_for_timeout(1200)
    page.evaluate("kaigiroku.player.audio.pause()")


def replacing(page: Any) -> None:
    page.evaluate("kaigiroku.view.reveal('b0007', { place: 8, end: 10 })")
    page.keyboard.press("Control+f")
    page.get_by_label("置き換える言葉").fill("中学生")
    page.get_by_label("辞書にも登録する").check()
    page.get_by_label("よみ").fill("ちゅうがくせい")


def comparing(page: Any) -> None:
    page.get_by_role("button", name="か所を置き換える").click()
    page.wait_for_timeout(1500)
    page.evaluate("kaigiroku.view.reveal('b0001', { place: 0, end: 2 })")
    page.keyboard.insert_text("定刻")
    page.keyboard.press("Alt+i")
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="下書きと今を比べる").click()
    page.wait_for_selector(".compare")


def withholding(page: Any) -> None:
    page.keyboard.press("Escape")
    page.evaluate("kaigiroku.view.reveal('b0007', { place: 3, end: 5 })")
    page.keyboard.press("Alt+n")
    page.get_by_label("理由").fill("情報公開条例第7条第2号（個人に関する情報）")
    page.get_by_label("決めた人").fill("図書館長")


def nothing(page: Any) -> None:
    page.wait_for_timeout(1000)


def main() -> None:
    target = ROOT / "docs" / "clerk"
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        meeting = library_of(folder)
        server, address = served(folder)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="ja-JP")
        editor = f"/meetings/{meeting}"
        scenes: list[tuple[str, str, Callable[[Any], None]]] = [
            ("editor", editor, editing),
            ("find", "", replacing),
            ("compare", "", comparing),
            ("withhold", "", withholding),
            ("preview", f"{editor}/preview", nothing),
            ("list", "/", nothing),
        ]
        for scene, path, act in scenes:
            if path:
                page.goto(f"{address}{path}")
                if path == editor:
                    page.wait_for_selector("body[data-ready=yes]")
            act(page)
            page.wait_for_timeout(600)
            picture = (
                Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            )
            picture.save(target / f"{scene}.png", optimize=True)
        browser.close()
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
