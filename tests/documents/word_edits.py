"""What clerks do to a Word file, done to its XML: each function changes the text of word/document.xml."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

Edit = Callable[[str], str]
_STAMP = 'w:id="9" w:author="clerk" w:date="2026-01-01T00:00:00Z"'


def edited(source: Path, target: Path, *edits: Edit) -> Path:
    """A copy of a .docx with its document part changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                text = data.decode()
                for edit in edits:
                    text = edit(text)
                data = text.encode()
            new.writestr(name, data)
    return target


def _run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _around(part: str, instead: str) -> Edit:
    """Cut the run that holds part there and put XML in its place."""

    def edit(xml: str) -> str:
        assert xml.count(part) == 1, f"{part!r} stands {xml.count(part)} times"
        closed = f'</w:t></w:r>{instead}<w:r><w:t xml:space="preserve">'
        return xml.replace(part, closed)

    return edit


def tracked(before: str, after: str) -> Edit:
    """Replaced with 変更履歴 on: the old text is struck by w:del, the new one in w:ins."""
    deleted = _run(before).replace("w:t>", "w:delText>").replace("<w:t ", "<w:delText ")
    return _around(before, f"<w:del {_STAMP}>{deleted}</w:del><w:ins {_STAMP}>{_run(after)}</w:ins>")


def moved(part: str, before: str) -> Edit:
    """Moved with 変更履歴 on, to stand before another text."""

    def edit(xml: str) -> str:
        gone = _around(part, f"<w:moveFrom {_STAMP}>{_run(part)}</w:moveFrom>")(xml)
        return _around(before, f"<w:moveTo {_STAMP}>{_run(part)}</w:moveTo>{_run(before)}")(gone)

    return edit


def styled(part: str, properties: str, text: str | None = None) -> Edit:
    """The same text in a run of its own with other properties (font, strike, vanish …)."""
    return _around(part, _run(part if text is None else text, properties))


def inserted_xml(part: str, xml: str) -> Edit:
    """Other XML in place of a text within a run."""
    return _around(part, xml)


def replaced(before: str, after: str) -> Edit:
    """Typed over without 変更履歴."""

    def edit(xml: str) -> str:
        assert before in xml
        return xml.replace(before, after)

    return edit


def row_of(part: str, xml: str) -> str:
    """The table row that holds a text."""
    return next(row for row in re.findall(r"<w:tr>.*?</w:tr>", xml, re.DOTALL) if part in row)


def paragraph_of(part: str, xml: str) -> str:
    """The paragraph that holds a text."""
    return next(p for p in re.findall(r"<w:p>.*?</w:p>", xml, re.DOTALL) if part in p)


def row_removed(part: str) -> Edit:
    """The row is taken out."""
    return lambda xml: xml.replace(row_of(part, xml), "")


def row_deleted_tracked(part: str) -> Edit:
    """The row is taken out with 変更履歴 on."""

    def edit(xml: str) -> str:
        row = row_of(part, xml)
        return xml.replace(row, re.sub(r"<w:trPr>", f"<w:trPr><w:del {_STAMP}/>", row, count=1))

    return edit


def paragraph_end_deleted(part: str) -> Edit:
    """The paragraph mark is deleted with 変更履歴 on: the paragraph runs on into the next."""

    def edit(xml: str) -> str:
        paragraph = paragraph_of(part, xml)
        marked = paragraph.replace("</w:pPr>", f"<w:rPr><w:del {_STAMP}/></w:rPr></w:pPr>", 1)
        assert marked != paragraph
        return xml.replace(paragraph, marked)

    return edit
