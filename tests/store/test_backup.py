"""A library is backed up while people work and comes back whole; half a backup is never taken for one."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from pipeline.cli.main import app
from pipeline.errors import BackupError, BusyError, DiskFullError, NewerLibraryError, UsageError
from pipeline.records.meeting import Meeting
from pipeline.store.backup.folder import BackupFolder
from pipeline.store.backup.make import back_up
from pipeline.store.backup.restore import check, restore
from pipeline.store.journal import Journal
from pipeline.store.library import Library


def silent(done: int, total: int) -> None:
    assert 0 <= done <= total


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    return done.exit_code, done.output


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in (folder / "meetings").rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def added(library: Library, name: str, sound: bytes) -> str:
    source = library.folder.with_name("source.wav")
    source.write_bytes(sound)
    identifier = library.add(Meeting(name=name), [(source, "録音.wav")]).id
    work = library.workspace(identifier).work_dir
    work.mkdir(parents=True)
    (work / "compose.json").write_text("{}")
    (work / "waveform-0123456789abcdef.wav").write_bytes(sound * 2)
    (work.parent / "minutes.docx").write_bytes(b"document " + sound)
    return identifier


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library.open(tmp_path / "library", create=True)
    added(library, "一", b"one" * 1000)
    added(library, "二", b"two" * 1000)
    return library


@pytest.fixture
def backups(tmp_path: Path) -> BackupFolder:
    return BackupFolder(tmp_path / "disk" / "backups")


def test_a_library_comes_back_as_it_was(library: Library, backups: BackupFolder, tmp_path: Path):
    shown: list[tuple[int, int]] = []
    number, made = back_up(library, backups.folder, lambda *each: shown.append(each))
    assert (number, made.faults) == (1, ()) and shown[-1] == (made.size, made.size)
    restore(backups, tmp_path / "again", silent)
    again = Library.open(tmp_path / "again")
    assert contents(again.folder) == contents(library.folder)
    assert [row.fields for row in again.meetings()] == [row.fields for row in library.meetings()]
    first = again.workspace(again.meetings()[0].id).work_dir / "waveform-0123456789abcdef.wav"
    assert first.stat().st_mtime_ns == (library.folder / first.relative_to(again.folder)).stat().st_mtime_ns
    assert check(backups, silent)[1] == ()


@pytest.mark.skipif(os.name != "posix", reason="owner-only modes are POSIX")
def test_others_cannot_look_in(library: Library, backups: BackupFolder, tmp_path: Path):
    back_up(library, backups.folder, silent)
    restore(backups, tmp_path / "again", silent)
    for folder in (backups.folder, tmp_path / "again"):
        assert folder.stat().st_mode & 0o077 == 0
        files = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
        assert files and all(path.stat().st_mode & 0o077 == 0 for path in files)


_WRITER = """
import sys, pathlib
from pipeline.store.library import Library
from pipeline.store.journal import Journal
from pipeline.records.edits import Adopt, Edit
from pipeline.store.tables.base import now
library = Library.open(pathlib.Path(sys.argv[1]))
journal = Journal(library, sys.argv[2])
for number in range(1, 100_000):
    edit = Edit(number=number, key=f"key-{number}", author="佐藤", at=now(), group="", operations=(Adopt(base=1),))
    with library.database.writing() as session:
        journal.append(session, edit)
    print(number, flush=True)
"""


def test_every_edit_acknowledged_before_it_began_is_in_it(library: Library, backups: BackupFolder, tmp_path: Path):
    identifier = library.meetings()[0].id
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(library.folder), identifier], stdout=subprocess.PIPE, text=True
    )
    acknowledged = 0

    def listen() -> None:
        nonlocal acknowledged
        assert writer.stdout is not None
        for line in writer.stdout:
            acknowledged = int(line)

    threading.Thread(target=listen, daemon=True).start()
    try:
        for number in range(1, 6):
            while acknowledged < number * 20:
                assert writer.poll() is None
            before = acknowledged
            back_up(library, backups.folder, silent)
            folder = tmp_path / f"again-{number}"
            restore(backups, folder, silent)
            again = Library.open(folder)
            with again.database.reading() as session:
                found = [edit.number for edit in Journal(again, identifier).edits(session)]
            assert found == list(range(1, len(found) + 1)) and len(found) >= before
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.wait()


def test_what_is_there_is_not_copied_again(library: Library, backups: BackupFolder, monkeypatch: pytest.MonkeyPatch):
    back_up(library, backups.folder, silent)
    taken: list[str] = []
    take = BackupFolder.take
    monkeypatch.setattr(BackupFolder, "take", lambda self, path: (taken.append(path.name), take(self, path))[1])
    added(library, "三", b"three" * 1000)
    number, made = back_up(library, backups.folder, silent)
    assert number == 2 and len(made.files) == 1 + 3 * 4
    assert sorted(taken) == [".database.part", "compose.json", "minutes.docx", "part-01.wav", taken[-1]]
    assert taken[-1].startswith("waveform-")


def test_a_killed_backup_is_none(library: Library, backups: BackupFolder):
    code = f"""
