"""A long meeting in a real browser: a jump lands where it should though most turns are not laid out, and the page
follows what is playing unless somebody writes."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.records.meeting import Meeting
from pipeline.records.minutes import Minutes, Speech
from pipeline.store.artifacts import artifact_key_of, read_artifact, write_artifact
from pipeline.store.library import Library
from tests.review.conftest import EditorPage, add_drafted

pytestmark = pytest.mark.browser
TIMES = 30


def repeated(minutes: Minutes) -> Iterator[Speech]:
    """Everything that is said, again and again; each time under ids of its own, later by the length of the whole."""
    said = [block for block in minutes.body if isinstance(block, Speech) and block.paragraphs]
    for number in range(TIMES):
        for block in said:
            by = number * minutes.duration_ms
            times = {"start_ms": block.start_ms + by, "end_ms": block.end_ms + by}
            yield block.model_copy(update={"id": f"{block.id}x{number}", **times})


@pytest.fixture
def meeting(library: Library, sample_meeting: Meeting, sample_draft: Path, tmp_path: Path) -> str:
    drafted = shutil.copytree(sample_draft, tmp_path / "draft")
    path = drafted / "work" / "compose.json"
    minutes = read_artifact(path, artifact_key_of(path) or "", Minutes)
    assert minutes is not None
    times = {"body": tuple(repeated(minutes)), "duration_ms": TIMES * minutes.duration_ms}
    write_artifact(path, "0" * 64, minutes.model_copy(update=times))
    return add_drafted(library, sample_meeting, drafted)


def test_jumps_land_where_they_should(editor: EditorPage):
    ids = editor.page.evaluate("kaigiroku.model.entries.map((entry) => entry.id)")
    assert len(ids) > 500
    for place in (-1, 10, len(ids) // 2, len(ids) // 2 + 30, 0):
        editor.page.evaluate(f"kaigiroku.view.reveal('{ids[place]}', {{ place: 0 }})")
        for _ in range(3):
            editor.page.wait_for_timeout(50)
            assert editor.page.evaluate(f"kaigiroku.view.inView('{ids[place]}')")


def test_the_page_follows_what_is_playing_unless_somebody_writes(editor: EditorPage):
    editor.page.evaluate("kaigiroku.settings.autoPause = false")
    last = "kaigiroku.model.turnAt(225000).id"
    assert not editor.page.evaluate(f"kaigiroku.view.inView({last})")
    editor.page.evaluate("kaigiroku.player.play(225000)")
    editor.until(f"kaigiroku.view.inView({last})")
    editor.page.evaluate("kaigiroku.player.pause()")
    editor.page.evaluate("kaigiroku.view.reveal(kaigiroku.model.entries[0].id, { place: 0 })")
    editor.page.locator("#overview").click(position={"x": 600, "y": 5})
    editor.until("kaigiroku.view.inView(kaigiroku.model.turnAt(kaigiroku.player.now).id)")
    editor.page.evaluate("kaigiroku.view.reveal(kaigiroku.model.entries[0].id, { place: 0 })")
    editor.type("あ")
    editor.page.evaluate("kaigiroku.player.play(225000)")
    editor.until("kaigiroku.player.now > 225300")
    assert editor.page.evaluate("kaigiroku.view.inView(kaigiroku.model.entries[0].id)")
