"""A Word file that was corrected without the application becomes a new version of the minutes: in a library through
its journal, in a draft's folder as a new minutes.json with the old one kept beside it."""

import datetime
from pathlib import Path

from pipeline.editing.desk import Desk, Submission
from pipeline.editing.fold import Fold
from pipeline.records.edits import Edit
from pipeline.records.minutes import Minutes
from pipeline.render.form_folder import FormFolder
from pipeline.render.minutes_json import minutes_json, read_minutes
from pipeline.returned.body import Difference
from pipeline.returned.edits import ReturnedEdits, returned_edits
from pipeline.store.files import disk_errors, write_text_atomic
from pipeline.store.library import Library


def into_library(
    word: Path,
    library: Library,
    meeting_id: str,
    author: str,
    form: FormFolder | None = None,
    *,
    anyway: bool = False,
    try_only: bool = False,
) -> tuple[Difference, ...]:
    """Enter what is different as one edit, which the history shows and undo takes back. The same file twice is entered
    once. try_only: enter nothing. Raises TranscriptFileError, LibraryError, and what the desk raises."""
    desk = Desk(library, meeting_id)
    found = returned_edits(word, desk.minutes(), form, anyway=anyway)
    if found.operations and not try_only:
        desk.submit(Submission(key=found.key, operations=found.operations, group=found.key), author)
    return found.differences


def into_folder(
    word: Path, folder: Path, form: FormFolder | None = None, *, anyway: bool = False, try_only: bool = False
) -> tuple[Difference, ...]:
    """The same for minutes.json in a draft's folder; what it was is kept as minutes.before-import-1.json."""
    target = folder / "minutes.json"
    minutes = read_minutes(target)
    found = returned_edits(word, minutes, form, anyway=anyway)
    if found.operations and not try_only:
        changed = applied(minutes, found)
        with disk_errors(target):
            target.rename(_aside(target))
        write_text_atomic(target, minutes_json(changed))
    return found.differences


def applied(minutes: Minutes, found: ReturnedEdits) -> Minutes:
    """The minutes as the returned file has them."""
    if not found.operations:
        return minutes
    fold = Fold(lambda _: minutes)
    at = datetime.datetime.now(datetime.UTC)
    fold.apply(Edit(number=1, key=found.key, author="", at=at, operations=found.operations))
    return fold.minutes()


def _aside(target: Path) -> Path:
    number = 1
    while (aside := target.with_name(f"{target.stem}.before-import-{number}{target.suffix}")).exists():
        number += 1
    return aside
