"""The library and its database: meetings come in whole or not at all, and what people did is on the disk."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipeline.errors import AudioMissingError, BusyError, DatabaseError, LibraryError
from pipeline.records.meeting import Meeting
from pipeline.store.database import Database
from pipeline.store.library import Library
from pipeline.store.tables.meetings import MeetingRow, State


@pytest.fixture
def library(new_library: Library) -> Library:
    return new_library


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "会議 録音.M4A"
    path.write_bytes(b"sound" * 1000)
    return path


def test_a_meeting_comes_in_with_its_recording(library: Library, recording: Path):
    row = library.add(Meeting(name="図書館協議会"), [(recording, recording.name), (recording, "../../etc/passwd")])
    again = Library.open(library.folder).meeting(row.id)
    assert again.fields.name == "図書館協議会"
    assert again.state is State.WAITING and again.created_at.tzinfo is not None
    first, second = library.recordings(again)
    assert first.name == "part-01.m4a" and first.read_bytes() == recording.read_bytes()
    assert second.parent == first.parent and second.name == "part-02"
    assert again.sources[0].name == "会議 録音.M4A" and again.sources[0].size == 5000


def test_the_same_recording_is_found_by_its_content(library: Library, recording: Path, tmp_path: Path):
    row = library.add(Meeting(), [(recording, "a.m4a")])
    copy = tmp_path / "other.wav"
    copy.write_bytes(recording.read_bytes())
    assert library.add(Meeting(), [(copy, "b.wav")]).recording_sha256 == row.recording_sha256
    found = library.with_recording(row.recording_sha256)
    assert found is not None and found.id == row.id
    assert library.with_recording("0" * 64) is None


def test_what_fails_leaves_nothing(library: Library, recording: Path, tmp_path: Path):
    with pytest.raises(AudioMissingError):
        library.add(Meeting(), [(recording, "a.m4a"), (tmp_path / "gone.wav", "gone.wav")])
    assert library.meetings() == [] and list((library.folder / "meetings").iterdir()) == []


def test_what_a_killed_process_had_half_copied_is_cleared_away(library: Library, recording: Path):
    code = """
import os, pathlib, sys
from pipeline.records.meeting import Meeting
from pipeline.store import library
library._copied = lambda path, name, folder, number: (folder / "recording" / "half").write_bytes(b"x") and os._exit(9)
library.Library.open(pathlib.Path(sys.argv[1])).add(Meeting(), [(pathlib.Path(sys.argv[2]), "a.m4a")])
"""
    kept = library.add(Meeting(), [(recording, "a.m4a")])
    assert subprocess.run([sys.executable, "-c", code, library.folder, recording], check=False).returncode == 9
    assert len(list((library.folder / "meetings").iterdir())) == 2
    Library.open(library.folder)
    assert [path.name for path in (library.folder / "meetings").iterdir()] == [kept.id]
    assert list((library.folder / "owners").iterdir()) == []


def test_what_another_process_is_copying_in_is_left_alone(library: Library, recording: Path, monkeypatch):
    def look(*_: object) -> None:
        Library.open(library.folder)
        assert len(list((library.folder / "meetings").iterdir())) == 1

    monkeypatch.setattr("pipeline.store.library.synced_folder", look)
    library.add(Meeting(), [(recording, "a.m4a")])
    Library.open(library.folder)
    assert library.recordings(library.meetings()[0])[0].is_file()


def test_state_and_fields_change(library: Library, recording: Path):
    row = library.add(Meeting(), [(recording, "a.m4a")])
    library.change(row.id, state=State.DRAFT, fields=Meeting(place="庁議室"))
    changed = library.meeting(row.id)
    assert changed.state is State.DRAFT and changed.fields.place == "庁議室" and changed.changed_at > row.changed_at


@pytest.mark.parametrize("identifier", ["..", "20260101-0123456z", "20260101-01234567/../x", ""])
def test_only_our_identifiers_name_folders(library: Library, identifier: str):
    with pytest.raises(LibraryError):
        library.folder_of(identifier)
    with pytest.raises(LibraryError):
        library.meeting(identifier)


def test_no_library_is_told_and_not_made(tmp_path: Path):
    with pytest.raises(LibraryError):
        Library.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_library_toml_names_another_database(tmp_path: Path):
    (tmp_path / "library.toml").write_text(f'database = "sqlite:///{tmp_path.as_posix()}/other.db"', encoding="utf-8")
    Library.open(tmp_path)
    assert (tmp_path / "other.db").is_file() and not (tmp_path / "kaigiroku.db").exists()
    (tmp_path / "library.toml").write_text('database = "nonsense://x"', encoding="utf-8")
    with pytest.raises(DatabaseError):
        Library.open(tmp_path)


def test_a_database_that_is_none_is_told(tmp_path: Path):
    (tmp_path / "kaigiroku.db").write_bytes(b"not a database, but long enough to look at " * 50)
    with pytest.raises(DatabaseError) as told:
        Library.open(tmp_path)
    assert "kaigiroku.db" in told.value.cause


def test_an_exception_undoes_the_whole_transaction(library: Library, recording: Path):
    row = library.add(Meeting(), [(recording, "a.m4a")])
    with pytest.raises(RuntimeError), library.database.writing() as session:
        session.get_one(MeetingRow, row.id).state = State.FINAL
        session.flush()
        raise RuntimeError
    assert library.meeting(row.id).state is State.WAITING


def test_writers_wait_for_each_other_and_lose_nothing(library: Library, recording: Path):
    row = library.add(Meeting(name="0"), [(recording, "a.m4a")])

    def count() -> None:
        for _ in range(20):
            with library.database.writing() as session:
                found = session.get_one(MeetingRow, row.id)
                found.fields = Meeting(name=str(int(found.fields.name or "") + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert library.meeting(row.id).fields.name == "80"


def test_a_writer_that_never_ends_is_told_as_busy(library: Library, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pipeline.store.database._WAIT_S", 0.1)
    impatient = Database(library.database.url)
    with library.database.writing(), pytest.raises(BusyError), impatient.writing():
        pass


def test_committed_is_kept_when_the_process_is_killed(library: Library, recording: Path):
    code = """
import os, sys, pathlib
from pipeline.store.library import Library
from pipeline.records.meeting import Meeting
library = Library.open(pathlib.Path(sys.argv[1]))
library.add(Meeting(name="残る"), [(pathlib.Path(sys.argv[2]), "x")])
with library.database.writing() as session:
    session.execute(__import__("sqlalchemy").text("DELETE FROM meetings"))
    os._exit(9)
"""
    assert (
        subprocess.run([sys.executable, "-c", code, str(library.folder), str(recording)], check=False).returncode == 9
    )
    assert [row.fields.name for row in library.meetings()] == ["残る"]


@pytest.mark.skipif(os.name != "posix", reason="owner-only modes are POSIX")
def test_others_cannot_look_in(library: Library):
    assert library.folder.stat().st_mode & 0o077 == 0
