"""The printed minutes that the form is taken from come out of the Word form again, box by box and line by line."""

import io
import re
import tomllib
from pathlib import Path

import docx as python_docx
import pytest
from docx.oxml.ns import qn

from pipeline.records.minutes import Minutes
from pipeline.render.context import form_of
from pipeline.render.docx import docx
from pipeline.render.form_folder import form_folder
from pipeline.render.minutes_json import read_minutes

SOURCE = Path(__file__).parent.parent / "data" / "source"
_WIDE = str.maketrans("():~", "\uff08\uff09\uff1a\uff5e")
_LATIN = "[0-9A-Za-z]"
_JAPANESE = "[\u3001\u3002\u3040-\u30ff\u4e00-\u9fff]"
_KEPT = "\x00"


def as_printed() -> list[str]:
    """The recognised text with its recogniser's errors corrected (corrections.toml), one line a paragraph or row."""
    text = (SOURCE / "recognised.txt").read_text(encoding="utf-8")
    corrections = tomllib.loads((SOURCE / "corrections.toml").read_text(encoding="utf-8"))
    for correction in corrections["correction"]:
        found = text.count(correction["before"])
        assert found == correction.get("times", 1), (correction["before"], found)
        text = text.replace(correction["before"], correction["after"])
    for kept in corrections["keep"]:
        assert text.count(kept) == 1
        text = text.replace(kept, kept.replace(" ", _KEPT))
    lines = [line.translate(_WIDE) for line in text.split("\n") if line.strip()]
    return [_without_the_spacing_of_the_page(line).replace(_KEPT, " ") for line in lines]


def _without_the_spacing_of_the_page(line: str) -> str:
    *labels, content = line.split("\t")
    content = re.sub(rf"(?<={_LATIN}) (?={_JAPANESE})|(?<={_JAPANESE}) (?={_LATIN})|(?<=\uff1a) ", "", content)
    return "\t".join([*(label.replace(" ", "") for label in labels), content])


def as_composed(minutes: Minutes) -> list[str]:
    """The Word file in the same shape: a line for each paragraph of the body, and for each row its labels and what is
    in its box, parted by tabs."""
    document = python_docx.Document(io.BytesIO(docx(form_of(minutes, final=True), form_folder())))
    lines = [paragraph.text.replace("\u3000", " ") for paragraph in document.paragraphs]
    printed: list[str] = []
    label = ""
    for row in document.tables[0].rows:
        *labels, content = [_texts(cell) for cell in row._tr.tc_lst]
        if labels[0] == ["審議経過"]:
            printed += content
            continue
        label = "".join(labels[0]) or label
        printed.append("\t".join([label, *("".join(rest) for rest in labels[1:]), " ".join(content)]))
    return [line for line in [*lines[:2], *printed, *lines[2:]] if line.strip()]


def _texts(cell: object) -> list[str]:
    paragraphs = cell.findall(f".//{qn('w:p')}")  # type: ignore[attr-defined]
    return ["".join(node.text or "" for node in paragraph.iter(qn("w:t"))) for paragraph in paragraphs]


@pytest.fixture(scope="module")
def source() -> Minutes:
    return read_minutes(SOURCE / "minutes.json")


def test_the_printed_minutes_are_reproduced_line_by_line(source: Minutes) -> None:
    assert as_composed(source) == as_printed()
