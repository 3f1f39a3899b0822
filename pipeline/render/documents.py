"""Every format of the minutes under one name: which file it is, and how its bytes are made."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import UsageError
from pipeline.records.minutes import Minutes
from pipeline.render.context import form_of
from pipeline.render.digest import digest
from pipeline.render.docx import docx
from pipeline.render.form import Form
from pipeline.render.form_folder import FormFolder, form_folder
from pipeline.render.html import html
from pipeline.render.minutes_json import minutes_json
from pipeline.render.pdf import pdf
from pipeline.render.seglst import seglst
from pipeline.render.text import text
from pipeline.render.vtt import vtt
from pipeline.store.files import disk_errors, write_bytes_atomic


@dataclass(frozen=True)
class _Job:
    minutes: Minutes
    session: str
    final: bool
    folder: FormFolder
    doubtful: bool

    @cached_property
    def form(self) -> Form:
        typography = self.folder.settings.typography
        style = self.minutes.style or self.folder.settings.style
        printed = digest(self.minutes) if style == "要点" else self.minutes
        return form_of(printed, final=self.final, doubtful=self.doubtful, typography=typography)

    @cached_property
    def docx(self) -> bytes:
        return docx(self.form, self.folder)


class Format(NamedTuple):
    """A file name and what fills it."""

    file_name: str
    make: Callable[[_Job], bytes]


FORMATS: Mapping[str, Format] = {
    "docx": Format("minutes.docx", lambda job: job.docx),
    "html": Format("minutes.html", lambda job: html(job.form, job.folder).encode()),
    "txt": Format("minutes.txt", lambda job: text(job.form, job.folder).encode()),
    "json": Format("minutes.json", lambda job: minutes_json(job.minutes).encode()),
    "seglst": Format("transcript.seglst.json", lambda job: seglst(job.minutes, job.session).encode()),
    "vtt": Format("captions.vtt", lambda job: vtt(job.minutes).encode()),
    "pdf": Format("minutes.pdf", lambda job: pdf(job.docx)),
}


class Document(NamedTuple):
    """A finished document that is not written yet."""

    file_name: str
    data: bytes


def file_name(name: str) -> str:
    """The file a format is written to. Raises UsageError for an unknown format."""
    return _format(name).file_name


def make(
    minutes: Minutes,
    formats: Iterable[str],
    session: str = "minutes",
    *,
    final: bool = False,
    folder: FormFolder | None = None,
    doubtful: bool = False,
) -> tuple[Document, ...]:
    """The documents in the order asked for. The same minutes give the same bytes (but for pdf, which LibreOffice
    dates).

    session names the recording in SegLST. final leaves out the marks and notes for the clerk; doubtful (docx only)
    shows what was heard badly. Raises UsageError for an unknown format, DependencyError for pdf without LibreOffice,
    TemplateError for a template that cannot be used.
    """
    job = _Job(minutes, session, final, folder or form_folder(), doubtful)
    return tuple(Document(_format(name).file_name, _format(name).make(job)) for name in dict.fromkeys(formats))


def render(
    minutes: Minutes,
    out_dir: Path,
    formats: Iterable[str],
    session: str = "minutes",
    *,
    final: bool = False,
    folder: FormFolder | None = None,
) -> tuple[Path, ...]:
    """As make, written to out_dir: all documents are made before the first is written. Returns their paths. Raises
    OutputError or DiskFullError too, where they cannot be written."""
    return write(make(minutes, formats, session, final=final, folder=folder), out_dir)


def write(documents: Iterable[Document], out_dir: Path) -> tuple[Path, ...]:
    """Put finished documents into a folder, which is made when missing."""
    with disk_errors(out_dir):
        out_dir.mkdir(parents=True, exist_ok=True)
    return tuple(write_bytes_atomic(out_dir / document.file_name, document.data) for document in documents)


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise UsageError(f"{name}: unknown format.", f"Choose from {', '.join(FORMATS)}.")
    return FORMATS[name]