import os, pathlib
from pipeline.store.library import Library
from pipeline.store.backup.make import back_up
count = 0
def tell(done, total):
    global count
    count += 1
    if count == 4: os._exit(9)
back_up(Library.open(pathlib.Path({str(library.folder)!r})), pathlib.Path({str(backups.folder)!r}), tell)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    with pytest.raises(BackupError, match="no complete backup"):
        backups.read()
    assert back_up(library, backups.folder, silent)[0] == 1
    assert list(backups.folder.rglob("*.part")) == [] and check(backups, silent)[1] == ()


def test_a_meeting_removed_meanwhile_is_not_half_in_it(library: Library, backups: BackupFolder, tmp_path: Path):
    gone, stays = (row.id for row in library.meetings())

    def tell(done: int, total: int) -> None:
        if library.holds(gone):
            library.remove(gone)

    _, made = back_up(library, backups.folder, tell)
    assert made.faults == ()
    restore(backups, tmp_path / "again", silent)
    assert [row.id for row in Library.open(tmp_path / "again").meetings()] == [stays]


def test_a_recording_that_is_missing_is_told_and_the_rest_kept(library: Library, tmp_path: Path):
    lost, changed = (library.recordings(row)[0] for row in library.meetings())
    lost.unlink()
    changed.write_bytes(b"ONE" * 1000)
    code, shown = run("backup", library.folder, tmp_path / "disk")
    assert code == 33 and "2 files of the library" in shown and "part-01.wav: is missing" in shown
    code, shown = run("restore", tmp_path / "disk", tmp_path / "again")
    assert code == 0 and "is not as it came in" in shown
    assert contents(tmp_path / "again") == contents(library.folder)


def test_the_backup_keeps_what_the_library_has_lost(library: Library, backups: BackupFolder, tmp_path: Path):
    back_up(library, backups.folder, silent)
    lost = library.recordings(library.meetings()[0])[0]
    before = lost.read_bytes()
    lost.unlink()
    assert len(back_up(library, backups.folder, silent)[1].faults) == 1
    restore(backups, tmp_path / "again", silent)
    assert (tmp_path / "again" / lost.relative_to(library.folder)).read_bytes() == before


def test_a_damaged_backup_is_told_before_anything_is_put_in_place(library: Library, tmp_path: Path):
    disk, again = tmp_path / "disk", tmp_path / "again"
    assert run("backup", library.folder, disk)[0] == 0
    made = BackupFolder(disk).read()
    sound = next(kept for kept in made.files if kept.path.endswith("part-01.wav"))
    BackupFolder(disk).content(sound.sha256).write_bytes(b"\0" * sound.size)
    assert run("restore", disk)[0] == 33
    code, shown = run("restore", disk, again)
    assert code == 33 and sound.path in shown and not again.exists()
    code, shown = run("restore", disk, again, "--partly")
    assert code == 33 and sound.path in shown and sound.path not in contents(again)
    assert contents(again).items() < contents(library.folder).items()
    BackupFolder(disk).content(made.files[0].sha256).write_bytes(b"")
    assert run("restore", disk, tmp_path / "third", "--partly")[0] == 33 and not (tmp_path / "third").exists()


def test_a_damaged_list_is_told(library: Library, backups: BackupFolder, tmp_path: Path):
    back_up(library, backups.folder, silent)
    (listed,) = (backups.folder / "backups").iterdir()
    text = listed.read_text()
    for damaged in (text[:-100], text.replace("minutes.docx", "minutes.doc"), ""):
        listed.write_text(damaged)
        with pytest.raises(BackupError, match="cannot be read"):
            restore(backups, tmp_path / "again", silent)
    assert back_up(library, backups.folder, silent)[0] == 2
    restore(backups, tmp_path / "again", silent)


