"""A library whose database is on a PostgreSQL server: moved there whole, backed up like any other, errors that help.

The tests of the library, the queue and the desk run on it too (conftest.new_library)."""

import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from typer.testing import CliRunner

from pipeline.cli.main import app
from pipeline.errors import BusyError, DatabaseError, DependencyError, NewerLibraryError, UsageError
from pipeline.records.meeting import Meeting
from pipeline.store.backup.folder import BackupFolder
from pipeline.store.backup.make import back_up
from pipeline.store.backup.restore import restore
from pipeline.store.database import Database
from pipeline.store.library import Library
from pipeline.store.move import move
from pipeline.store.people import People
from pipeline.store.queue import enqueue, jobs
from pipeline.store.tables import Base
from pipeline.store.transfer import copy_rows
from tests import postgresql


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """On SQLite, with a little of everything."""
    library = Library.open(tmp_path / "library", create=True)
    filled(library, tmp_path, "一")
    return library


def filled(library: Library, tmp_path: Path, name: str) -> None:
    (tmp_path / "a.wav").write_bytes(name.encode() * 1000)
    meeting = library.add(Meeting(name=name), [(tmp_path / "a.wav", "録音.wav")])
    enqueue(library, meeting.id)
    People(library).note("佐藤", "noted", detail=name)


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.reading() as session:
        return {
            table.name: sorted(map(tuple, session.execute(sa.select(table)).all()), key=repr)
            for table in Base.metadata.sorted_tables
        }


@postgresql.needed
def test_a_library_is_moved_with_all_it_has(library: Library, postgres: postgresql.Server, tmp_path: Path):
    before = rows(library.database)
    library.close()
    (library.folder / "library.toml").write_text("# ours\nother = 1\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["library", "move", str(library.folder), postgres.new_database()])
    assert done.exit_code == 0, done.output
    moved = Library.open(library.folder)
    assert moved.database.file is None and rows(moved.database) == before
    assert not (library.folder / "kaigiroku.db").exists()
    assert (library.folder / "library.toml").read_text(encoding="utf-8").endswith("# ours\nother = 1\n")
    filled(moved, tmp_path, "二")  # numbers go on after those that were moved
    assert [job.id for job in jobs(moved)] == [1, 2] and [row.id for row in People(moved).log(9)] == [2, 1]
    with pytest.raises(UsageError, match="on a server already"):
        move(library.folder, postgres.new_database())
    with pytest.raises(NewerLibraryError):  # the file that is left is not worked in by mistake
        Database.beside(library.folder / "kaigiroku.moved.db")


@postgresql.needed
def test_a_library_is_not_moved_under_somebodys_hands(library: Library, postgres: postgresql.Server):
    library.meetings()
    with pytest.raises(BusyError, match="somebody works with the library"):
        move(library.folder, postgres.new_database())
    assert library.meetings() and not (library.folder / "library.toml").exists()


@postgresql.needed
def test_nobody_comes_in_while_it_is_moved(
    library: Library, postgres: postgresql.Server, monkeypatch: pytest.MonkeyPatch
):
    library.close()
    monkeypatch.setattr("pipeline.store.database._WAIT_S", 0.1)

    def looked_in(*rows: sa.Connection) -> None:
        copy_rows(*rows)
        with pytest.raises(BusyError):
            Library.open(library.folder)

    monkeypatch.setattr("pipeline.store.move.copy_rows", looked_in)
    move(library.folder, postgres.new_database())
    assert [row.fields.name for row in Library.open(library.folder).meetings()] == ["一"]


@postgresql.needed
def test_a_library_is_not_moved_onto_another(library: Library, postgres: postgresql.Server, tmp_path: Path):
    url = postgres.new_database()
    (tmp_path / "other").mkdir()
    other = Library(tmp_path / "other", Database(url))
    filled(other, tmp_path, "他")
    before = rows(other.database)
    library.close()
    with pytest.raises(DatabaseError, match="already"):
        move(library.folder, url)
    assert rows(other.database) == before
    assert Library.open(library.folder).database.file is not None


@postgresql.needed
def test_it_is_backed_up_and_comes_back(library: Library, postgres: postgresql.Server, tmp_path: Path):
    before = rows(library.database)
    library.close()
    move(library.folder, postgres.new_database())
    moved = Library.open(library.folder)
    assert back_up(moved, tmp_path / "disk", lambda *_: None)[1].faults == ()
    restore(BackupFolder(tmp_path / "disk"), tmp_path / "again", lambda *_: None)
    again = Library.open(tmp_path / "again")
    assert again.database.file is not None and rows(again.database) == before
    assert (
        again.recordings(again.meetings()[0])[0].read_bytes() == moved.recordings(moved.meetings()[0])[0].read_bytes()
    )
    assert sorted(path.name for path in (tmp_path / "disk").iterdir()) == [".lock", "backups", "files"]


@postgresql.needed
def test_its_tables_are_those_of_the_migrations(postgres: postgresql.Server):
    database = Database(postgres.new_database())
    with database.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    with database.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerLibraryError):
        Database(database.url)


@postgresql.needed
def test_what_is_read_is_of_one_moment(postgres: postgresql.Server, tmp_path: Path):
    library = Library(tmp_path, Database(postgres.new_database()))
    count = sa.select(sa.func.count()).select_from(Base.metadata.tables["meetings"])
    with library.database.reading() as session:
        assert session.scalar(count) == 0
        filled(library, tmp_path, "一")
        assert session.scalar(count) == 0


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path):
    pytest.importorskip("psycopg")
    url = "postgresql://kaigiroku:very-secret@127.0.0.1:1/kaigiroku"
    (tmp_path / "library.toml").write_text(f'database = "{url}"', encoding="utf-8")
    with pytest.raises(DatabaseError, match=r"127\.0\.0\.1") as told:
        Library.open(tmp_path)
    assert "server" in told.value.remedy and "very-secret" not in str(told.value)


def test_a_driver_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DependencyError, match=r"psycopg.*postgres"):
        Database("postgresql://somebody@somewhere/kaigiroku")
