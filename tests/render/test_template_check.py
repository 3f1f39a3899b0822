"""`kaigiroku template check` tells a clerk what is wrong with a form before it is used."""

import shutil
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.main import app
from pipeline.render.form import Form
from pipeline.render.form_folder import form_folder, form_names
from pipeline.render.template_check import printable_values

RUN = CliRunner()


def template(*arguments: object) -> tuple[int, str]:
    done = RUN.invoke(app, ["template", *map(str, arguments)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def edited(folder: Path, old: str, new: str, form: str = "form1") -> Path:
    """An own form: the shipped one with one text of its Word template changed."""
    shutil.copytree(form_folder(form).folder, folder)
    word = folder / "template.docx"
    with zipfile.ZipFile(form_folder(form).file("template.docx")) as source, zipfile.ZipFile(word, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            assert name != "word/document.xml" or old.encode() in data
            target.writestr(name, data.replace(old.encode(), new.encode()) if name == "word/document.xml" else data)
    return folder


@pytest.mark.parametrize("form", form_names())
def test_the_forms_of_the_program_are_right(form: str) -> None:
    code, told = template("check", form_folder(form).folder)
    assert (code, told.count("\n")) == (0, 1)
    assert "この様式は使えます" in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("form.place", "form.plaice", "会議録にない名前です: form.plaice。「place」のことですか"),
        ("form.place", "place", "会議録にない名前です: place。「form.place」のことですか"),
        ("{{ block.first }}", "{{ block.frist }}", "会議録にない名前です: block.frist。「first」のことですか"),
        ("for row in form.attendance", "for row in form.attendence", "「attendance」のことですか"),
        ("loop.first", "loop.frist", "会議録にない名前です: loop.frist"),
        ("{{ form.place }}", "{{ form.place }", "閉じていない印があります"),
        ("{{ form.place }}", "{{ form.place form.name }}", "書き方に誤りがあります"),
        ("{%p endif %}", "", "書き方に誤りがあります"),
    ],
)
def test_a_mistake_is_named_with_what_was_meant(tmp_path: Path, old: str, new: str, told: str) -> None:
    folder = edited(tmp_path / "own", old, new)
    code, output = template("check", folder)
    assert code == 28
    assert f"× template.docx: {told.split('。')[0]}" in output or told in output
    assert told in output


def test_what_is_not_printed_is_told_but_stops_nothing(tmp_path: Path) -> None:
    folder = edited(tmp_path / "own", "{{ form.place }}", "別紙のとおり")
    code, told = template("check", folder)
    assert code == 0
    assert "△ template.docx: 印字されない項目があります: 場所(form.place)" in told
    assert "△の行をご確認ください" in told


def test_a_missing_style_is_told(tmp_path: Path) -> None:
    folder = edited(tmp_path / "own", "別記", "別記")
    settings = (folder / "form.toml").read_text(encoding="utf-8").replace("会議録 要確認", "強調", 1)
    (folder / "form.toml").write_text(settings, encoding="utf-8")
    code, told = template("check", folder)
    assert code == 28
    assert "スタイル「強調」(look)がありません" in told


def test_a_word_file_on_its_own(tmp_path: Path) -> None:
    folder = edited(tmp_path / "own", "{{ form.name }}", "", "youten")
    alone = tmp_path / "様式.docx"
    shutil.copy(folder / "template.docx", alone)
    code, told = template("check", alone, "--like", "youten")
    assert code == 0
    assert "印字されない項目があります: 会議名(form.name)" in told
    beside = template("check", folder / "template.docx")[1]
    assert beside.splitlines()[0] == told.splitlines()[0].replace("様式.docx", "template.docx")


def test_what_is_no_form(tmp_path: Path) -> None:
    assert template("check", tmp_path / "nowhere")[0] == 2
    assert template("check", tmp_path)[0] == 2
    (tmp_path / "a.docx").write_bytes(b"?")
    assert template("check", tmp_path / "a.docx")[0] == 28


def test_every_value_is_listed() -> None:
    listed = template("values")[1].splitlines()
    assert listed == list(printable_values())
    assert {f"form.{name}" for name in Form.model_fields} <= {value.split("[")[0] for value in listed}
    assert "form.sections[].blocks[].first" in listed
    assert "form1\t別記第1号様式" in template("list")[1]
