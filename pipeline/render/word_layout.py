"""What a Word style cannot say: how far the lines of a speech hang depends on its role, and a decision must not be
parted from what was decided."""

from itertools import pairwise
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Pt
from docx.text.paragraph import Paragraph

from pipeline.render.form import Form
from pipeline.render.form_folder import Styles
from pipeline.render.word_marks import paragraphs

_USUAL = Pt(10.5)


def lay_out(document: Any, form: Form, styles: Styles) -> None:
    """Set the indents of the speeches, keep each decision with the paragraph before it, and give each heading a
    bookmark: Word's navigation pane leaves out headings that stand in a table."""
    printed = list(paragraphs(document))
    _hang(printed, form, styles)
    for number, heading in enumerate((p for p in printed if p.style.name == styles.heading), 1):
        _bookmark(heading, f"案件{number}", number)
    for before, decision in pairwise(printed):
        if decision.style.name == styles.decision and before._p.getparent() is decision._p.getparent():
            before.paragraph_format.keep_with_next = True


def _hang(printed: list[Paragraph], form: Form, styles: Styles) -> None:
    wanted = [
        (hang_em, first)
        for block in form.body
        if block.kind == "speech"
        for hang_em, first in [(block.hang, True), *((block.hang, False) for _ in block.more)]
    ]
    found = [paragraph for paragraph in printed if paragraph.style.name in (styles.speech, styles.speech_more)]
    if len(found) != len(wanted):  # a restyled template prints something else in these styles: it stays as styled
        return
    for paragraph, (hang_em, first) in zip(found, wanted, strict=True):
        if hang_em:
            em = _font_size(paragraph)
            paragraph.paragraph_format.left_indent = Length(int(em * hang_em))
            paragraph.paragraph_format.first_line_indent = Length(int(-em * hang_em)) if first else em


def _bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    runs = paragraph.runs
    if runs:
        runs[0]._r.addprevious(start)
        runs[-1]._r.addnext(end)


def _font_size(paragraph: Paragraph) -> Length:
    """Of the paragraph's style, or of the one it is based on."""
    style = paragraph.style
    while style is not None:
        if style.font.size is not None:
            return style.font.size
        style = style.base_style
    return _USUAL
