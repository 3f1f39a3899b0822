"""A library lives on through updates: what older code left is brought up to date, and nobody forgets a migration."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from pipeline.editing.desk import Desk
from pipeline.errors import BusyError, NewerLibraryError
from pipeline.records.meeting import Meeting
from pipeline.store import schema
from pipeline.store.database import Database
from pipeline.store.library import Library
from pipeline.store.queue import enqueue, job_of
from pipeline.store.tables import Base
from pipeline.store.tables.jobs import JobState

BEFORE_REVISIONS = Path(__file__).parents[1] / "data" / "libraries" / "before_revisions.sql"
MEETING = "20261125-7b199e8b"


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A library as kaigiroku left it before its database had revisions."""
    folder = tmp_path / "library"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "kaigiroku.db")) as database:
        database.executescript(BEFORE_REVISIONS.read_text("utf-8"))
    return folder


def _tables(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as database:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_the_migrations_make_what_the_tables_say(tmp_path: Path):
    """If this fails, the tables were changed: python docs/tools/new_migration.py 'what changes'."""
    database = Database.beside(tmp_path / "new.db")
    with database.reading() as session:
        context = MigrationContext.configure(
            session.connection(), opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []
        assert schema.revision(session.connection()) == schema.HEAD


def test_an_older_library_is_brought_up_to_date_with_a_copy_beside_it(older: Path):
    library = Library.open(older)
    job = job_of(library, MEETING)
    assert library.meeting(MEETING).fields.name == "若葉市図書館協議会"
    assert job is not None and job.state is JobState.DONE and job.options.template == "form1"
    desk = Desk(library, MEETING)
    assert desk.edit(1).operations and desk.minutes().body
    copy = older / "kaigiroku.before-update.db"
    assert "schema_version" in _tables(copy) and "alembic_version" not in _tables(copy)
    assert "schema_version" not in _tables(older / "kaigiroku.db")
    assert copy.stat().st_mode & 0o077 == 0 or sys.platform == "win32"


def test_one_that_is_up_to_date_is_opened_without_alembic(older: Path):
    Library.open(older).close()
    code = f"import sys; from pipeline.store.library import Library, Path; Library.open(Path({str(older)!r}));"
    done = subprocess.run([sys.executable, "-c", f"{code} sys.exit('alembic' in sys.modules)"], check=False)
    assert done.returncode == 0


def test_two_programs_may_update_one_library_at_once(older: Path):
    code = f"from pipeline.store.library import Library, Path; Library.open(Path({str(older)!r}))"
    programs = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [program.wait() for program in programs] == [0, 0, 0]
    assert "alembic_version" not in _tables(older / "kaigiroku.before-update.db")


def test_an_update_waits_for_its_turn(older: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pipeline.store.database._WAIT_S", 0)
    with closing(sqlite3.connect(older / "kaigiroku.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError):
            Library.open(older)


def test_an_update_that_fails_changes_nothing(older: Path, monkeypatch: pytest.MonkeyPatch):
    with closing(sqlite3.connect(older / "kaigiroku.db")) as database:
        before = list(database.iterdump())

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("alembic.operations.Operations.drop_table", broken)  # the last of what the first migration does
    with pytest.raises(RuntimeError):
        Library.open(older)
    with closing(sqlite3.connect(older / "kaigiroku.db")) as database:
        assert list(database.iterdump()) == before


_NEXT = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9999", "{head}"
def upgrade():
    with op.batch_alter_table("meetings") as table:
        table.add_column(sa.Column("shelf", sa.String(64), server_default="", nullable=False))
        table.alter_column("recording_sha256", type_=sa.String(128))
"""


def test_a_table_that_is_made_anew_keeps_what_points_to_it(new_library: Library, tmp_path, monkeypatch):
    """SQLite cannot change a column in place; edits would go with the meetings that are dropped meanwhile."""
    recording = tmp_path / "a.wav"
    recording.write_bytes(b"sound")
    meeting = new_library.add(Meeting(), [(recording, "a.wav")]).id
    enqueue(new_library, meeting)
    new_library.close()
    folder = tmp_path / "migrations"
    shutil.copytree(schema._FOLDER, folder)
    (folder / "versions" / "v9999_next.py").write_text(_NEXT.format(head=schema.HEAD), encoding="utf-8")
    monkeypatch.setattr(schema, "_FOLDER", folder)
    monkeypatch.setattr(schema, "HEAD", "9999")
    library = Library.open(new_library.folder)
    assert job_of(library, meeting) is not None
    with library.database.writing() as session:
        assert schema.revision(session.connection()) == "9999"
        session.execute(sa.text("DELETE FROM meetings"))
    assert job_of(library, meeting) is None  # and it still points


def test_a_newer_library_is_not_touched(tmp_path: Path):
    library = Library.open(tmp_path, create=True)
    with library.database.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerLibraryError, match=r"kaigiroku\.db.*newer") as told:
        Library.open(tmp_path)
    assert told.value.exit_code == 32
    assert not (tmp_path / "kaigiroku.before-update.db").exists()
