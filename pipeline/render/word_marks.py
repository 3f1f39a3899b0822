"""What the clerk must look at, in a Word document: marks in a style that stands out, reasons as Word comments."""

import copy
import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from pipeline.render.doubts import CLOSE, OPEN
from pipeline.render.form import LOOK, Form
from pipeline.render.form_folder import Styles
from pipeline.render.templates import MARKED

_DOUBTED = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")


def paragraphs(document: Any) -> Iterator[Paragraph]:
    """All paragraphs of the body in order, each once, those in tables included."""
    for element in document.element.body.iter(qn("w:p")):
        yield Paragraph(element, document._body)


def make_marks_stand_out(document: Any, styles: Styles) -> None:
    """Give 【要確認】 and 【聞き取り不能】 a run of their own in the style for them."""
    for paragraph in paragraphs(document):
        for run in paragraph.runs:
            _in_pieces(run, MARKED.split(run.text), paragraph, styles.look)


def show_doubts(document: Any, form: Form, styles: Styles) -> None:
    """Give each doubtful place a run of its own in the same style, and a comment that says what to listen to."""
    notes = iter(form.doubts)
    for paragraph in paragraphs(document):
        for run in paragraph.runs:
            for part in _in_pieces(run, _DOUBTED.split(run.text), paragraph, styles.look):
                if (note := next(notes, None)) is not None:
                    _note(document, [part], note)


def _in_pieces(run: Run, pieces: list[str], paragraph: Paragraph, look: str) -> list[Run]:
    """Replace the run by one for each piece; every second is a mark. Returns the marks."""
    if len(pieces) < 2:
        return []
    marks = []
    for number, piece in enumerate(pieces):
        if piece:
            part = Run(copy.deepcopy(run._r), paragraph)
            part.text = piece
            if number % 2:
                part.style = look
                marks.append(part)
            run._r.addprevious(part._r)
    run._r.getparent().remove(run._r)
    return marks


def comment(document: Any, form: Form, styles: Styles) -> None:
    """Tell the clerk in Word comments what to look at: warnings at the title, reasons where a role or decision is
    marked. Only drafts have such notes."""
    if form.notes:
        _note(document, [next(run for p in document.paragraphs for run in p.runs if run.text)], "\n".join(form.notes))
    flagged = [block for block in form.body if block.flagged]
    marked = [
        run
        for paragraph in paragraphs(document)
        for run in paragraph.runs
        if run.text.endswith(LOOK) and run.style.name == styles.look
    ]
    if len(flagged) != len(marked):  # a restyled template prints them differently: the marks themselves remain
        return
    for block, run in zip(flagged, marked, strict=True):
        _note(document, [run], block.note)


def _note(document: Any, runs: list[Run], text: str) -> None:
    comment = document.add_comment(runs, text=text, author="kaigiroku", initials="K")
    comment._comment_elm.attrib.pop(qn("w:date"), None)  # the same minutes give the same bytes
