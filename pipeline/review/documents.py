"""Documents of a meeting as a page asks for them: to look at, to take along; and a corrected Word file coming back."""

import io
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from pipeline.editing.desk import Submission
from pipeline.errors import DependencyError, LibraryError, UsageError
from pipeline.records.base import Record
from pipeline.records.meeting import Style
from pipeline.records.minutes import Minutes
from pipeline.review.office import Office
from pipeline.store.files import disk_errors
from pipeline.store.packages import Undated
from pipeline.store.queue import job_of

if TYPE_CHECKING:
    from pipeline.render.form_folder import FormFolder
    from pipeline.returned.body import Difference

Kind = Literal["draft", "doubtful", "final", "public"]
Sign = Literal["words", "blocks"]
Format = Literal["docx", "pdf", "txt", "html", "seglst", "json", "vtt", "mp3"]
_NAMES = {
    "minutes.docx": "会議録.docx",
    "minutes-校正用.docx": "会議録.docx",
    "minutes.pdf": "会議録.pdf",
    "minutes.txt": "会議録.txt",
    "minutes.html": "会議録.html",
    "minutes.json": "会議録.json",
    "transcript.seglst.json": "書き起こし.seglst.json",
    "captions.vtt": "字幕.vtt",
    "recording-public.mp3": "録音.mp3",
}
_KINDS = {"draft": "修正中", "doubtful": "校正用", "final": "確定版", "public": "公開用"}
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


class Wanted(Record):
    """agreed: a person says that a public copy is right though openness boxes and marks do not fit together."""

    kind: Kind = "draft"
    formats: Annotated[tuple[Format, ...], Field(min_length=1)] = ("docx",)
    style: Style | None = None
    mask: Sign = "words"
    ground: bool = False
    beep: bool = False
    agreed: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        timed = {"seglst", "json", "vtt"} & set(self.formats)
        if (self.kind == "public" and timed) or ("mp3" in self.formats and self.kind != "public"):
            raise ValueError("a public copy holds no times of the recording; only it has a recording")
        return self


class Questions(Exception):
    """Where openness boxes and marks of a public copy do not fit together: a person has to say that it is right."""

    def __init__(self, asked: Sequence[str]) -> None:
        super().__init__(str(asked))
        self.asked = tuple(asked)


class File(NamedTuple):
    """What is given to a browser."""

    name: str
    data: bytes


def made(office: Office, meeting_id: str, wanted: Wanted) -> list[File]:
    """The documents. Raises Questions, and as `run.export.export`."""
    from pipeline.publication.masking import Mask
    from pipeline.run.export import ExportRequest, export

    fit = tuple(name for name in wanted.formats if name != "mp3")
    minutes = current(office, meeting_id)
    with tempfile.TemporaryDirectory(prefix="kaigiroku-", ignore_cleanup_errors=True) as folder:
        request = ExportRequest(
            minutes=minutes,
            out_dir=Path(folder) / "documents",
            formats=("docx",) if wanted.kind == "doubtful" else fit,
            kind=wanted.kind,
            template=form_for(office, meeting_id),
            style=wanted.style,
            mask=Mask(sign=wanted.mask, with_ground=wanted.ground),
            waveform=_waveform(office, meeting_id) if "mp3" in wanted.formats and wanted.kind == "public" else None,
            beep=wanted.beep,
        )
        if wanted.kind == "public" and not wanted.agreed and (asked := open_questions(minutes)):
            raise Questions(asked)
        written = export(request, lambda _: True)
        with disk_errors(Path(folder)):
            return [File(_name(minutes, wanted.kind, path.name), path.read_bytes()) for path in written]


def current(office: Office, meeting_id: str) -> Minutes:
    """The minutes with everything that anybody has entered by now."""
    office.tell(meeting_id)
    return office.desk(meeting_id).minutes()


def in_one(files: Sequence[File], name: str) -> File:
    """One file stays itself; several come as an archive."""
    if len(files) == 1:
        return files[0]
    packed = io.BytesIO()
    with Undated(packed, "w") as archive:
        for file in files:
            archive.writestr(file.name, file.data)
    return File(name, packed.getvalue())


def open_questions(minutes: Minutes) -> list[str]:
    """Where boxes and marks of a public copy do not fit together."""
    from pipeline.publication.questions import questions

    return list(questions(minutes))


def has_office() -> bool:
    """Whether PDF can be made here."""
    from pipeline.render.pdf import find_office

    try:
        find_office()
    except DependencyError:
        return False
    return True


def form_for(office: Office, meeting_id: str) -> "FormFolder":
    """The form that the meeting's draft was printed in."""
    from pipeline.render.form_folder import DEFAULT, form_folder

    job = job_of(office.library, meeting_id)
    named = (job.options.template if job else None) or office.library.meeting(meeting_id).fields.template
    try:
        return form_folder(named or DEFAULT)
    except UsageError:  # a folder that was beside a meeting.toml elsewhere
        return form_folder(DEFAULT)


def take_in(
    office: Office, meeting_id: str, word: bytes, author: str, *, try_only: bool, anyway: bool
) -> "tuple[Difference, ...]":
    """What is different in a corrected Word file, entered as one edit unless only tried. Raises TranscriptFileError,
    EditError, Closed."""
    from pipeline.returned.edits import returned_edits

    desk = office.desk(meeting_id)
    with tempfile.TemporaryDirectory(prefix="kaigiroku-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "returned.docx"
        with disk_errors(path):
            path.write_bytes(word)
        with desk.lock:
            desk.refresh()
            found = returned_edits(path, desk.minutes(), anyway=anyway)
            if found.operations and not try_only:
                given = Submission(key=found.key, operations=found.operations, group=found.key)
                office.submit(meeting_id, given, author)
    return found.differences


def _waveform(office: Office, meeting_id: str) -> Path:
    found = sorted(office.library.workspace(meeting_id).work_dir.glob("waveform-*.wav"))
    if not found:
        raise LibraryError(f"{meeting_id}: there is no recording.", "Make its draft first.")
    return found[-1]


def _name(minutes: Minutes, kind: Kind, name: str) -> str:
    """A public copy's name tells nothing of what may be withheld."""
    stem, _, suffix = _NAMES.get(name, name).partition(".")
    told = "" if kind == "public" else _UNFIT.sub("", minutes.name or "")[:60]
    day = f"{minutes.date:%Y-%m-%d}" if minutes.date else ""
    return "_".join(filter(None, (day, told, f"{stem}（{_KINDS[kind]}）"))) + f".{suffix}"
