"""All reports of an evaluation, written into one folder, each file as a whole."""

from pathlib import Path

from pipeline.evaluate.corpus import CorpusEvaluation
from pipeline.evaluate.report.corpus_html import corpus_html
from pipeline.evaluate.report.html import html
from pipeline.evaluate.report.tables import errors_csv, figures_csv, meetings_csv
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


def write_corpus_reports(found: CorpusEvaluation, folder: Path) -> tuple[Path, ...]:
    """corpus.html, corpus.json, meetings.csv, and the reports of each meeting in a folder of its own.

    Raises OutputError, DiskFullError."""
    page = corpus_html(found)
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    written = [
        write_text_atomic(folder / "corpus.html", page),
        write_text_atomic(folder / "corpus.json", found.model_dump_json(indent=1) + "\n"),
        write_text_atomic(folder / "meetings.csv", meetings_csv(found)),
    ]
    for number, meeting in enumerate(found.meetings, 1):
        written += write_reports(meeting, folder / f"{number:03d}")
    return tuple(written)
