"""A library: a folder of meetings (recordings, drafts) and the database of what people did with them.

LIBRARY/kaigiroku.db             what people did (unless library.toml names another database)
LIBRARY/library.toml             optional: database = "postgresql://user@host/name"
LIBRARY/meetings/ID/recording/   the files as they came in, never changed
LIBRARY/meetings/ID/draft/       what machines made of them (store/workspace.py)
"""

import hashlib
import os
import re
import secrets
import shutil
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from pipeline.errors import LibraryError, UsageError
from pipeline.records.meeting import Meeting
from pipeline.store.database import Database
from pipeline.store.files import disk_errors, synced_folder
from pipeline.store.owners import alive, bury_dead, lock_file, machine
from pipeline.store.recordings import blocks, recording_digest
from pipeline.store.tables.base import now
from pipeline.store.tables.meetings import MeetingRow, Source, State
from pipeline.store.workspace import Workspace

SETTINGS = "library.toml"
_ID = re.compile(r"[0-9]{8}-[0-9a-f]{8}")
_COMING = "coming"
"""In the names of locks: of a meeting that is being copied in."""
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")


class Library:
    """Open one with `Library.open`; folders are made readable by their owner only."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> "Library":
        """Raises LibraryError when there is none and create is False, OutputError or DatabaseError when unusable."""
        url = _database_url(folder)
        file = folder / "kaigiroku.db"
        if not create and url is None and not file.is_file():
            raise LibraryError(
                f"{folder}: there is no library.",
                "Check the folder; `kaigiroku batch` and `review` make one.",
                file=folder,
            )
        with disk_errors(folder):
            (folder / "meetings").mkdir(parents=True, exist_ok=True)
            if os.name == "posix":
                folder.chmod(0o700)
        library = cls(folder, Database(url) if url else Database.beside(file))
        library._forget_the_dead()
        return library

    def close(self) -> None:
        self.database.close()

    def add(self, meeting: Meeting, recordings: Sequence[tuple[Path, str]], *, once: bool = False) -> MeetingRow:
        """Copy the files (path, name to show) in and enter the meeting: both, or neither.

        once: a meeting with this very recording is returned as it is, and nothing is added, even when two programs ask
        at the same moment. Raises AudioMissingError, AudioUnreadableError, DiskFullError.
        """
        if not recordings:
            raise UsageError("a meeting needs a recording.", "Name at least one file.")
        identifier = f"{now():%Y%m%d}-{secrets.token_hex(4)}"
        folder = self.folder_of(identifier)
        with alive(lock_file(self.folder, f"{machine()}.{_COMING}.{identifier}")):
            try:
                with disk_errors(folder):
                    (folder / "recording").mkdir(parents=True)
                    sources = tuple(_copied(path, name, folder, i) for i, (path, name) in enumerate(recordings, 1))
                    for made in (folder / "recording", folder, folder.parent):
                        synced_folder(made)
                digest = recording_digest([source.sha256 for source in sources])
                row = MeetingRow(id=identifier, fields=meeting, sources=sources, recording_sha256=digest)
                known = self._enter(row, once)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            if known is not None:
                shutil.rmtree(folder, ignore_errors=True)
            return known or row

    def _forget_the_dead(self) -> None:
        """Remove what processes of this machine had begun to copy in when they were killed, and their locks."""
        with suppress(OSError):  # a library that may only be read
            for owner in bury_dead(self.folder):
                kind, identifier = owner.split(".")[1:3]
                if kind == _COMING and _ID.fullmatch(identifier) and not self.holds(identifier):
                    shutil.rmtree(self.folder_of(identifier), ignore_errors=True)

    def _enter(self, row: MeetingRow, once: bool) -> MeetingRow | None:
        """Enter the meeting; or, with once, return the one that has its recording already."""
        with self.database.writing() as session:
            known = session.scalars(_with_recording(row.recording_sha256)).first() if once else None
            if known is None:
                session.add(row)
            return known

    def meetings(self) -> list[MeetingRow]:
        """All meetings, newest first."""
        with self.database.reading() as session:
            return list(session.scalars(sa.select(MeetingRow).order_by(MeetingRow.created_at.desc(), MeetingRow.id)))

    def meeting(self, identifier: str) -> MeetingRow:
        """Raises LibraryError when there is no such meeting."""
        with self.database.reading() as session:
            return _found(session.get(MeetingRow, identifier), identifier)

    def holds(self, identifier: str) -> bool:
        """Whether there is such a meeting; never, for anything but an identifier of ours."""
        if not _ID.fullmatch(identifier):
            return False
        with self.database.reading() as session:
            return session.get(MeetingRow, identifier) is not None

    def with_recording(self, recording_sha256: str) -> MeetingRow | None:
        """The first meeting with this very recording (`recording_digest`), whatever its files are called."""
        with self.database.reading() as session:
            return session.scalars(_with_recording(recording_sha256)).first()

    def change(self, identifier: str, *, state: State | None = None, fields: Meeting | None = None) -> None:
        """Set what is given. Raises LibraryError when there is no such meeting."""
        with self.database.writing() as session:
            row = _found(session.get(MeetingRow, identifier), identifier)
            row.state = row.state if state is None else state
            row.fields = row.fields if fields is None else fields

    def remove(self, identifier: str) -> None:
        """Delete a meeting with all that machines and people made of it. Killed half-way, it is still there to be
        removed again. Raises LibraryError when there is no such meeting, OutputError when a file cannot be deleted."""
        folder = self.folder_of(self.meeting(identifier).id)
        with disk_errors(folder):
            if folder.exists():
                shutil.rmtree(folder)
        with self.database.writing() as session:
            session.execute(sa.delete(MeetingRow).where(MeetingRow.id == identifier))

    def folder_of(self, identifier: str) -> Path:
        """The meeting's folder. Raises LibraryError for anything but an identifier of ours: no path gets through."""
        if not _ID.fullmatch(identifier):
            raise LibraryError(f"{identifier!r}: not the identifier of a meeting.", "Check its identifier.")
        return self.folder / "meetings" / identifier

    def recordings(self, row: MeetingRow) -> tuple[Path, ...]:
        """The files of its recording, in order."""
        return tuple(self.folder_of(row.id) / "recording" / source.stored for source in row.sources)

    def workspace(self, identifier: str) -> Workspace:
        """Where its draft lies."""
        return Workspace(self.folder_of(identifier) / "draft")


