"""Terms from handouts: what the papers on the table say, the speakers will say."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.errors import LexiconFileError
from pipeline.lexicon.encodings import read_text
from pipeline.lexicon.extract import frequent_phrases, phrases
from pipeline.lexicon.terms import Term, make_term

_MOST_TERMS = 400
_MOST_CHARACTERS = 400_000
_OFTEN = 3


def from_handouts(paths: Sequence[Path]) -> tuple[Term, ...]:
    """Terms of all handouts. Raises LexiconFileError for a file that cannot be read or is of another kind."""
    found: dict[str, Term] = {}
    for path in paths:
        text = text_of(path)
        for phrase, count in _candidates(text):
            term = make_term(phrase, None, "handout", min(0.7, 0.3 + 0.1 * count))
            if term is not None:
                found.setdefault(term.written, term)
    return tuple(sorted(found.values(), key=lambda term: -term.weight)[:_MOST_TERMS])


def _candidates(text: str) -> list[tuple[str, int]]:
    """Compounds said several times, and all of the first lines, where titles stand."""
    often = dict(frequent_phrases(text, _OFTEN))
    head = [line for line in text.splitlines() if line.strip()][:5]
    for phrase in phrases("\n".join(head)):
        often.setdefault(phrase, 1)
    return list(often.items())


def text_of(path: Path) -> str:
    """Text of a docx, pdf, pptx, xlsx or txt file, its first 400,000 characters at most. Raises LexiconFileError."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise LexiconFileError(
            f"{path}: handouts of the kind {path.suffix or '(no suffix)'} cannot be read.",
            f"Save it as {', '.join(kind[1:] for kind in _READERS)}.",
            file=path,
        )
    if not path.is_file():
        raise LexiconFileError(f"{path}: there is no such file.", "Check the path.", file=path)
    try:
        return reader(path)[:_MOST_CHARACTERS]
    except LexiconFileError:
        raise
    except Exception as error:  # the libraries raise dozens of types on a damaged file
        raise LexiconFileError(
            f"{path}: cannot be read as {path.suffix[1:]} ({type(error).__name__}).",
            "Open it in its own program and save it again, or leave out --handout.",
            file=path,
        ) from error


def _docx(path: Path) -> str:
    import docx

    document = docx.Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *dict.fromkeys(cells)])


def _pdf(path: Path) -> str:
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def _pptx(path: Path) -> str:
    from pptx import Presentation

    shapes = (shape for slide in Presentation(str(path)).slides for shape in slide.shapes)
    return "\n".join(_shape_text(shape) for shape in shapes)


def _shape_text(shape: object) -> str:
    if getattr(shape, "has_text_frame", False):
        return str(shape.text_frame.text)  # type: ignore[attr-defined]
    if getattr(shape, "has_table", False):
        return "\n".join(cell.text for row in shape.table.rows for cell in row.cells)  # type: ignore[attr-defined]
    return ""


def _xlsx(path: Path) -> str:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        rows = (row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))
        return "\n".join("\t".join(str(value) for value in row if value is not None) for row in rows)
    finally:
        book.close()


_READERS: dict[str, Callable[[Path], str]] = {
    ".docx": _docx, ".pdf": _pdf, ".pptx": _pptx, ".xlsx": _xlsx, ".txt": read_text,
}  # fmt: skip
