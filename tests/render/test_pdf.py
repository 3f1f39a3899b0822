"""What LibreOffice prints: every page within its margins, nothing torn from what it belongs to, archivable."""

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pypdf
import pytest

from pipeline.records.minutes import Minutes
from pipeline.render import pdf_fonts
from pipeline.render.documents import render
from pipeline.render.minutes_json import read_minutes

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed"),
]
SOURCE = Path(__file__).parent.parent / "data" / "source" / "minutes.json"
_LINE = re.compile(r'<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</line>', re.S)
MM = 72 / 25.4


class Line(NamedTuple):
    """A printed line, in millimetres from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def pages(path: Path) -> Iterator[list[Line]]:
    done = subprocess.run(["pdftotext", "-bbox-layout", str(path), "-"], capture_output=True, check=True)
    for page in done.stdout.decode("utf-8").split("<page ")[1:]:
        lines = []
        for *box, words in _LINE.findall(page):
            text = "".join(re.findall(r"<word[^>]*>(.*?)</word>", words))
            lines.append(Line(*(float(value) / MM for value in box), text))
        yield sorted(lines, key=lambda line: (round(line.top), line.left))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pdf")
    return render(read_minutes(SOURCE), folder, ["pdf"], final=True)[0]


def _body(page: list[Line]) -> list[Line]:
    """Lines of 審議経過 and of the boxes below it, without header row and page number."""
    return [line for line in page if line.left > 34 and 28 < line.top < 275]


def test_nothing_is_printed_outside_the_margins(printed: Path) -> None:
    for page in pages(printed):
        assert min(line.left for line in page) >= 24.5
        assert max(line.right for line in page) <= 190.5
        assert max(line.bottom for line in page[:-1]) <= 277.5


def test_no_heading_ends_a_page_and_no_decision_begins_one(printed: Path) -> None:
    bodies = [_body(page) for page in pages(printed)]
    for page in bodies:
        assert not page[-1].text.startswith("報告案件")
        assert not page[0].text.startswith("―")
    assert sum(line.text == "―了承―" for page in bodies for line in page) == 3


def test_a_role_is_never_parted_from_its_words(printed: Path) -> None:
    """The pages of the source after the first begin with a whole turn: none of its turns is longer than six lines."""
    for page in list(pages(printed))[1:]:
        assert re.match(r"(本部長|副本部長|部員|事務局)：|\[|〔|報告案件", _body(page)[0].text)


def test_lines_of_a_speech_hang_below_its_first_words(printed: Path) -> None:
    page = list(pages(printed))[1]
    first = next(number for number, line in enumerate(page) if line.text.startswith("事務局：今後導入される"))
    role_mm = 4 * 10.5 / MM
    assert page[first + 1].left - page[first].left == pytest.approx(role_mm, abs=0.6)


def test_the_page_count_is_that_of_the_form_in_mincho(printed: Path) -> None:
    if not pdf_fonts._installed() & {"IPAMincho", "IPAexMincho"}:
        pytest.skip("needs IPA Mincho (.ci/office): another font runs to another length")
    assert len(pypdf.PdfReader(printed).pages) == 5


def test_it_can_be_archived_and_read_aloud(printed: Path) -> None:
    """PDF/A-2b and PDF/UA as LibreOffice declares them, fonts inside, Japanese, titled, with headings to go to."""
    data = printed.read_bytes()
    reader = pypdf.PdfReader(io.BytesIO(data))
    root = reader.trailer["/Root"]
    described = root["/Metadata"].get_data().decode("utf-8")
    assert "<pdfaid:part>2</pdfaid:part>" in described
    assert "<pdfuaid:part>1</pdfuaid:part>" in described
    assert root["/Lang"] == "ja-JP"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == "会議録 令和2年度 第1回豊島区行政情報化推進本部"
    assert [entry.title[:7] for entry in reader.outline if not isinstance(entry, list)] == [
        f"報告案件\uff08{number}\uff09" for number in (1, 2, 3)
    ]
    fonts = subprocess.run(["pdffonts", str(printed)], capture_output=True, check=True).stdout.decode().splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), fonts


_NEVER_FIRST = "、。，．・：；？！）」』】〕］〉》〟’”ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々ゝゞ,.!?)]"
_NEVER_LAST = "（「『【〔［〈《〝‘“([■□"


def test_no_line_begins_or_ends_with_a_sign_that_may_not_stand_there(printed: Path) -> None:
    """禁則処理 (JIS X 4051)."""
    lines = [line.text for page in pages(printed) for line in page if line.left > 34 and len(line.text) > 1]
    assert len(lines) > 150
    assert [text for text in lines if text[0] in _NEVER_FIRST or text[-1] in _NEVER_LAST] == []


def test_the_word_file_itself_opens_alike_in_libreoffice(tmp_path: Path) -> None:
    """As a person opens it there, without what is done for the PDF alone: same words, same length, within margins."""
    (document,) = render(read_minutes(SOURCE), tmp_path, ["docx"], final=True)
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir"]
    subprocess.run([*command, str(tmp_path), str(document)], check=True, capture_output=True)
    opened = list(pages(tmp_path / "minutes.pdf"))
    assert len(opened) in (4, 5, 6)  # the fonts of its own choice run to another length
    text = "".join(line.text for page in opened for line in page)
    assert "審議" in re.sub(r"[^審議経過]", "", text)
    assert text.count("―了承―") == 3
    assert text.count("以上をもちまして閉会したいと思います") == 1
    for page in opened:
        assert max(line.right for line in page) <= 191
        assert max(line.bottom for line in page[:-1]) <= 278


def test_every_word_of_a_long_meeting_is_printed(sample: Minutes, tmp_path: Path) -> None:
    long = sample.model_copy(update={"body": sample.body * 3})
    (path,) = render(long, tmp_path, ["pdf"])
    text = "".join(line.text for page in pages(path) for line in _body(page))
    for sentence in (s.text for block in sample.body if block.kind == "speech" for p in block.paragraphs for s in p):
        assert text.count(re.sub(r"[\s(<&{].*", "", sentence)) >= 3