def _with_recording(recording_sha256: str) -> sa.Select[MeetingRow]:
    wanted = sa.select(MeetingRow).where(MeetingRow.recording_sha256 == recording_sha256)
    return wanted.order_by(MeetingRow.created_at)


def _found(row: MeetingRow | None, identifier: str) -> MeetingRow:
    if row is None:
        raise LibraryError(f"{identifier}: there is no such meeting.", "Check its identifier.")
    return row


def _database_url(folder: Path) -> str | None:
    file = folder / SETTINGS
    if not file.is_file():
        return None
    try:
        url = tomllib.loads(file.read_text(encoding="utf-8")).get("database")
    except (OSError, ValueError) as error:
        raise LibraryError(f"{file}: cannot be read ({error}).", "Correct it or delete it.", file=file) from None
    if url is not None and not isinstance(url, str):
        raise LibraryError(f"{file}: database must be a URL in quotes.", "Correct it or delete it.", file=file)
    return url


def _copied(path: Path, name: str, folder: Path, number: int) -> Source:
    suffix = Path(name).suffix
    stored = f"part-{number:02d}{suffix.lower() if _SUFFIX.fullmatch(suffix) else ''}"
    digest = hashlib.sha256()
    size = 0
    with (folder / "recording" / stored).open("xb") as target:
        for block in blocks(path):
            digest.update(block)
            size += target.write(block)
        target.flush()
        os.fsync(target.fileno())
    return Source(stored=stored, name=name, sha256=digest.hexdigest(), size=size)
