"""A returned Word file compared with the minutes it was made of: what is different, and the edits that take it in."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import ForeignMinutesError, PublicCopyReturnedError
from pipeline.publication.cover import sentences_of
from pipeline.publication.masking import BLOCKS, WORDS
from pipeline.records.edits import Operation, SetFront
from pipeline.records.minutes import Minutes
from pipeline.render.context import form_of
from pipeline.render.form_folder import FormFolder
from pipeline.returned.body import BodyEdits, Difference
from pipeline.returned.front import FrontEdits
from pipeline.returned.plain import plain
from pipeline.returned.reading import Returned, read_returned

LEAST_KEPT = 0.5
"""Share of the turns that must still be there: less is another meeting's file, or a copy with only a part of it."""


class ReturnedEdits(NamedTuple):
    """operations are empty when nothing is different. key is the same for the same file."""

    operations: tuple[Operation, ...]
    differences: tuple[Difference, ...]
    key: str


def returned_edits(
    path: Path, minutes: Minutes, form: FormFolder | None = None, *, anyway: bool = False
) -> ReturnedEdits:
    """form: what it was printed in; None: found out. anyway: take it though most turns are missing from it.

    Raises TranscriptFileError when the file cannot be read, is a public copy, or is not of these minutes.
    """
    returned = read_returned(path, tuple(role.role for role in minutes.roster), form)
    _refuse_public(path, returned, minutes)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    body = BodyEdits(minutes, returned.body, digest[:8], in_sections=returned.in_sections)
    if body.kept < LEAST_KEPT and not anyway:
        raise ForeignMinutesError(
            f"{path}: holds only {body.kept:.0%} of the turns of these minutes: another meeting's, or a copy in 要点.",
            "Name a copy of the whole minutes, or take it all the same with --force.",
            file=path,
        )
    body.work()
    printed = form_of(minutes, typography=returned.form.settings.typography)
    plain = form_of(minutes, final=True, typography=returned.form.settings.typography)
    front = min((FrontEdits(minutes, form, returned) for form in (printed, plain)), key=lambda f: len(f.differences))
    operations = list(body.operations)
    if front.differences and front.front != front.before:
        operations.append(SetFront(front=front.front))
    return ReturnedEdits(tuple(operations), (*front.differences, *body.differences), f"word-{digest}")


def _refuse_public(path: Path, returned: Returned, minutes: Minutes) -> None:
    """A public copy would bring its masks into the minutes in place of what they hide."""
    said = "".join(sentence.text for block in minutes.body for sentence in sentences_of(block))
    read = plain("".join(block.text for block in returned.body)).text
    masks = [plain(mask).text for mask in (WORDS, BLOCKS)]
    if any(read.count(mask) > plain(said).text.count(mask) for mask in masks):
        raise PublicCopyReturnedError(
            f"{path}: is a public copy: what it leaves out cannot be read back.",
            "Name a working copy or the full document.",
            file=path,
        )
