"""minutes.pdf: the Word form as LibreOffice prints it, as accessible PDF/A-2 with its fonts inside, when LibreOffice is
there."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from pipeline.errors import DependencyError
from pipeline.render.pdf_fonts import font_settings
from pipeline.render.pdf_rows import keep_lines_together

_SECONDS = 300
_USUAL_PLACES = (
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
    Path("C:/Program Files/LibreOffice/program/soffice.com"),
    Path("C:/Program Files (x86)/LibreOffice/program/soffice.com"),
)
_ARCHIVABLE = "pdf:writer_pdf_Export:" + json.dumps(
    {
        "SelectPdfVersion": {"type": "long", "value": "2"},
        "PDFUACompliance": {"type": "boolean", "value": "true"},
        "ExportBookmarks": {"type": "boolean", "value": "true"},
    }
)
"""PDF/A-2b with tags, understood by LibreOffice 7.4 and newer; older ones make a plain PDF of it."""
_LANGUAGE = (b"/Lang(en-US)", b"/Lang(ja-JP)")
"""LibreOffice names the language of Latin text as the document's; of equal length, so that nothing else moves."""


def pdf(document: bytes) -> bytes:
    """Convert a .docx. LibreOffice runs with a profile of its own, so an open window of it is no obstacle and nothing
    is left in the user's settings. Raises DependencyError when it is missing or fails."""
    program = find_office()
    with tempfile.TemporaryDirectory(prefix="kaigiroku-pdf-", ignore_cleanup_errors=True) as folder:
        source = Path(folder) / "minutes.docx"
        source.write_bytes(keep_lines_together(document))
        profile = Path(folder) / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(font_settings(), encoding="utf-8")
        command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
        said = _run([*command, "--convert-to", _ARCHIVABLE, "--outdir", folder, str(source)])
        result = source.with_suffix(".pdf")
        if not result.is_file():
            raise DependencyError(
                f"LibreOffice ({program}) could not make a PDF: {said or 'it said nothing'}.",
                "Open minutes.docx in Word and save it as PDF there.",
            )
        return result.read_bytes().replace(*_LANGUAGE)


def find_office() -> str:
    """The LibreOffice program. Raises DependencyError when there is none."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            return found
    for place in _USUAL_PLACES:
        if place.is_file():
            return str(place)
    raise DependencyError(
        "Making a PDF needs LibreOffice, which is not on this machine.",
        "Install it (https://www.libreoffice.org; apt install libreoffice-writer), or save the .docx as PDF in Word.",
    )


def _run(command: list[str]) -> str:
    """Its last line of complaint, for the error message."""
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows: no console flashes up
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, creationflags=flags)
    except subprocess.TimeoutExpired:
        return f"no answer for {_SECONDS} s"
    except OSError as error:
        return str(error.strerror)
    lines = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""
