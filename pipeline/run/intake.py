"""From a folder of recordings, or a list of them, to meetings in the library and jobs in its queue."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.config.meeting_file import load_meeting, speaker_range
from pipeline.errors import UsageError
from pipeline.lexicon.encodings import read_text
from pipeline.records.job import DraftOptions
from pipeline.records.meeting import Meeting
from pipeline.render.form_folder import own_form
from pipeline.run.places import place
from pipeline.store.library import Library
from pipeline.store.queue import enqueue, job_of
from pipeline.store.recordings import file_digest, reached, recording_digest
from pipeline.store.tables.intake import IntakeRow
from pipeline.store.tables.jobs import JobRow, JobState
from pipeline.store.tables.meetings import MeetingRow, State

AUDIO = frozenset(
    f".{name}"
    for name in (
        "3gp", "aac", "aif", "aiff", "amr", "avi", "caf", "flac", "m4a", "m4v", "mka", "mkv", "mov", "mp3", "mp4",
        "mpeg", "mpg", "ogg", "opus", "ts", "wav", "webm", "wma", "wmv",
    )
)  # fmt: skip
HANDOUTS = frozenset([".docx", ".pdf", ".pptx", ".xlsx"])
MEETING_FILE = "meeting.toml"
COLUMNS = ("recording", "meeting", "handouts", "speakers", "priority")
_SEVERAL = ";"


@dataclass(frozen=True)
class Entry:
    """One meeting as it lies outside the library. sources: consecutive parts of its recording."""

    sources: tuple[Path, ...]
    meeting: Path | None = None
    handouts: tuple[Path, ...] = ()
    speakers: tuple[int, int] | None = None
    priority: int = 0

    @property
    def name(self) -> str:
        return self.sources[0].name


@dataclass(frozen=True)
class Taken:
    """What became of an entry. known: its recording was in the library before."""

    meeting_id: str
    job: JobRow
    known: bool


def entries(source: Path) -> list[Entry]:
    """Of a folder, or of a list (CSV). Raises UsageError, LexiconFileError."""
    check_source(source)
    return read_list(source) if _is_list(source) else list(_scan(source))


def check_source(source: Path) -> None:
    """Before anything is made for it. Raises UsageError for what is no folder and no list (CSV), or out of reach."""
    try:
        with reached(source):
            there = source.exists() if _is_list(source) else source.is_dir()
    except OSError as error:
        raise UsageError(
            f"{source}: cannot be read ({error.strerror or error}).", "Check the place and who may read it."
        ) from None
    if not there:
        raise UsageError(f"{source}: neither a folder nor a CSV list.", "Name the folder that holds the recordings.")


def _is_list(source: Path) -> bool:
    return source.suffix.lower() == ".csv"


def _scan(folder: Path) -> Iterator[Entry]:
    """A folder with a meeting.toml is one meeting; elsewhere each recording is one, NAME.toml beside NAME.m4a its
    meeting.toml. Folders within are looked through in the same way."""
    here = sorted((path for path in folder.iterdir() if not path.name.startswith((".", "~"))), key=_natural)
    files = [path for path in here if path.is_file()]
    audio = tuple(path for path in files if path.suffix.lower() in AUDIO)
    meeting = next((path for path in files if path.name == MEETING_FILE), None)
    if audio and meeting:
        yield Entry(audio, meeting, tuple(path for path in files if path.suffix.lower() in HANDOUTS))
    else:
        beside = {path.stem: path for path in files if path.suffix == ".toml"}
        yield from (Entry((path,), beside.get(path.stem)) for path in audio)
    for path in here:
        if path.is_dir():
            yield from _scan(path)


def read_list(file: Path) -> list[Entry]:
    """CSV with a header line; only the column recording must be there. Several files are parted by semicolons; paths
    are relative to the list. Raises UsageError naming the line, LexiconFileError when it is no text."""
    reader = csv.DictReader(io.StringIO(read_text(file)))
    unknown = [name for name in reader.fieldnames or () if name not in COLUMNS]
    if unknown or "recording" not in (reader.fieldnames or ()):
        wrong = f"unknown column {', '.join(unknown)}" if unknown else "no column recording"
        raise UsageError(f"{file}: {wrong}.", f"The first line names the columns: {','.join(COLUMNS)}.")
    return [_listed(file, reader.line_num, row) for row in reader if any(row.values())]


def _listed(file: Path, line: int, row: dict[str, str]) -> Entry:
    def places(column: str) -> tuple[Path, ...]:
        names = [name.strip() for name in (row.get(column) or "").split(_SEVERAL)]
        return tuple(place(name) if "://" in name else file.parent / name for name in names if name)

    try:
        speakers = speaker_range(row["speakers"]) if row.get("speakers") else None
        priority = int(row.get("priority") or 0)
    except ValueError as error:
        raise UsageError(f"{file}, line {line}: {error}.", "Correct the line.") from None
    sources, meeting = places("recording"), places("meeting")
    if not sources:
        raise UsageError(f"{file}, line {line}: no recording is named.", "Correct the line.")
    return Entry(sources, meeting[0] if meeting else None, places("handouts"), speakers, priority)


def stamp(entry: Entry) -> str:
    """Changes when a file of the entry does: path, size and time of change of each.

    Raises OSError for what is not there, or no longer.
    """
    files = [*entry.sources, *([entry.meeting] if entry.meeting else []), *entry.handouts]
    looks = [
        (str(path), (state := path.stat()).st_size, getattr(state, "st_mtime_ns", state.st_mtime)) for path in files
    ]
    return hashlib.sha256(repr(looks).encode()).hexdigest()


def take_in(library: Library, entry: Entry, options: DraftOptions, priority: int = 0) -> Taken:
    """Copy a new recording into the library, find a known one, and see that it has a job.

    What failed or was cancelled is tried again, what is done or set aside is not. Raises KaigirokuError.
    """
    mark = _mark(entry)
    fields = load_meeting(entry.meeting) if entry.meeting else Meeting()
    known = _taken_before(library, mark) or library.with_recording(
        recording_digest([file_digest(path) for path in entry.sources])
    )
    row = known or library.add(fields, [(path, path.name) for path in entry.sources], once=True)
    if known and entry.meeting and known.fields != fields and known.state in (State.WAITING, State.FAILED):
        library.change(known.id, fields=fields)
    if mark:
        with library.database.writing() as session:
            session.merge(IntakeRow(stamp=mark, meeting_id=row.id))
    wanted = options.model_copy(
        update={
            "speakers": entry.speakers or options.speakers,
            "handouts": entry.handouts or options.handouts,
            "template": options.template or own_form(fields.template, entry.meeting),
        }
    )
    return Taken(row.id, _job(library, row.id, wanted, max(priority, entry.priority)), known is not None)


def _job(library: Library, meeting_id: str, options: DraftOptions, priority: int) -> JobRow:
    last = job_of(library, meeting_id)
    if last is not None and last.state in (JobState.DONE, JobState.SET_ASIDE):
        return last
    return enqueue(library, meeting_id, options, priority)


def _mark(entry: Entry) -> str | None:
    try:
        return stamp(entry)
    except OSError:
        return None  # reading it tells what is wrong


def _taken_before(library: Library, mark: str | None) -> MeetingRow | None:
    with library.database.reading() as session:
        found = session.get(IntakeRow, mark) if mark else None
        return session.get(MeetingRow, found.meeting_id) if found else None


def _natural(path: Path) -> str:
    """part-2 before part-10."""
    return re.sub(r"\d+", lambda number: number[0].zfill(20), path.name.casefold())
