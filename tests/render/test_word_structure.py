"""The Word file as programs see it: valid against the schema of Office Open XML, and readable without eyes."""

import io
import itertools
from pathlib import Path

import docx as python_docx
import pytest
from docx.oxml.ns import qn
from openxml_audit import OpenXmlValidator

from pipeline.records.minutes import Minutes
from pipeline.render.documents import make
from pipeline.render.form_folder import form_folder, form_names

_NOT_REQUIRED = "relationships/theme"
"""openxml-audit asks for a theme; the standard does not (ISO/IEC 29500-1, 11.3), nor does Microsoft's own validator."""


def faults(path: Path) -> list[str]:
    found = [str(error) for error in OpenXmlValidator().validate(path).errors]
    return [fault for fault in found if _NOT_REQUIRED not in fault]


def word(minutes: Minutes, form: str, *, final: bool) -> bytes:
    return make(minutes, ["docx"], final=final, folder=form_folder(form))[0].data


@pytest.mark.parametrize("form", form_names())
@pytest.mark.parametrize("final", [False, True])
def test_it_is_valid_against_the_schema(
    sample: Minutes, short: Minutes, tmp_path: Path, form: str, final: bool
) -> None:
    for number, minutes in enumerate((sample, short)):
        path = tmp_path / f"{number}.docx"
        path.write_bytes(word(minutes, form, final=final))
        assert faults(path) == []


def test_a_fault_would_be_found(sample: Minutes, tmp_path: Path) -> None:
    path = tmp_path / "broken.docx"
    document = python_docx.Document(io.BytesIO(word(sample, "form1", final=True)))
    document.element.body.iter(qn("w:vAlign")).__next__().set(qn("w:val"), "middle")
    document.save(path)
    assert any("middle" in fault for fault in faults(path))


@pytest.mark.parametrize("form", form_names())
def test_it_can_be_read_aloud_and_navigated(sample: Minutes, form: str) -> None:
    document = python_docx.Document(io.BytesIO(word(sample, form, final=True)))
    styles = document.styles
    heading = styles[form_folder(form).settings.styles.heading]
    level = heading.base_style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    assert heading.base_style.name == "Heading 1"
    assert level.get(qn("w:val")) == "0"
    names = [mark.get(qn("w:name")) for mark in document.element.body.iter(qn("w:bookmarkStart"))]
    assert {"案件1", "案件2", "案件3"} <= set(names)  # Word's pane shows no heading that stands in a table
    for table in document.tables:
        properties = table._tbl.tblPr
        assert properties.find(qn("w:tblCaption")).get(qn("w:val"))
        assert properties.find(qn("w:tblDescription")).get(qn("w:val"))
        assert table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    language = styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert language.get(qn("w:eastAsia")) == "ja-JP"
    assert document.core_properties.language == "ja-JP"
    assert document.core_properties.title.startswith("会議録 ")


def test_lines_end_as_japanese_lines_may(sample: Minutes) -> None:
    """Kinsoku and widow control are on, and a decision stays with what was decided."""
    document = python_docx.Document(io.BytesIO(word(sample, "form1", final=True)))
    settings = document.settings.element
    assert settings.find(qn("w:strictFirstAndLastChars")) is not None
    assert document.styles["Normal"].paragraph_format.widow_control
    paragraphs = [paragraph for row in document.tables[0].rows for paragraph in row.cells[-1].paragraphs]
    for before, paragraph in itertools.pairwise(paragraphs):
        if paragraph.style.name == "会議録 決定":
            assert before.paragraph_format.keep_with_next
        if paragraph.style.name == "会議録 見出し":
            assert paragraph.style.paragraph_format.keep_with_next
