"""The clerk's desk in Chromium on a meeting of four hours (2,500 turns, 60,000 characters): how soon the server answers
and the editor opens, how soon a keystroke is on the screen and in the database, how evenly it scrolls; each beside a
page without any application in the same run.

    python benchmarks/review.py              # as drafted
    python benchmarks/review.py --edits 3000 # after 3,000 edits
"""

import argparse
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from review_library import library_of

KEYS = 200
OPENS = 5
_WATCH = """window.taken = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.name === "keydown") taken.push(entry.duration);
}).observe({ type: "event", durationThreshold: 16 });"""
_SCROLL = """([pane, frames, step]) => new Promise((done) => {
  const root = pane ? document.querySelector(pane) : document.scrollingElement;
  root.scrollTop = 0;
  const found = [];
  let last = performance.now();
  const turn = () => {
    const now = performance.now();
    found.push(now - last);
    last = now;
    root.scrollTop += step;
    if (found.length < frames) requestAnimationFrame(turn);
    else done(found.slice(5));
  };
  requestAnimationFrame(turn);
})"""
_SAVED = """() => new Promise((done) => {
  const begun = performance.now();
  const look = () => (kaigiroku.outbox.unsent ? setTimeout(look, 2) : done(performance.now() - begun));
  look();
})"""


@contextmanager
def serving(library: Path) -> Iterator[tuple[str, float]]:
    """(address, seconds until the first answer)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begun = time.perf_counter()
    code = "from pipeline.cli.main import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "review", str(library), "--no-browser", "--port", str(port)]
    )
    address = f"http://127.0.0.1:{port}"
    while True:
        try:
            urllib.request.urlopen(f"{address}/keys", timeout=5).close()
            break
        except OSError:
            time.sleep(0.01)
    try:
        yield address, time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait()


@contextmanager
def chromium() -> Iterator[Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


def opened(browser: Any, address: str, ready: str) -> float:
    """Seconds, in a browser profile that was never there before."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto("about:blank")
    begun = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(ready)
    taken = time.perf_counter() - begun
    context.close()
    return taken


def keystrokes(page: Any) -> list[float]:
    """Milliseconds from each key to the frame that shows it, as the browser itself tells (Event Timing; under 16 ms it
    does not: counted as 16)."""
    page.evaluate(_WATCH)
    for number in range(KEYS):
        page.keyboard.press("asdfg"[number % 5])
        page.wait_for_timeout(25)
    page.wait_for_timeout(500)
    told: list[float] = page.evaluate("taken")
    return [16.0] * (KEYS - len(told)) + told


def saves(page: Any) -> list[float]:
    """Milliseconds from a key until the server has the text on its disk."""
    found = []
    for _ in range(20):
        page.keyboard.press("a")
        found.append(page.evaluate(_SAVED))
        page.wait_for_timeout(100)
    return found


def plain_page(page: Any, texts: Sequence[str]) -> None:
    """The same text without any application; the first paragraph can be written in."""
    body = "".join(f"<p>{text}</p>" for text in texts)
    page.set_content(f"<div contenteditable id=field>あ</div>{body}")
    page.click("#field")


def spread(values: Sequence[float], unit: str = "ms") -> str:
    ordered = sorted(values)
    middle, late = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    return f"median {middle:6.0f} {unit}  95 % {late:6.0f} {unit}  longest {ordered[-1]:6.0f} {unit}"


def measure(browser: Any, address: str, meeting: str) -> None:
    editor = f"{address}/meetings/{meeting}"
    ready = "body[data-ready=yes]"
    opened(browser, address, "body")  # the browser's own start is not the application's, and one comes from the list
    first = opened(browser, editor, ready)
    later = statistics.median(opened(browser, editor, ready) for _ in range(OPENS))
    keys_page = statistics.median(opened(browser, f"{address}/keys", "kbd") for _ in range(OPENS))
    print(f"open, first after the server's start {first:5.2f} s; later {later:5.2f} s", end="")
    print(f" ({later / keys_page:.1f} x the page of keys, {keys_page:.2f} s)")
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(editor)
    page.wait_for_selector(ready)
    texts = page.evaluate("kaigiroku.model.entries.map((entry) => entry.shown)")
    print(f"{len(texts)} blocks, {sum(map(len, texts))} characters")
    page.evaluate("kaigiroku.view.reveal('b01200', { place: 3 })")
    page.wait_for_timeout(500)
    typed, saved = keystrokes(page), saves(page)
    frames = page.evaluate(_SCROLL, ["#turns", 600, 300])
    plain = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    plain_page(plain, texts)
    bare = keystrokes(plain)
    plain_frames = plain.evaluate(_SCROLL, ["", 600, 60])
    print(f"keystroke on the screen  {spread(typed)}  ({statistics.mean(typed) / statistics.mean(bare):.1f} x plain)")
    print(f"  on a plain page        {spread(bare)}")
    print(f"keystroke in the database {spread(saved)}")
    print(f"frame while scrolling    {spread(frames)}; over 50 ms: {sum(f > 50 for f in frames)} of {len(frames)}")
    print(f"  on a plain page        {spread(plain_frames)}; over 50 ms: {sum(f > 50 for f in plain_frames)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=0, help="edits already in the journal")
    parser.add_argument("--library", type=Path, help="one that benchmarks/review_library.py made")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.library is None:
            library_of(Path(folder), given.edits)
        library = given.library or Path(folder) / "library"
        (meeting,) = (path.name for path in (library / "meetings").iterdir())
        with serving(library) as (address, started), chromium() as browser:
            begun = time.perf_counter()
            subprocess.run([sys.executable, "-c", "import fastapi, uvicorn, sqlalchemy"], check=True)
            imports = time.perf_counter() - begun
            print(f"server answers after {started:.2f} s ({started / imports:.1f} x importing its libraries)")
            measure(browser, address, meeting)


if __name__ == "__main__":
    main()
