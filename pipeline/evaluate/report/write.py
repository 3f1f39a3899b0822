"""All reports of an evaluation, written into one folder, each file as a whole."""

from pathlib import Path

from pipeline.evaluate.report.html import html
from pipeline.evaluate.report.tables import errors_csv, figures_csv
from pipeline.evaluate.report.word import summary
from pipeline.evaluate.results import Evaluation
from pipeline.store.files import disk_errors, write_bytes_atomic, write_text_atomic


def write_reports(evaluation: Evaluation, folder: Path, recording: Path | None = None) -> tuple[Path, ...]:
    """report.html, report.json, figures.csv, errors.csv and summary.docx. recording: embedded in the page.

    Raises OutputError, DiskFullError, and UsageError for a recording too large to embed."""
    page = html(evaluation, recording)
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return (
        write_text_atomic(folder / "report.html", page),
        write_text_atomic(folder / "report.json", evaluation.model_dump_json(indent=1) + "\n"),
        write_text_atomic(folder / "figures.csv", figures_csv(evaluation)),
        write_text_atomic(folder / "errors.csv", errors_csv(evaluation)),
        write_bytes_atomic(folder / "summary.docx", summary(evaluation)),
    )
