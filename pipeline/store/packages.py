"""Office files (zip packages) whose bytes depend on their contents and on nothing else."""

import io
import zipfile
from typing import Any

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest time an entry of a zip file can have; a clock that stands before it is no reason to fail."""


class Undated(zipfile.ZipFile):
    """A zip file whose entries have no time of their own."""

    def writestr(self, name: Any, data: Any, *_: Any) -> None:
        plain = zipfile.ZipInfo(name if isinstance(name, str) else name.filename, EARLIEST)
        super().writestr(plain, data, zipfile.ZIP_DEFLATED)


def without_clock(package: bytes) -> bytes:
    """The same package with the times of its entries set to the format's earliest."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, Undated(written, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, old.read(entry))
    return written.getvalue()


def word_file(document: Any) -> bytes:
    """A python-docx document as bytes, in the steps of its own `save`, which asks the clock."""
    from docx.opc.packuri import CONTENT_TYPES_URI, PACKAGE_URI
    from docx.opc.pkgwriter import _ContentTypesItem

    package = document.part.package
    for part in package.parts:
        part.before_marshal()
    written = io.BytesIO()
    with Undated(written, "w") as archive:
        archive.writestr(CONTENT_TYPES_URI.membername, _ContentTypesItem.from_parts(package.parts).blob)
        archive.writestr(PACKAGE_URI.rels_uri.membername, package.rels.xml)
        for part in package.parts:
            archive.writestr(part.partname.membername, part.blob)
            if part.rels:
                archive.writestr(part.partname.rels_uri.membername, part.rels.xml)
    return written.getvalue()
