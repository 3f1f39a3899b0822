"""The Word form as it is read back. Golden text: `python tests/render/test_docx.py` writes it anew after a change that
is meant."""

import io
import re
import zipfile
from pathlib import Path

import docx as python_docx
import pytest
from docx.oxml.ns import qn

from pipeline.errors import KaigirokuError
from pipeline.records.minutes import UNKNOWN, Minutes, Sentence, Speech
from pipeline.render.context import form_of
from pipeline.render.docx import docx as make_docx
from pipeline.render.form import Form
from pipeline.render.form_folder import FormFolder, form_folder
from pipeline.render.minutes_json import read_minutes

DATA = Path(__file__).parent.parent / "data"
GOLDEN = DATA / "golden" / "minutes_sample.docx.txt"
LOOK_STYLE = form_folder().settings.styles.look


def docx(form: Form, folder: FormFolder | None = None) -> bytes:
    return make_docx(form, folder or form_folder())


def outline(data: bytes) -> str:
    """Style and text of every paragraph, cells and rows marked."""
    document = python_docx.Document(io.BytesIO(data))
    lines = []
    for element in document.element.body.iter(qn("w:p"), qn("w:tr"), qn("w:tc")):
        if element.tag == qn("w:p"):
            paragraph = python_docx.text.paragraph.Paragraph(element, document._body)
            lines.append(f"{paragraph.style.name}|{paragraph.text}")
        else:
            lines.append("-- row" if element.tag == qn("w:tr") else "- cell")
    return "\n".join(lines) + "\n"


def words(data: bytes) -> str:
    document = python_docx.Document(io.BytesIO(data))
    return "".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def said(text: str, minutes: Minutes) -> Minutes:
    sentence = Sentence(text=text, start_ms=0, end_ms=1000, words=())
    speech = Speech(
        id="b1", role="委員", speaker="S01", confidence=1.0, paragraphs=((sentence,),), start_ms=0, end_ms=1000
    )
    return minutes.model_copy(update={"body": (speech,)})


def test_the_reopened_form_reads_as_it_should(sample: Minutes) -> None:
    assert outline(docx(form_of(sample))) == GOLDEN.read_text(encoding="utf-8")


def test_the_same_minutes_give_the_same_bytes(sample: Minutes) -> None:
    assert docx(form_of(sample)) == docx(form_of(sample))


@pytest.mark.parametrize(
    "text",
    [
        "<w:p>&amp;]]> \"'",
        "{{ form.name }}{% for x in y %}{# z #}",
        "{_{ }_} {_% %_} a_b",
        "{{r x }}{%p if %}{%tr endfor %}",
    ],
)
def test_what_people_say_is_printed_literally(short: Minutes, text: str) -> None:
    assert f"委員\uff1a{text}" in words(docx(form_of(said(text, short))))


def test_control_characters_do_not_break_the_file(short: Minutes) -> None:
    nasty = "".join(map(chr, range(32))) + "\x7f\ud800\ufffe\uffff終わり"
    assert "委員\uff1a終わり" in words(docx(form_of(said(nasty, short))))


def styled(data: bytes, style: str) -> list[str]:
    document = python_docx.Document(io.BytesIO(data))
    found = []
    for element in document.element.body.iter(qn("w:r")):
        run = python_docx.text.run.Run(element, document._body)
        if run.style.name == style:
            found.append(run.text)
    return found


def test_what_the_clerk_must_look_at_stands_out(sample: Minutes, short: Minutes) -> None:
    assert styled(docx(form_of(sample)), LOOK_STYLE) == [
        UNKNOWN,
        UNKNOWN,
        "部員※",
        "【聞き取り不能 00:02:21】",
        "―了承―※",
        "部員※",
        UNKNOWN,
    ]
    final = styled(docx(form_of(short, final=True)), LOOK_STYLE)
    assert set(final) == {UNKNOWN}


def test_a_draft_tells_why_in_comments_and_a_final_copy_has_none(sample: Minutes) -> None:
    draft = python_docx.Document(io.BytesIO(docx(form_of(sample))))
    notes = [comment.text for comment in draft.comments]
    assert notes[0].startswith("閉会時刻は録音の長さから推定しました。")
    assert "役職の推定「部員」の確からしさ58%。直前の質問に答えている、" in notes[1]
    assert len(notes) == 4
    package = zipfile.ZipFile(io.BytesIO(docx(form_of(sample, final=True))))
    assert not [name for name in package.namelist() if "comment" in name]
    assert "※" not in words(docx(form_of(sample, final=True)))


