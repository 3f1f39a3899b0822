"""What the weights of an engine are known by."""

import hashlib
from pathlib import Path

from pipeline.errors import ModelMissingError


def sha256_of(*files: Path) -> str:
    """Of the contents of all files in the order given. Raises ModelMissingError."""
    digest = hashlib.sha256()
    for file in files:
        try:
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        except OSError as error:
            raise ModelMissingError(
                f"{file.name}: the weights cannot be read.", "Run: kaigiroku models prepare", file=file
            ) from error
    return digest.hexdigest()