@pytest.mark.parametrize(
    "path", ["../x", "meetings/../../x", "/etc/passwd", "library.toml", "meetings/a\\..\\x", "C:x"]
)
def test_nothing_is_restored_outside_the_library(library: Library, backups: BackupFolder, tmp_path: Path, path: str):
    _, made = back_up(library, backups.folder, silent)
    evil = made.files[1].model_copy(update={"path": path})
    backups.enter(made.model_copy(update={"files": (*made.files, evil)}))
    with pytest.raises(BackupError, match="cannot be read"):
        restore(backups, tmp_path / "again", silent)


def test_a_library_is_not_overwritten_unless_told(library: Library, tmp_path: Path):
    disk = tmp_path / "disk"
    assert run("backup", library.folder, disk)[0] == 0
    library.change(library.meetings()[0].id, fields=Meeting(name="その後"))
    library.close()
    code, shown = run("restore", disk, library.folder)
    assert code == 2 and "there is something already" in shown
    assert run("restore", disk, library.folder, "--replace")[0] == 0
    assert {row.fields.name for row in Library.open(library.folder).meetings()} == {"一", "二"}
    aside = library.folder.with_name("library.before-restore")
    assert {row.fields.name for row in Library.open(aside).meetings()} == {"一", "その後"}
    assert run("restore", disk, library.folder, "--replace")[0] == 2


def test_a_restore_that_was_interrupted_goes_on(library: Library, backups: BackupFolder, tmp_path: Path):
    back_up(library, backups.folder, silent)

    def tell(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(backups, tmp_path / "again", tell)
    assert not (tmp_path / "again").exists()
    restore(backups, tmp_path / "again", silent)
    assert contents(tmp_path / "again") == contents(library.folder)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".again")]


def test_older_backups_can_be_chosen_and_forgotten(library: Library, tmp_path: Path):
    disk = tmp_path / "disk"
    gone = library.meetings()[0].id
    assert run("backup", library.folder, disk)[0] == 0
    library.remove(gone)
    assert run("backup", library.folder, disk)[0] == 0
    assert run("restore", disk, tmp_path / "first", "--number", 1)[0] == 0
    assert Library.open(tmp_path / "first").holds(gone)
    assert len(run("restore", disk, "--list")[1].splitlines()) == 2
    assert run("backup", library.folder, disk, "--keep", 1)[0] == 0
    folder = BackupFolder(disk)
    assert folder.numbers() == [3] and check(folder, silent)[1] == ()
    assert {path.name for path in (disk / "files").glob("*/*")} == {kept.sha256 for kept in folder.read().files}
    with pytest.raises(BackupError, match="no backup 1"):
        folder.read(1)


def test_what_lies_elsewhere_comes_along(library: Library, tmp_path: Path):
    voices, dictionary = tmp_path / "voices", tmp_path / "dictionary.toml"
    voices.mkdir()
    (voices / "a.voice.json").write_text("{}")
    dictionary.write_text("[terms]")
    disk = tmp_path / "disk"
    assert run("backup", library.folder, disk, "--also", voices, "--also", dictionary)[0] == 0
    assert run("restore", disk, tmp_path / "again")[0] == 0
    assert (tmp_path / "again" / "also" / "voices" / "a.voice.json").read_text() == "{}"
    assert (tmp_path / "again" / "also" / "dictionary.toml").read_text() == "[terms]"
    code, shown = run("backup", library.folder, disk, "--also", tmp_path / "gone.toml")
    assert code == 2 and "gone.toml" in shown
    (voices / "dictionary.toml").write_text("")
    assert run("backup", library.folder, disk, "--also", dictionary, "--also", voices / "dictionary.toml")[0] == 2


def test_no_two_backups_write_into_one_folder(library: Library, backups: BackupFolder):
    with backups.writing(), pytest.raises(BusyError):
        back_up(library, backups.folder, silent)


def test_a_backup_lies_outside_the_library(library: Library):
    for target in (library.folder, library.folder / "backups", library.folder.parent):
        with pytest.raises(UsageError):
            back_up(library, target, silent)


def test_a_newer_backup_is_refused(library: Library, backups: BackupFolder, tmp_path: Path):
    with library.database.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    back_up(library, backups.folder, silent)
    with pytest.raises(NewerLibraryError):
        restore(backups, tmp_path / "again", silent)
    assert not (tmp_path / "again").exists()


def test_a_full_disk_is_told(library: Library, backups: BackupFolder, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.store.backup.folder.os.fsync", full)
    with pytest.raises(DiskFullError):
        back_up(library, backups.folder, silent)
    assert backups.numbers() == []
