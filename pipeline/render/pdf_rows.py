"""Before LibreOffice prints: it keeps no lines together inside a table row that may break over pages (a heading, a role
or a last line would stand alone), so the paragraphs of such a row become rows of a table inside it.

Word keeps lines together by itself; only what is turned into a PDF is rebuilt, never the Word file a person gets.
"""

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from pipeline.store.packages import word_file

_KEPT_LINES = 6
"""Longer paragraphs may break over pages."""
_SIGN = 210
"""Width of a full-width character of 10.5 pt, twentieths of a point."""
_MANY = 6
"""Paragraphs of a cell from which rebuilding is worth it."""
_MARGINS = 216
"""Left and right margins of a cell, twentieths of a point: Word's usual, as the templates have them."""
_THIN = '<w:p {ns}><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
_TABLE = (
    '<w:tbl {ns}><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
    '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
    '</w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w="{width}"/></w:tblGrid></w:tbl>'
)
_ROW = '<w:tr {ns}><w:trPr>{keep}</w:trPr><w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr></w:tc></w:tr>'


def keep_lines_together(package: bytes) -> bytes:
    """The same .docx, printed by LibreOffice with headings, decisions and short speeches whole on one page."""
    document = docx.Document(io.BytesIO(package))
    for table in document.element.body.findall(qn("w:tbl")):
        for row in table.tr_lst:
            if row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is None:
                for cell in row.tc_lst:
                    _rebuild(cell, document)
    return word_file(document)


def _rebuild(cell: Any, document: Any) -> None:
    if len(cell.p_lst) < _MANY or cell.width is None:
        return
    width = int(cell.width.twips) - _MARGINS
    inner = parse_xml(_TABLE.format(ns=nsdecls("w"), width=width))
    groups = list(_groups(cell, document))
    for group in groups:
        length = sum(len(paragraph.text) for paragraph in group)
        keep = "<w:cantSplit/>" if length * _SIGN <= _KEPT_LINES * width else ""
        row = parse_xml(_ROW.format(ns=nsdecls("w"), width=width, keep=keep))
        for paragraph in group:
            row.tc_lst[0].append(paragraph._p)
        inner.append(row)
    cell.append(inner)
    cell.append(parse_xml(_THIN.format(ns=nsdecls("w"))))


def _groups(cell: Any, document: Any) -> Iterator[list[Paragraph]]:
    """Paragraphs that stay on one page: each with those it is to be kept with."""
    group: list[Paragraph] = []
    for element in cell.p_lst:
        paragraph = Paragraph(element, document._body)
        group.append(paragraph)
        if not _keeps_with_next(paragraph):
            yield group
            group = []
    if group:
        yield group


def _keeps_with_next(paragraph: Paragraph) -> bool:
    own = paragraph.paragraph_format.keep_with_next
    style = paragraph.style
    while own is None and style is not None:
        own = style.paragraph_format.keep_with_next
        style = style.base_style
    return bool(own)
