"""Text files of Japanese offices: UTF-8, UTF-16 (MS-IME's export) or Shift_JIS (older ATOK's)."""

import codecs
from pathlib import Path

from pipeline.errors import LexiconFileError


def read_text(path: Path) -> str:
    """The text of a file in whichever of the encodings it is. Raises LexiconFileError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LexiconFileError(
            f"{path}: cannot be read ({error.strerror}).", "Check the path and its permissions.", file=path
        ) from None
    for encoding in _candidates(data):
        try:
            return data.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    raise LexiconFileError(
        f"{path}: neither UTF-8 nor UTF-16 nor Shift_JIS text.", "Save it again as UTF-8 text.", file=path
    )


def _candidates(data: bytes) -> tuple[str, ...]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if data[1:400:2].count(0) > len(data[1:400:2]) // 3:
        return ("utf-16-le",)
    return ("utf-8-sig", "cp932")
