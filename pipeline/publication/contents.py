"""Everything readable in a finished file: text, attributes, comments, properties and names, as pieces of text."""

import io
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import PurePath
from typing import Any, NamedTuple

import pypdf
from lxml import etree
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject, TextStringObject


class Piece(NamedTuple):
    """Text that stands together, and where it was found. joined: paragraphs one after the other, as words may be cut
    into pieces of their own. unknown: bytes of a kind that cannot be read here."""

    where: str
    text: str
    joined: bool = False
    unknown: bytes | None = None


UNREADABLE = (ValueError, KeyError, zipfile.BadZipFile, etree.XMLSyntaxError, PyPdfError)
"""What is raised for a file that cannot be looked through."""
_TEXT = (".xml", ".rels", ".vml", ".htm", ".html", ".xhtml", ".svg")
_PARAGRAPHS = frozenset({"p", "title", "li", "td", "th", "h1", "h2", "h3", "tr"})


def pieces(name: str, data: bytes) -> Iterator[Piece]:
    """The file's name, and all it holds. Raises one of UNREADABLE for a file that cannot be looked through."""
    yield Piece(name, name)
    match PurePath(name).suffix.lower():
        case ".docx" | ".zip":
            yield from _zip(name, data)
        case ".pdf":
            yield from _pdf(name, data)
        case ".html" | ".htm":
            yield from _html(name, data.decode("utf-8"))
        case ".txt" | ".vtt":
            yield from (Piece(name, line) for line in data.decode("utf-8").splitlines())
            yield Piece(name, data.decode("utf-8"), joined=True)
        case suffix:
            raise ValueError(f"{name}: files of the kind {suffix or 'without a suffix'} cannot be looked through")


def _zip(name: str, data: bytes) -> Iterator[Piece]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if package.comment:
            yield Piece(f"{name} (comment)", package.comment.decode("utf-8", "replace"))
        for entry in package.infolist():
            where = f"{name}/{entry.filename}"
            yield Piece(where, entry.filename)
            content = package.read(entry)
            if entry.filename.lower().endswith(_TEXT):
                yield from _xml(where, content)
            elif content[:4] == b"PK\x03\x04":
                yield from _zip(where, content)
            else:
                yield Piece(where, "", unknown=content)


def _xml(where: str, content: bytes) -> Iterator[Piece]:
    """Paragraph by paragraph, attribute by attribute, and all text as one, since a word may be cut into runs."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    for element in root.iter():
        if not isinstance(element.tag, str):  # a comment or an instruction
            yield Piece(where, str(element.text or ""))
            continue
        yield from (Piece(f"{where} @{etree.QName(key).localname}", str(value)) for key, value in element.items())
        if etree.QName(element).localname in _PARAGRAPHS or len(element) == 0:
            yield Piece(where, "".join(element.itertext()))
    yield Piece(where, "".join(root.itertext()), joined=True)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.running: list[str] = []
        self.all: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for _, value in attrs if value]
        self._end(tag)

    def handle_endtag(self, tag: str) -> None:
        self._end(tag)

    def _end(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.found.append("".join(self.running))
            self.running.clear()

    def handle_data(self, data: str) -> None:
        self.running.append(data)
        self.all.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.append(data)


def _html(name: str, text: str) -> Iterator[Piece]:
    page = _Page()
    page.feed(text)
    page.close()
    yield from (Piece(name, found) for found in [*page.found, "".join(page.running)])
    yield Piece(name, "".join(page.all), joined=True)


def _pdf(name: str, data: bytes) -> Iterator[Piece]:
    """The text layer line by line and page by page, the metadata, and every text string of any object (bookmarks,
    alternative texts, annotations, names)."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        where = f"{name} p. {number}"
        yield from (Piece(where, line) for line in text.splitlines())
        yield Piece(where, text, joined=True)
    if reader.attachments:
        yield Piece(name, "attachment", unknown=b"")
    metadata: Any = reader.trailer["/Root"].get("/Metadata")
    if metadata is not None:
        yield from _xml(f"{name} (metadata)", metadata.get_object().get_data().strip())
    for number in range(1, int(reader.trailer["/Size"])):
        yield from (Piece(f"{name} (object {number})", text) for text in _strings(reader.get_object(number)))
    yield from (Piece(f"{name} (properties)", text) for text in _strings(reader.trailer.get("/Info")))


def _strings(value: Any, deep: int = 0) -> Iterator[str]:
    if isinstance(value, TextStringObject):
        yield str(value)
    elif isinstance(value, DictionaryObject | StreamObject) and deep < 20:
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner, deep + 1)
    elif isinstance(value, ArrayObject) and deep < 20:
        for inner in value:
            yield from _strings(inner, deep + 1)
