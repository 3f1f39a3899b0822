"""minutes.docx: the Word form, filled from templates/form1.docx, which a clerk may restyle in Word."""

import copy
import datetime
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from docxtpl import DocxTemplate
from markupsafe import Markup, escape

from pipeline.errors import KaigirokuError
from pipeline.render.context import LOOK, Form
from pipeline.render.templates import MARKED, check_tags, environment, template, template_errors

LOOK_STYLE = "会議録 要確認"
"""Character style of the template that makes 【要確認】 stand out."""
_LONG_AGO = datetime.datetime(1980, 1, 1)


def docx(form: Form) -> bytes:
    """The file's bytes; the same form gives the same bytes.

    Raises KaigirokuError naming the template and what is wrong with it.
    """
    path = template("form1.docx")
    document = _filled(path, form)
    for paragraph in _paragraphs(document):
        _mark(paragraph)
    _comment(document, form)
    _describe(document, form)
    written = io.BytesIO()
    document.save(written)
    return _without_clock(written.getvalue())


def _filled(path: Path, form: Form) -> Any:
    """The document (python-docx) that the template gives."""
    jinja = environment(path.parent, escaping=True)
    jinja.finalize = _literal
    try:
        filled = DocxTemplate(path)
        check_tags(path, (paragraph.text for paragraph in _paragraphs(filled.get_docx())))
        with template_errors(path):
            filled.render({"form": form}, jinja, autoescape=True)
    except KaigirokuError:
        raise
    except Exception as error:  # whatever docxtpl, python-docx or lxml say about a broken file
        raise KaigirokuError(
            f"{path.name}: the template cannot be used ({error}).", "Undo the last change to it in Word.", file=path
        ) from None
    return filled.docx


def _literal(value: Any) -> Any:
    """Keep docxtpl from reading its own signs ({_{ and the like) in what people said."""
    return Markup(str(escape(value)).replace("_", "&#95;")) if isinstance(value, str) else value


def _paragraphs(document: Any) -> Iterator[Paragraph]:
    """All paragraphs of the body in order, each once, those in tables included."""
    for element in document.element.body.iter(qn("w:p")):
        yield Paragraph(element, document._body)


def _mark(paragraph: Paragraph) -> None:
    """Give 【要確認】 and 【聞き取り不能】 a run of their own in the style that stands out."""
    for run in paragraph.runs:
        pieces = MARKED.split(run.text)
        if len(pieces) < 2:
            continue
        for number, piece in enumerate(pieces):
            if piece:
                part = Run(copy.deepcopy(run._r), paragraph)
                part.text = piece
                if number % 2:
                    part.style = LOOK_STYLE
                run._r.addprevious(part._r)
        run._r.getparent().remove(run._r)


def _comment(document: Any, form: Form) -> None:
    """Tell the clerk in Word comments what to look at: warnings at the title, reasons where a role or decision is
    marked. Only drafts have such notes."""
    if form.notes:
        _note(document, [next(run for p in document.paragraphs for run in p.runs if run.text)], "\n".join(form.notes))
    flagged = [block for block in form.body if block.flagged]
    marked = [
        run
        for paragraph in _paragraphs(document)
        for run in paragraph.runs
        if run.text.endswith(LOOK) and run.style.name == LOOK_STYLE
    ]
    if len(flagged) != len(marked):  # a restyled template prints them differently: the marks themselves remain
        return
    for block, run in zip(flagged, marked, strict=True):
        _note(document, [run], block.note)


def _note(document: Any, runs: list[Run], text: str) -> None:
    comment = document.add_comment(runs, text=text, author="kaigiroku", initials="K")
    comment._comment_elm.attrib.pop(qn("w:date"), None)  # the same minutes give the same bytes


def _describe(document: Any, form: Form) -> None:
    """Properties that name the document and nobody's name or clock."""
    properties = document.core_properties
    properties.title = form.title
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.language = "ja-JP"
    properties.created = properties.modified = _LONG_AGO
    properties.revision = 1


def _without_clock(package: bytes) -> bytes:
    """The same package with the times of its entries set to the format's earliest."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(written, "w") as new:
        for entry in old.infolist():
            plain = zipfile.ZipInfo(entry.filename, _LONG_AGO.timetuple()[:6])
            new.writestr(plain, old.read(entry), zipfile.ZIP_DEFLATED)
    return written.getvalue()
