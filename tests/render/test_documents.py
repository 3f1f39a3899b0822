"""All formats together, and what rendering may not need."""

import datetime
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine

from pipeline.errors import DependencyError, OutputError, UsageError
from pipeline.records.minutes import Minutes
from pipeline.render import pdf
from pipeline.render.documents import FORMATS, file_name, make, render
from pipeline.render.minutes_json import read_minutes

WITHOUT_OFFICE = [name for name in FORMATS if name != "pdf"]


def test_every_format_writes_its_file(sample: Minutes, tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    paths = render(sample, out, WITHOUT_OFFICE, "kaigi")
    assert [path.name for path in paths] == [
        "minutes.docx",
        "minutes.html",
        "minutes.txt",
        "minutes.json",
        "transcript.seglst.json",
        "captions.vtt",
    ]
    assert sorted(path.name for path in out.iterdir()) == sorted(path.name for path in paths)
    assert read_minutes(out / "minutes.json") == sample
    if os.name == "posix":
        assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}


def test_rendering_again_gives_the_same_bytes(sample: Minutes, tmp_path: Path) -> None:
    first = [path.read_bytes() for path in render(sample, tmp_path / "a", WITHOUT_OFFICE)]
    assert first == [path.read_bytes() for path in render(sample, tmp_path / "b", WITHOUT_OFFICE)]


def test_a_machine_whose_clock_has_stopped_long_ago_gives_the_same_bytes(sample: Minutes) -> None:
    before = make(sample, WITHOUT_OFFICE)
    with time_machine.travel(datetime.datetime(1970, 1, 2, tzinfo=datetime.UTC)):
        assert make(sample, WITHOUT_OFFICE) == before


def test_final_reaches_every_printed_document(sample: Minutes, tmp_path: Path) -> None:
    render(sample, tmp_path, ["txt", "html"], final=True)
    for name in ("minutes.txt", "minutes.html"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "※" not in text
        assert "草稿" not in text


def test_an_unknown_format_writes_nothing(sample: Minutes, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="odt: unknown format"):
        render(sample, tmp_path / "out", ["txt", "odt"])
    assert not (tmp_path / "out").exists()
    assert file_name("vtt") == "captions.vtt"


def test_an_out_dir_that_is_a_file(sample: Minutes, tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_text("", encoding="utf-8")
    with pytest.raises(OutputError):
        render(sample, target, ["txt"])


def test_a_pdf_without_libreoffice_says_how_to_get_it(
    short: Minutes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    monkeypatch.setattr(pdf, "_USUAL_PLACES", ())
    with pytest.raises(DependencyError, match="needs LibreOffice") as caught:
        render(short, tmp_path / "out", ["pdf"])
    assert caught.value.exit_code == 41
    assert not (tmp_path / "out").exists()


def test_a_libreoffice_that_fails_is_reported(short: Minutes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "find_office", lambda: sys.executable)  # knows none of the options
    with pytest.raises(DependencyError, match="could not make a PDF"):
        render(short, tmp_path, ["pdf"])
    assert list(tmp_path.iterdir()) == []


def test_rendering_needs_no_model_library() -> None:
    code = (
        "import sys, pipeline.render.documents, pipeline.render.rttm\n"
        "heavy = {'torch', 'ctranslate2', 'numpy', 'ray', 'faster_whisper', 'pyannote', 'onnxruntime', 'scipy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_libreoffice_prints_every_page_with_its_header_row(sample: Minutes, tmp_path: Path) -> None:
    long = sample.model_copy(update={"body": sample.body * 3})
    (path,) = render(long, tmp_path, ["pdf"])
    read = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    pages = read.stdout.decode("utf-8").rstrip("\f").split("\f")
    assert len(pages) >= 8
    for number, page in enumerate(pages, 1):
        head = page.replace(" ", "")
        assert "第1回北見台市情報化推進本部" in head[:400]
        assert f"-{number}-" in head
    everything = "".join(pages).replace(" ", "").replace("\n", "")
    assert everything.count("報告案件\uff083\uff09") == 3
    assert everything.count("以上をもちまして閉会いたします") == 3  # nothing is cut off at a page's end
    assert "提出された資料等" in everything
    assert _ruled(path)


def _ruled(path: Path) -> bool:
    """Page 2 has ruled lines: long runs of black in its pixels, across and down."""
    if shutil.which("pdftoppm") is None:
        return True
    command = ["pdftoppm", "-r", "40", "-f", "2", "-l", "2", "-gray", str(path)]
    pixels = subprocess.run(command, capture_output=True, check=True).stdout
    _, size, _, data = pixels.split(b"\n", 3)
    width, height = map(int, size.split())
    rows = [data[y * width : (y + 1) * width] for y in range(height)]
    across = max(sum(pixel < 160 for pixel in row) for row in rows)
    down = max(sum(row[x] < 160 for row in rows) for x in range(width))
    return across > width * 0.6 and down > height * 0.6
