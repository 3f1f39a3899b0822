"""Edits of one meeting in the database: entered whole, once, on what was seen; what was acknowledged is never lost."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.editing.desk import Desk, StaleEdit, Submission, corrected
from pipeline.errors import DiskFullError, EditError, LibraryError
from pipeline.records.edits import Cast, Splice
from pipeline.records.meeting import Meeting
from pipeline.records.minutes import Minutes
from pipeline.store.artifacts import write_artifact
from pipeline.store.library import Library
from tests.editing.cases import small, texts
from tests.editing.test_rebase import rerun


def drafted(library: Library, meeting_id: str, minutes: Minutes, key: str) -> None:
    workspace = library.workspace(meeting_id)
    workspace.work_dir.mkdir(parents=True, exist_ok=True)
    write_artifact(workspace.artifact("compose"), key, minutes)


@pytest.fixture
def library(new_library: Library) -> Library:
    return new_library


@pytest.fixture
def meeting(library: Library, tmp_path: Path) -> str:
    recording = tmp_path / "a.wav"
    recording.write_bytes(b"sound")
    row = library.add(Meeting(), [(recording, "a.wav")])
    drafted(library, row.id, small(), "1" * 64)
    return row.id


def typed(key: str, removed: str, inserted: str, **seen: int) -> Submission:
    splice = Splice(id="b0006", at=0, removed=removed, inserted=inserted)
    return Submission(key=key, operations=(splice,), seen=seen or None)


def test_an_edit_is_there_for_everybody_after_it_was_entered(library: Library, meeting: str):
    desk = Desk(library, meeting)
    edit = desk.submit(typed("k1", "長内", "庁内", b0006=0), "suzuki")
    assert (edit.number, edit.author) == (1, "suzuki") and edit.at.tzinfo is not None
    assert Desk(Library.open(library.folder), meeting).minutes() == desk.minutes() == corrected(library, meeting)
    assert texts(desk.minutes())[3][1].startswith("庁内")


def test_a_meeting_without_a_draft_is_told(library: Library, tmp_path: Path):
    (tmp_path / "b.wav").write_bytes(b"x")
    with pytest.raises(LibraryError, match="no draft"):
        Desk(library, library.add(Meeting(), [(tmp_path / "b.wav", "b.wav")]).id)


def test_the_same_edit_delivered_twice_is_entered_once(library: Library, meeting: str):
    desk = Desk(library, meeting)
    first = desk.submit(typed("k1", "長内", "庁内", b0006=0), "")
    assert desk.submit(typed("k1", "長内", "庁内", b0006=0), "") == first
    assert Desk(library, meeting).submit(typed("k1", "長内", "庁内", b0006=0), "") == first
    assert desk.fold.number == 1


def test_nobody_overwrites_what_he_has_not_seen(library: Library, meeting: str):
    mine, theirs = Desk(library, meeting), Desk(library, meeting)
    theirs.submit(typed("t1", "長内", "庁内", b0006=0), "tanaka")
    with pytest.raises(StaleEdit) as told:
        mine.submit(typed("m1", "長内", "町内", b0006=0), "suzuki")
    assert told.value.ids == ("b0006",)
    assert texts(mine.minutes())[3][1].startswith("庁内")
    mine.submit(typed("m2", "庁内", "町内", b0006=1), "suzuki")
    assert [edit.key for edit in theirs.refresh()] == ["m2"]


def test_what_does_not_fit_is_not_entered(library: Library, meeting: str):
    desk = Desk(library, meeting)
    with pytest.raises(EditError):
        desk.submit(typed("k1", "無い", "x"), "")
    assert desk.fold.number == 0 and Desk(library, meeting).fold.number == 0


def test_many_people_at_once_lose_nothing(library: Library, meeting: str):
    def work(name: str) -> None:
        desk = Desk(library, meeting)
        for number in range(10):
            operation = Splice(id="b0007", at=0, removed="", inserted=name)
            desk.submit(Submission(key=f"{name}-{number}", operations=(operation,)), name)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = texts(corrected(library, meeting))[4][1]
    assert sorted(text[:40]) == sorted("abcd" * 10) and Desk(library, meeting).fold.number == 40


def test_a_full_disk_is_told_and_leaves_the_desk_in_step(library: Library, meeting: str):
    desk = Desk(library, meeting)
    if library.database.file is None:
        pytest.skip("the limit on its pages is SQLite's")
    desk.submit(typed("k1", "長内", "庁内"), "")
    with library.database.reading() as session:
        pages = session.execute(sa.text("PRAGMA page_count")).scalar()

    @sa.event.listens_for(library.database._engine, "connect")
    def full(connection, _):
        connection.execute(f"PRAGMA max_page_count={pages}")

    library.database.close()
    with pytest.raises(DiskFullError):
        desk.submit(typed("k2", "庁内", "庁" * 60_000), "")
    assert desk.fold.number == 1 and texts(desk.minutes())[3][1].startswith("庁内")
    sa.event.remove(library.database._engine, "connect", full)
    library.database.close()
    assert desk.submit(typed("k2", "庁内", "町内"), "").number == 2


def test_acknowledged_edits_survive_a_kill(library: Library, meeting: str):
    code = f"""
import os, pathlib, sys
from pipeline.editing.desk import Desk, Submission
from pipeline.records.edits import Splice
from pipeline.store.library import Library
desk = Desk(Library.open(pathlib.Path(sys.argv[1])), {meeting!r})
for number in range(1000):
    desk.submit(Submission(key=str(number), operations=(Splice(id="b0007", at=0, removed="", inserted="a"),)), "")
    print(number, flush=True)
    if number == 20:
        os.kill(os.getpid(), 9) if os.name == "posix" else os._exit(9)
"""
    done = subprocess.run([sys.executable, "-c", code, str(library.folder)], stdout=subprocess.PIPE, check=False)
    acknowledged = len(done.stdout.splitlines())
    assert acknowledged == 21 and Desk(library, meeting).fold.number == acknowledged


def test_a_new_draft_waits_until_it_is_adopted(library: Library, meeting: str):
    desk = Desk(library, meeting)
    desk.submit(typed("k1", "長内", "市役所"), "")
    assert desk.newer_draft() is None
    drafted(library, meeting, rerun(), "2" * 64)
    assert texts(Desk(library, meeting).minutes()) == texts(desk.minutes())
    assert desk.newer_draft() == 2
    desk.adopt(2, "suzuki")
    assert desk.newer_draft() is None
    found = texts(Desk(library, meeting).minutes())
    assert found[3][1].startswith("市役所") and found[4] == ("委員", "12件です。")


def test_programs_need_not_have_seen_anything(library: Library, meeting: str):
    desk = Desk(library, meeting)
    desk.submit(Submission(key="k", operations=(Cast(ids=("b0006",), role="会長"),)), "learn")
    assert texts(desk.minutes())[3][0] == "会長"


@pytest.mark.skipif(os.name != "posix", reason="owner-only modes are POSIX")
def test_the_database_is_readable_by_its_owner_only(library: Library, meeting: str):
    assert library.folder.stat().st_mode & 0o077 == 0
