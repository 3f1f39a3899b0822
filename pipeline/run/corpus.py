"""A folder of meetings, or a library, as material for measuring: what lies there, and what each file is.

DIR/MEETING/reference.*    what was said, word for word
DIR/MEETING/corrected.*    the minutes a person made of it (also minutes.edited-1.docx)
DIR/MEETING/draft/         a draft of kaigiroku (or the files of one directly in DIR/MEETING)
DIR/MEETING/NAME.*         the output of another product, shown as NAME
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.documents.minutes_json import read_minutes
from pipeline.editing.desk import Desk
from pipeline.errors import UsageError
from pipeline.evaluate.readers.minutes import minutes_of
from pipeline.evaluate.readers.read import FORMATS, read
from pipeline.evaluate.score import System
from pipeline.evaluate.transcription import Transcription
from pipeline.records.minutes import Minutes
from pipeline.run.provenance import provenance_of
from pipeline.store.journal import Journal
from pipeline.store.library import Library
from pipeline.store.notes import Notes
from pipeline.store.tables.meetings import MeetingRow, State

OURS = "kaigiroku"
_DRAFT_FILES = frozenset({"minutes", "transcript.seglst", "captions", "speakers", "run", "meeting"})
_WORKED_ON = frozenset({State.CORRECTING, State.CHECKED, State.FINAL})


class Meeting(NamedTuple):
    """One meeting to measure, read. folder: where its draft lies, for the recording."""

    title: str
    systems: tuple[System, ...]
    reference: Transcription | None
    corrected: Transcription | None
    folder: Path | None
    draft: Minutes | None = None
    """Ours, with its words."""


def meetings_in(folder: Path) -> Iterator[Meeting]:
    """All meetings of a folder or library that can be measured. Raises UsageError when there is none, and
    TranscriptFileError for a file that cannot be read."""
    found = False
    for meeting in _of_library(folder) if _is_library(folder) else _of_folder(folder):
        found = True
        yield meeting
    if not found:
        raise UsageError(
            f"{folder}: no meeting to measure lies there.",
            "Each sub-folder needs reference.* or corrected.*, and a draft or another product's output "
            "(docs/evaluation-trial.md); a library needs meetings that were corrected.",
        )


def _is_library(folder: Path) -> bool:
    return any((folder / name).is_file() for name in ("kaigiroku.db", "library.toml"))


def _of_folder(folder: Path) -> Iterator[Meeting]:
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder.", "Check the path.")
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        reference = _one(place, "reference")
        corrected = _one(place, "corrected") or _newest(place, "minutes.edited-*.docx")
        systems = tuple(_systems(place))
        if systems and (reference or corrected):
            yield Meeting(
                title=place.name,
                systems=systems,
                reference=read(reference) if reference else None,
                corrected=read(corrected) if corrected else None,
                folder=next(_drafts(place), None),
                draft=next((read_minutes(draft / "minutes.json") for draft in _drafts(place)), None),
            )


def _systems(place: Path) -> Iterator[System]:
    for draft in _drafts(place):
        name = OURS if draft == place or draft.name == "draft" else draft.name
        yield System(read(draft).model_copy(update={"name": name}), provenance_of(draft))
    for path in sorted(place.iterdir()):
        name = path.name.removesuffix(path.suffix)
        known = path.suffix.lower() in FORMATS and path.suffix.lower() != ".rttm"
        ours = name in _DRAFT_FILES or name.startswith(("reference", "corrected", "minutes.edited"))
        if path.is_file() and known and not ours:
            yield System(read(path).model_copy(update={"name": name.removesuffix(".seglst")}))


def _drafts(place: Path) -> Iterator[Path]:
    for folder in (place, *sorted(path for path in place.iterdir() if path.is_dir())):
        if (folder / "minutes.json").is_file():
            yield folder


def _one(place: Path, stem: str) -> Path | None:
    """reference.docx, reference.seglst.json …: the only file of that name. Raises UsageError for several."""
    paths = [
        path for path in sorted(place.glob(f"{stem}.*")) if path.suffix.lower() in FORMATS and path.suffix != ".rttm"
    ]
    if len(paths) > 1:
        raise UsageError(
            f"{place}: {' and '.join(path.name for path in paths)}: which one counts?", "Keep one of them."
        )
    return paths[0] if paths else None


def _newest(place: Path, pattern: str) -> Path | None:
    return max(place.glob(pattern), key=lambda path: path.stat().st_mtime, default=None)


def _of_library(folder: Path) -> Iterator[Meeting]:
    """Meetings that people worked on: the machine's draft against what they made of it, with the time it took."""
    library = Library.open(folder)
    try:
        yield from worked_on(library)
    finally:
        library.close()


def worked_on(library: Library, hidden: Collection[str] = ()) -> Iterator[Meeting]:
    """The meetings of an open library that people worked on, without those whose ids are hidden."""
    for row in library.meetings():
        if row.state in _WORKED_ON and row.id not in hidden:
            yield library_meeting(library, row)


def library_meeting(library: Library, row: MeetingRow) -> Meeting:
    """One meeting of a library: the draft that people worked on, its minutes as they stand, and their active time.
    Raises LibraryError when it has no draft yet."""
    desk = Desk(library, row.id)
    draft = Journal(library, row.id).base(desk.fold.sheet.base)
    folder = library.workspace(row.id).out_dir
    clerk_ms = 1000 * Notes(library, row.id).seconds()
    return Meeting(
        title=row.fields.name or row.id,
        systems=(System(minutes_of(draft, OURS), provenance_of(folder), clerk_ms or None),),
        reference=None,
        corrected=minutes_of(desk.minutes(), row.id),
        folder=folder,
        draft=draft,
    )
