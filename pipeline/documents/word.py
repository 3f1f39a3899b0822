"""A Word file as a person sees it with all changes accepted: paragraphs and tables, free of how they were typed.

Inserted and moved-to text counts; deleted and moved-from text does not, nor does struck-out text (見え消し), hidden
text, ruby, field codes and comments. Deleted rows and cells are gone; a paragraph whose end was deleted runs on into
the next. Source of the rules: ECMA-376 part 1, 17.13.5 (revisions).
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import TranscriptFileError
from pipeline.records.base import Record

_MAIN = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = frozenset(_MAIN + name for name in ("del", "moveFrom", "rt", "pPr", "rPr", "instrText")) | {_FALLBACK}
_SIGNS = {_MAIN + "tab": "\t", _MAIN + "br": "\n", _MAIN + "cr": "\n", _MAIN + "noBreakHyphen": "-"}
_P, _R, _T, _TBL, _TR, _TC = (_MAIN + name for name in ("p", "r", "t", "tbl", "tr", "tc"))


class WordParagraph(Record):
    """One paragraph. Line breaks inside it are \\n; style is the name shown in Word, empty when none is set."""

    text: str
    style: str = ""


class WordCell(Record):
    """A cell with the paragraphs in it, those of tables inside it included. column is where it begins on the grid."""

    paragraphs: tuple[WordParagraph, ...]
    column: int
    continues: bool = False
    """Part of a cell that began in a row above (vertically merged)."""

    @property
    def text(self) -> str:
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


class WordTable(Record):
    """Rows of cells, top to bottom."""

    rows: tuple[tuple[WordCell, ...], ...]


class WordFile(Record):
    """The body of the document in order, without headers, footers, notes and comments."""

    blocks: tuple[WordParagraph | WordTable, ...]

    def paragraphs(self) -> Iterator[WordParagraph]:
        """All paragraphs in order, those in tables included."""
        for block in self.blocks:
            if isinstance(block, WordParagraph):
                yield block
            else:
                for row in block.rows:
                    for cell in row:
                        yield from cell.paragraphs


def read_word(path: Path) -> WordFile:
    """Read a .docx file. Raises TranscriptFileError naming the file, the cause and what to do."""
    body, styles = _opened(path)
    return WordFile(blocks=tuple(_blocks(body, styles)))


def _opened(path: Path) -> tuple[Any, dict[str, str]]:
    """The body element and the style names by identifier."""
    import docx

    if not path.is_file():
        raise TranscriptFileError(f"{path}: there is no such file.", "Check the path.", file=path)
    try:
        document = docx.Document(str(path))
        return document.element.body, {style.style_id: str(style.name or "") for style in document.styles}
    except PermissionError:
        raise TranscriptFileError(
            f"{path}: may not be read, or is open in another program.", "Close it in Word and try again.", file=path
        ) from None
    except Exception as error:  # python-docx, zipfile and lxml raise dozens of types on a damaged file
        raise TranscriptFileError(
            f"{path}: {_why_unreadable(path)} ({type(error).__name__}).",
            "Open it in Word, save it as .docx without a password, and try again.",
            file=path,
        ) from error


def _why_unreadable(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(8)
    if start == bytes.fromhex("d0cf11e0a1b11ae1"):
        return "is an old .doc file or protected by a password"
    return "is a damaged Word file" if zipfile.is_zipfile(path) else "is not a Word file"


def _blocks(parent: Any, styles: dict[str, str]) -> Iterator[WordParagraph | WordTable]:
    """Paragraphs and tables directly under parent, with what wraps them (content controls, revisions) opened."""
    started = ""
    for element in _unwrapped(parent):
        if element.tag == _TBL:
            if started:
                yield WordParagraph(text=started)
                started = ""
            yield WordTable(rows=tuple(_rows(element, styles)))
            continue
        paragraph = _paragraph(element, styles)
        text = started + paragraph.text
        started = ""
        if _end_was_deleted(element):
            started = text
        else:
            yield WordParagraph(text=text, style=paragraph.style)
            yield from _text_boxes(element, styles)
    if started:
        yield WordParagraph(text=started)


def _unwrapped(parent: Any) -> Iterator[Any]:
    for child in parent:
        if child.tag in (_P, _TBL):
            yield child
        elif child.tag not in _GONE and child.tag != _TC:
            yield from _unwrapped(child)


def _text_boxes(paragraph: Any, styles: dict[str, str]) -> Iterator[WordParagraph]:
    for box in paragraph.iter(_MAIN + "txbxContent"):
        if not any(ancestor.tag == _FALLBACK for ancestor in box.iterancestors()):
            yield from _flat(_blocks(box, styles))


def _rows(table: Any, styles: dict[str, str]) -> Iterator[tuple[WordCell, ...]]:
    for row in _within(table, _TR):
        if row.find(f"{_MAIN}trPr/{_MAIN}del") is None and (cells := tuple(_cells(row, styles))):
            yield cells


def _cells(row: Any, styles: dict[str, str]) -> Iterator[WordCell]:
    column = _number(row.find(f"{_MAIN}trPr/{_MAIN}gridBefore"), 0)
    for cell in _within(row, _TC):
        if cell.find(f"{_MAIN}tcPr/{_MAIN}cellDel") is None:
            merge = cell.find(f"{_MAIN}tcPr/{_MAIN}vMerge")
            yield WordCell(
                paragraphs=tuple(_flat(_blocks(cell, styles))),
                column=column,
                continues=merge is not None and merge.get(_MAIN + "val", "continue") == "continue",
            )
        column += _number(cell.find(f"{_MAIN}tcPr/{_MAIN}gridSpan"), 1)


def _within(parent: Any, tag: str) -> Iterator[Any]:
    """Elements of the tag under parent, with what wraps them opened but not those of a table inside."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag not in _GONE and child.tag not in (_P, _TBL, _TC):
            yield from _within(child, tag)


def _flat(blocks: Iterator[WordParagraph | WordTable]) -> Iterator[WordParagraph]:
    return WordFile(blocks=tuple(blocks)).paragraphs()


def _number(element: Any, otherwise: int) -> int:
    value = None if element is None else element.get(_MAIN + "val")
    return int(value) if value and value.isdigit() else otherwise


def _paragraph(element: Any, styles: dict[str, str]) -> WordParagraph:
    style = element.find(f"{_MAIN}pPr/{_MAIN}pStyle")
    name = "" if style is None else styles.get(style.get(_MAIN + "val", ""), "")
    return WordParagraph(text="".join(_text(element)), style=name)


def _end_was_deleted(paragraph: Any) -> bool:
    marks = paragraph.find(f"{_MAIN}pPr/{_MAIN}rPr")
    return marks is not None and any(marks.find(_MAIN + name) is not None for name in ("del", "moveFrom"))


def _text(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == _T:
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag == _R and _struck_or_hidden(child):
            continue
        elif child.tag not in _GONE and child.tag != _MAIN + "txbxContent":
            yield from _text(child)


class _Toggle(NamedTuple):
    name: str

    def on(self, properties: Any) -> bool:
        found = properties.find(_MAIN + self.name)
        return found is not None and found.get(_MAIN + "val", "true") not in ("0", "false", "off")


_INVISIBLE = tuple(map(_Toggle, ("strike", "dstrike", "vanish")))


def _struck_or_hidden(run: Any) -> bool:
    properties = run.find(_MAIN + "rPr")
    return properties is not None and any(toggle.on(properties) for toggle in _INVISIBLE)
