"""A form is a folder; what is wrong with one is told in a line."""

import shutil
from pathlib import Path

import pytest

from pipeline.errors import KaigirokuError, UsageError
from pipeline.records.minutes import Minutes, Sentence, Speech
from pipeline.render.context import form_of
from pipeline.render.form_folder import DEFAULT, Typography, form_folder, form_names
from pipeline.render.typography import with_digits


def test_every_form_of_the_program_is_whole() -> None:
    assert DEFAULT in form_names()
    for name in form_names():
        folder = form_folder(name)
        for file in ("template.docx", "template.html", "template.txt"):
            assert folder.file(file).is_file()


def test_an_own_form_is_a_folder(tmp_path: Path) -> None:
    own = tmp_path / "様式"
    shutil.copytree(form_folder().folder, own)
    assert form_folder(own).name == "様式"
    assert form_folder(str(own)).settings == form_folder().settings


@pytest.mark.parametrize("name", ["form9", "", "../form1", "nowhere/form1"])
def test_a_form_that_is_not_there(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="no form of that name"):
        form_folder(name)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"title = ", "is not TOML"),
        (b"\xff\xfe", "is not UTF-8"),
        (b'title = "x"', "fields: Field required"),
        (b'title = "x"\n[fields]\n[styles]', "styles.heading: Field required"),
        (b'title = "x"\n[fields]\n[typography]\ndigits = "roman"', "typography.digits: Input should be"),
    ],
)
def test_a_bad_form_toml_is_explained(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "form.toml").write_bytes(content)
    with pytest.raises(KaigirokuError, match=told) as caught:
        form_folder(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("width", "printed"),
    [
        ("as-is", "令和２年5月27日、1,500人とA4の1枚、0.5%"),
        ("half", "令和2年5月27日、1,500人とA4の1枚、0.5%"),
        ("single-wide", "令和２年５月27日、1,500人とA4の１枚、0.5%"),
        ("wide", "令和２年５月２７日、１，５００人とA4の１枚、０．５%"),
    ],
)
def test_digits_are_as_wide_as_the_office_writes_them(width: str, printed: str) -> None:
    assert with_digits("令和２年5月27日、1,500人とA4の1枚、0.5%", width) == printed


def test_the_width_reaches_fields_and_body_but_no_times_of_the_recording(sample: Minutes) -> None:
    form = form_of(sample, typography=Typography(digits="wide"))
    assert form.when.startswith("令和８年５月２７日")
    assert form.agenda[1].items[0].startswith("\uff08１\uff09")
    assert any("１，５００時間" in block.first for block in form.body)
    assert next(block for block in form.body if block.kind == "inaudible").first == "【聞き取り不能 00:02:21】"


def _said(minutes: Minutes, role: str) -> Minutes:
    paragraph = (Sentence(text="はい。", start_ms=0, end_ms=1, words=()),)
    speech = Speech(id="b", role=role, speaker="S01", confidence=1, paragraphs=(paragraph,), start_ms=0, end_ms=1)
    return minutes.model_copy(update={"body": (speech,)})


@pytest.mark.parametrize(("role", "hang"), [("部員", 3), ("副本部長", 5), ("PTA会長", 4.5), ("学識経験者代表委員", 0)])
def test_speech_hangs_by_the_width_of_its_role(short: Minutes, role: str, hang: float) -> None:
    assert form_of(_said(short, role)).body[0].hang == hang
    assert form_of(_said(short, role), typography=Typography(hanging="style")).body[0].hang == 0
