"""Minutes to the documents of a meeting: working copies, the final one, and the public one that leaks nothing."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from pipeline.engines.silencer import write_silenced
from pipeline.errors import OutputError, UsageError, WithheldError
from pipeline.publication.masking import Mask
from pipeline.publication.public_copy import public_copy
from pipeline.publication.questions import questions
from pipeline.publication.register import NAME, register
from pipeline.publication.silence import silent_spans
from pipeline.records.base import Record, Span
from pipeline.records.meeting import Style
from pipeline.records.minutes import Minutes
from pipeline.render.documents import Document, file_name, make, write
from pipeline.render.form_folder import FormFolder
from pipeline.stages.styles.style import in_style
from pipeline.store.files import disk_errors, write_bytes_atomic

PUBLIC_FORMATS = ("docx", "html", "txt", "pdf")
"""Documents. The others hold times of the recording, which tell how long something withheld was."""
RECORDING = "recording-public"
FOR_CORRECTING = "minutes-校正用.docx"


class ExportRequest(Record):
    """What is asked for. register: where the list of what is withheld goes (never beside the public copy)."""

    minutes: Minutes
    out_dir: Path
    formats: tuple[str, ...]
    kind: Literal["draft", "doubtful", "final", "public"] = "draft"
    template: FormFolder
    style: Style | None = None
    """None: the meeting's, else the form's."""
    mask: Mask = Mask()
    register_dir: Path | None = None
    waveform: Path | None = None
    """Of the meeting, to make a public recording of it."""
    audio: Literal["mp3", "flac", "wav"] = "mp3"
    beep: bool = False
    excerpt: Span | None = None
    """Of the public recording only this part."""
    overwrite: bool = False


def export(request: ExportRequest, agreed: Callable[[str], bool]) -> tuple[Path, ...]:
    """Write the documents and return their paths. agreed is asked (in Japanese) where openness boxes and marks do not
    fit together; a no ends it.

    Raises UsageError or OutputError where they would stand beside what is not theirs; WithheldError, with nothing
    written, where a public copy would show anything withheld.
    """
    style = request.style or request.minutes.style or request.template.settings.style
    if style is not None and style != request.minutes.style:
        request = request.model_copy(update={"minutes": in_style(request.minutes, style)})
    if request.kind == "public":
        return _public(request, agreed)
    if request.kind == "doubtful":
        return _doubtful(request)
    _free(request, [file_name(name) for name in request.formats])
    return write(_documents(request.minutes, request), request.out_dir)


def _doubtful(request: ExportRequest) -> tuple[Path, ...]:
    """Under a name of its own, so that it is never taken for the document itself."""
    if request.formats != ("docx",):
        raise UsageError(f"{','.join(request.formats)}: doubtful places are shown in Word only.", "Use --format docx.")
    _free(request, [FOR_CORRECTING])
    (document,) = make(request.minutes, ["docx"], folder=request.template, doubtful=True)
    return write([Document(FOR_CORRECTING, document.data)], request.out_dir)


def _public(request: ExportRequest, agreed: Callable[[str], bool]) -> tuple[Path, ...]:
    audio = request.out_dir / f"{RECORDING}.{request.audio}"
    _apart(request, audio.name)
    for question in questions(request.minutes):
        if not agreed(question):
            raise WithheldError(f"{question}。何も書き出していません。", "公開の可否か非公開の指定を直してください。")
    folder_name = request.out_dir.resolve().name
    listed = register(request.minutes) if request.register_dir is not None else b""
    copy = public_copy(request.minutes, request.mask, lambda minutes: _documents(minutes, request), folder_name)
    written = []
    if request.waveform is not None:
        with disk_errors(request.out_dir):
            request.out_dir.mkdir(parents=True, exist_ok=True)
        spans = silent_spans(request.minutes)
        written.append(write_silenced(request.waveform, spans, audio, beep=request.beep, excerpt=request.excerpt))
    written[:0] = write([Document(name, data) for name, data in copy.files], request.out_dir)
    if request.register_dir is not None:
        written.append(write_bytes_atomic(request.register_dir / NAME, listed))
    return tuple(written)


def _documents(minutes: Minutes, request: ExportRequest) -> tuple[Document, ...]:
    return make(minutes, request.formats, final=request.kind != "draft", folder=request.template)


def _apart(request: ExportRequest, audio_name: str) -> None:
    """A public copy stands alone: no format that tells times, no register of what is withheld, no other file."""
    if unfit := [name for name in request.formats if name not in PUBLIC_FORMATS]:
        raise UsageError(
            f"{','.join(unfit)}: not a format of a public copy: it holds times of the recording.",
            f"Choose from {', '.join(PUBLIC_FORMATS)}.",
        )
    names = [file_name(name) for name in request.formats] + [audio_name]
    _free(request, names)
    out = request.out_dir.resolve()
    others = sorted({path.name for path in out.iterdir()} - set(names)) if out.is_dir() else []
    if others:
        raise UsageError(
            f"{request.out_dir}: holds other files ({', '.join(others[:3])}), which may show what is withheld.",
            "Name an empty folder with --out.",
        )
    kept = request.register_dir
    if kept is not None and out in (kept.resolve(), *kept.resolve().parents):
        raise UsageError(
            f"{kept}: the register would lie with the public copy.", "Name another folder with --register or --out."
        )


def _free(request: ExportRequest, names: Sequence[str]) -> None:
    there = [name for name in names if (request.out_dir / name).exists()]
    if there and not request.overwrite:
        raise OutputError(
            f"{request.out_dir}: holds {', '.join(there)} already.",
            "Name another folder, or replace them with --force.",
            file=request.out_dir,
        )
