"""`kaigiroku import` and `export` of a draft's folder and of a meeting in a library, as their user meets them."""

import io
import shutil
from pathlib import Path

import docx as python_docx
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from typer.testing import CliRunner

from pipeline.cli.main import app
from pipeline.editing.desk import Desk, Submission, corrected
from pipeline.records.edits import Undo
from pipeline.records.meeting import Meeting
from pipeline.records.minutes import Minutes
from pipeline.render.minutes_json import read_minutes
from pipeline.store.artifacts import write_artifact
from pipeline.store.library import Library

SAMPLE = Path(__file__).parent.parent / "data" / "minutes_sample.json"
RUN = CliRunner()


def kaigiroku(*arguments: object) -> tuple[int, str]:
    done = RUN.invoke(app, [*map(str, arguments)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def corrected_in_word(path: Path) -> Path:
    document = python_docx.Document(io.BytesIO(path.read_bytes()))
    for element in document.element.body.iter(qn("w:p")):
        paragraph = Paragraph(element, document._body)
        for run in paragraph.runs:
            run.text = run.text.replace("200点を価格点", "300点を価格点")
    changed = path.with_name("直したもの.docx")
    document.save(changed)
    return changed


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    folder = tmp_path / "draft"
    folder.mkdir()
    shutil.copy(SAMPLE, folder / "minutes.json")
    return folder


def said(minutes: Minutes) -> str:
    return minutes.model_dump_json()


def test_a_folder_gets_a_new_version_and_keeps_the_old_one(draft: Path, tmp_path: Path) -> None:
    assert kaigiroku("export", draft, "--out", tmp_path / "a", "--doubtful")[0] == 0
    changed = corrected_in_word(tmp_path / "a" / "minutes-校正用.docx")
    before = read_minutes(draft / "minutes.json")
    code, told = kaigiroku("import", changed, draft, "--try")
    assert code == 0
    assert "00:00:47 発言の修正" in told and "まだ取り込んでいません" in told
    assert read_minutes(draft / "minutes.json") == before
    code, told = kaigiroku("import", changed, draft)
    assert (code, told.splitlines()[-1]) == (0, "1件の違いを取り込みました")
    assert "300点を価格点" in said(read_minutes(draft / "minutes.json"))
    assert read_minutes(draft / "minutes.before-import-1.json") == before
    assert kaigiroku("import", changed, draft)[1] == "違いはありません\n"


def test_a_meeting_in_a_library_gets_one_edit_that_can_be_taken_back(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "library", create=True)
    recording = tmp_path / "a.wav"
    recording.write_bytes(b"sound")
    row = library.add(Meeting(template="youten", style="全文"), [(recording, "a.wav")])
    workspace = library.workspace(row.id)
    workspace.work_dir.mkdir(parents=True)
    minutes = read_minutes(SAMPLE).model_copy(update={"style": "全文"})
    write_artifact(workspace.artifact("compose"), "1" * 64, minutes)

    code, told = kaigiroku("export", library.folder, "--meeting", row.id, "--out", tmp_path / "a", "--final")
    assert code == 0, told
    assert "会議要点記録" in python_docx.Document(str(tmp_path / "a" / "minutes.docx")).paragraphs[0].text
    changed = corrected_in_word(tmp_path / "a" / "minutes.docx")
    command = ("import", changed, library.folder, "--meeting", row.id, "--by", "事務局 山田")
    assert kaigiroku(*command)[1].splitlines()[-1] == "1件の違いを取り込みました"
    assert kaigiroku(*command)[1] == "違いはありません\n"
    desk = Desk(library, row.id)
    (edit,) = desk.fold.edits
    assert edit.author == "事務局 山田"
    assert "300点を価格点" in said(corrected(library, row.id))
    desk.submit(Submission(key="undo", operations=(Undo(of=(1,)),)), "")
    assert corrected(library, row.id) == minutes
    library.close()


@pytest.mark.parametrize(("name", "code"), [("nowhere.docx", 25), ("a.docx", 25)])
def test_what_is_no_word_file(draft: Path, tmp_path: Path, name: str, code: int) -> None:
    (tmp_path / "a.docx").write_bytes(b"?")
    assert kaigiroku("import", tmp_path / name, draft)[0] == code
    assert not list(draft.glob("minutes.before*"))


def test_a_library_without_that_meeting(tmp_path: Path) -> None:
    Library.open(tmp_path / "library", create=True).close()
    assert kaigiroku("export", tmp_path / "library", "--meeting", "20260101-00000000", "--out", tmp_path / "a")[0] == 24
    assert kaigiroku("export", tmp_path / "nolibrary", "--meeting", "x", "--out", tmp_path / "a")[0] == 24
