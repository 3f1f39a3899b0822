"""Every format of the minutes under one name: which file it is, and how its bytes are made."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import UsageError
from pipeline.records.minutes import Minutes
from pipeline.render.context import form_of
from pipeline.render.docx import docx
from pipeline.render.html import html
from pipeline.render.minutes_json import minutes_json
from pipeline.render.pdf import pdf
from pipeline.render.seglst import seglst
from pipeline.render.text import text
from pipeline.render.vtt import vtt
from pipeline.store.files import disk_errors, write_bytes_atomic


class _Job(NamedTuple):
    minutes: Minutes
    session: str
    final: bool


class Format(NamedTuple):
    """A file name and what fills it."""

    file_name: str
    make: Callable[[_Job], bytes]


FORMATS: Mapping[str, Format] = {
    "docx": Format("minutes.docx", lambda job: docx(form_of(job.minutes, final=job.final))),
    "html": Format("minutes.html", lambda job: html(form_of(job.minutes, final=job.final)).encode()),
    "txt": Format("minutes.txt", lambda job: text(form_of(job.minutes, final=job.final)).encode()),
    "json": Format("minutes.json", lambda job: minutes_json(job.minutes).encode()),
    "seglst": Format("transcript.seglst.json", lambda job: seglst(job.minutes, job.session).encode()),
    "vtt": Format("captions.vtt", lambda job: vtt(job.minutes).encode()),
    "pdf": Format("minutes.pdf", lambda job: pdf(docx(form_of(job.minutes, final=job.final)))),
}


def file_name(name: str) -> str:
    """The file a format is written to. Raises UsageError for an unknown format."""
    return _format(name).file_name


def render(
    minutes: Minutes, out_dir: Path, formats: Iterable[str], session: str = "minutes", *, final: bool = False
) -> tuple[Path, ...]:
    """Write the documents and return their paths in the order asked for. The same minutes give the same bytes (but
    for pdf, which LibreOffice dates).

    session names the recording in SegLST. final leaves out the marks and notes for the clerk. All documents are made
    before the first is written. Raises UsageError for an unknown format, OutputError or DiskFullError where they
    cannot be written, DependencyError for pdf without LibreOffice.
    """
    job = _Job(minutes, session, final)
    made = [(_format(name).file_name, _format(name).make(job)) for name in dict.fromkeys(formats)]
    with disk_errors(out_dir):
        out_dir.mkdir(parents=True, exist_ok=True)
    return tuple(write_bytes_atomic(out_dir / name, data) for name, data in made)


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise UsageError(f"{name}: unknown format.", f"Choose from {', '.join(FORMATS)}.")
    return FORMATS[name]
