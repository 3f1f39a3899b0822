"""Reports: whole, self-contained, safe whatever was said, and playable in a real browser."""

import csv
import io
import re
import shutil
import zipfile
from pathlib import Path

import docx as python_docx
import pytest
from made import transcription, turn

from pipeline.errors import UsageError
from pipeline.evaluate.report.html import html
from pipeline.evaluate.report.tables import errors_csv, figures_csv
from pipeline.evaluate.report.word import summary
from pipeline.evaluate.report.write import write_reports
from pipeline.evaluate.results import Evaluation
from pipeline.evaluate.score import System, Wanted, evaluate

RECORDING = Path(__file__).parent.parent.parent / "audio_samples" / "meeting.opus"
NASTY = "<script>alert(1)</script>&<b>{{ 7*7 }}</b>"


@pytest.fixture(scope="module")
def found() -> Evaluation:
    """Two systems on thirty turns; one of them bad, with everything that a report can show."""
    said = [f"第{number}号の議案については、{number}万円の予算で実施しません。" for number in range(1, 31)]
    told = transcription(
        *(turn("会長" if n % 2 else "委員", text, 4 * n, 4 * n + 3, speaker=f"V{n % 2}") for n, text in enumerate(said))
    )
    good = transcription(
        *(u.model_copy(update={"text": u.text.replace("実施", "実子")}) for u in told.utterances), name="A社"
    )
    bad = transcription(
        *(
            turn("会長", text.replace("万円", "円").replace("しません", f"します{NASTY}"), 4 * n, 4 * n + 3)
            for n, text in enumerate(said)
            if n != 7
        ),
        turn("会長", "ご視聴ありがとうございました。=1+1", 130, 134),
        name=f"B社{NASTY}",
    )
    corrected = transcription(*(turn(u.role or "", u.text + "以上。") for u in told.utterances))
    wanted = Wanted(title=f"試験{NASTY}", reference=told, corrected=corrected, claimed=95)
    return evaluate([System(good, clerk_ms=600_000), System(bad)], wanted)


def test_the_page_needs_nothing_else_and_nothing_said_becomes_markup(found: Evaluation) -> None:
    page = html(found)
    assert not re.findall(r'(?:src|href)\s*=\s*["\']?(?!data:|#)', page.split("<body>")[0])
    assert {url.split("/")[2] for url in re.findall(r"https?://[^\s\"'<)]+", page)} <= {
        "www.w3.org"
    }  # namespaces of SVG
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page and page.count("<script>") == 1
    for section in (
        "この数字の読み方",
        "条件ごとの認識率",
        "重大な誤り",
        "誤りの多い箇所",
        "よくある取り違え",
        "製品どうしの比較",
    ):
        assert section in page
    assert "standard-1" in page and "95%信頼区間" in page and "主張された認識率" in page


def test_the_same_evaluation_gives_the_same_bytes(found: Evaluation) -> None:
    assert html(found) == html(found)
    assert summary(found) == summary(found)


def test_a_page_without_a_rate(found: Evaluation) -> None:
    effort_only = evaluate(
        [System(transcription(turn("会長", "はい。")))],
        Wanted(title="t", corrected=transcription(turn("会長", "はい。"))),
    )
    page = html(effort_only)
    assert "修正量" in page and "認識率と数え方" not in page
    assert "修正量は0.0%" in words_of(summary(effort_only))


def words_of(data: bytes) -> str:
    document = python_docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_summary_says_what_counts(found: Evaluation) -> None:
    text = words_of(summary(found))
    assert "認識率は" in text and "修正量は" in text and "主張された認識率95%について" in text
    assert "混ぜて使うことはできません" in text and NASTY in text
    assert "dcterms:created" in zipfile.ZipFile(io.BytesIO(summary(found))).read("docProps/core.xml").decode()


@pytest.mark.office
def test_the_summary_is_one_page(found: Evaluation, tmp_path: Path) -> None:
    import subprocess

    from pypdf import PdfReader

    (tmp_path / "summary.docx").write_bytes(summary(found))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", tmp_path, tmp_path / "summary.docx"], check=True, capture_output=True, timeout=120
    )
    assert len(PdfReader(tmp_path / "summary.pdf").pages) == 1


def test_tables_for_a_spreadsheet(found: Evaluation) -> None:
    figures = list(csv.DictReader(io.StringIO(figures_csv(found).removeprefix("\ufeff"))))
    main = next(row for row in figures if row["項目"] == "認識率" and row["区分"] == "全体")
    assert float(main["値(%)"]) == pytest.approx(found.systems[0].rates[0].percent, abs=0.01)
    assert {row["項目"] for row in figures} >= {"認識率", "役職の正しさ", "重大な誤り", "修正量"}
    errors = list(csv.DictReader(io.StringIO(errors_csv(found).removeprefix("\ufeff"))))
    assert {row["種類"] for row in errors} >= {"取り違え", "金額", "否定", "作り出し"}
    cells = [cell for row in csv.reader(io.StringIO(errors_csv(found))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_all_reports_are_written_and_the_json_is_the_evaluation(found: Evaluation, tmp_path: Path) -> None:
    names = [path.name for path in write_reports(found, tmp_path / "new")]
    assert names == ["report.html", "report.json", "figures.csv", "errors.csv", "summary.docx"]
    assert Evaluation.model_validate_json((tmp_path / "new" / "report.json").read_text(encoding="utf-8")) == found


def test_a_recording_too_large_to_embed_is_refused(found: Evaluation, tmp_path: Path) -> None:
    large = tmp_path / "large.wav"
    with large.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(UsageError, match="too much to embed"):
        html(found, large)


@pytest.mark.browser
def test_the_page_in_a_browser_plays_where_the_error_is(found: Evaluation, tmp_path: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    (tmp_path / "report.html").write_text(html(found, RECORDING), encoding="utf-8")
    (tmp_path / "plain.html").write_text(html(found), encoding="utf-8")
    complaints: list[str] = []
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if "http" in request.url[:4] else None)
        page.goto((tmp_path / "report.html").as_uri())
        button = page.locator(".passage .play").first
        wanted = int(button.get_attribute("data-ms")) / 1000
        page.wait_for_function("document.getElementById('player').readyState > 0")
        button.click()
        page.wait_for_function(
            f"Math.abs(document.getElementById('player').currentTime - {max(0, wanted - 0.5)}) < 1.5"
        )
        page.goto((tmp_path / "plain.html").as_uri())
        page.set_input_files("#recording", RECORDING)
        page.locator(".play").last.click()
        page.wait_for_function("document.getElementById('player').currentTime > 0")
        wide = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        browser.close()
    assert complaints == [] and wide