def test_a_role_nobody_knows_stands_out_and_keeps_its_comment(short: Minutes) -> None:
    (speech,) = said("はい。", short).body
    unknown = short.model_copy(update={"body": (speech.model_copy(update={"role": UNKNOWN, "flagged": True}),)})
    data = docx(form_of(unknown))
    assert styled(data, LOOK_STYLE)[-4:] == [UNKNOWN, "※", UNKNOWN, UNKNOWN]
    assert len(list(python_docx.Document(io.BytesIO(data)).comments)) == 1


def test_no_person_and_no_clock_in_the_properties(sample: Minutes) -> None:
    data = docx(form_of(sample))
    properties = python_docx.Document(io.BytesIO(data)).core_properties
    assert properties.title == "会議録 令和8年度 第1回北見台市情報化推進本部"
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.created.year == 1980
    package = zipfile.ZipFile(io.BytesIO(data))
    assert "w:date=" not in package.read("word/comments.xml").decode()
    assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_page_is_a4_with_a_repeated_first_row_and_rows_that_may_break(sample: Minutes) -> None:
    document = python_docx.Document(io.BytesIO(docx(form_of(sample))))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    rows = document.tables[0]._tbl.tr_lst
    assert [index for index, row in enumerate(rows) if row.findall(f".//{qn('w:tblHeader')}")] == [0]
    label = [row.findall(f".//{qn('w:t')}")[0].text for row in rows]
    may_break = {text for text, row in zip(label, rows, strict=True) if not row.findall(f".//{qn('w:cantSplit')}")}
    assert {"議題", "出席者", "審議経過", "提出された資料等"} <= may_break
    assert not {"機関又は会議の名称", "開催", "公開の"} & may_break


def _edited(tmp_path: Path, old: str, new: str) -> FormFolder:
    """The shipped form with one text of its Word template replaced, as after an edit in Word."""
    shipped = form_folder()
    with (
        zipfile.ZipFile(shipped.file("template.docx")) as source,
        zipfile.ZipFile(tmp_path / "template.docx", "w") as target,
    ):
        for name in source.namelist():
            text = source.read(name)
            assert name != "word/document.xml" or old.encode() in text
            target.writestr(name, text.replace(old.encode(), new.encode()) if name == "word/document.xml" else text)
    return shipped.model_copy(update={"folder": tmp_path})


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{{ form.place }}", "{{ form.plaice }}", "template.docx: the template uses the variable 'plaice'"),
        ("{{ form.place }}", "{{ place }}", "template.docx: the template uses the variable 'place'"),
        (
            "{{ form.place }}",
            "{{ form.place }",
            "template.docx: the template has an unfinished tag in '{{ form.place }'",
        ),
        ("{{ form.place }}", "{{ form.place form.name }}", "template.docx: the template is not valid"),
    ],
)
def test_a_mistake_in_the_template_is_named(short: Minutes, tmp_path: Path, old: str, new: str, told: str) -> None:
    folder = _edited(tmp_path, old, new)
    with pytest.raises(KaigirokuError, match=re.escape(told)):
        docx(form_of(short), folder)


def test_a_broken_template_is_told_in_one_line(short: Minutes, tmp_path: Path) -> None:
    (tmp_path / "template.docx").write_bytes(b"not a Word file")
    folder = form_folder().model_copy(update={"folder": tmp_path})
    with pytest.raises(KaigirokuError, match=r"template\.docx: the template cannot be used") as caught:
        docx(form_of(short), folder)
    assert "\n" not in str(caught.value)


def test_a_restyled_template_keeps_working(sample: Minutes, tmp_path: Path) -> None:
    folder = _edited(tmp_path, "機関又は会議の名称", "会議の名称")
    assert "会議の名称" in words(docx(form_of(sample), folder))


def test_another_form_prints_the_items_as_rows_of_a_table(sample: Minutes) -> None:
    folder = form_folder("youten")
    form = form_of(sample, final=True, typography=folder.settings.typography)
    document = python_docx.Document(io.BytesIO(docx(form, folder)))
    front, items = document.tables
    assert [row.cells[0].text for row in front.rows] == ["会議名", "日時", "場所", "出席者", "所管課", "配布資料"]
    assert [cell.text for cell in items.rows[0].cells] == ["議題", "発言要旨", "決定事項"]
    first, *reports = [[cell.text for cell in row.cells] for row in items.rows[1:]]
    assert (first[0], first[2]) == ("開会", "")
    assert [row[2] for row in reports] == ["了承", "了承", "了承"]
    assert reports[1][0] == "報告案件\uff08２\uff09 窓口予約システムの試行結果について"
    assert reports[1][1].count("〔事務局\uff1a") == 1
    assert "平均で４分、予約をされなかった方は平均で27分" in reports[1][1]
    assert reports[-1][1].endswith("[午後１時58分 閉会]")


if __name__ == "__main__":
    GOLDEN.write_text(outline(docx(form_of(read_minutes(DATA / "minutes_sample.json")))), encoding="utf-8")
