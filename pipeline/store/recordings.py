"""Reading the files of a recording as bytes, in blocks: what cannot be read ends in an error that names the file."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.errors import AudioMissingError, AudioUnreadableError

_BLOCK = 1 << 20


def blocks(path: Path) -> Iterator[bytes]:
    """The file's bytes. Raises AudioMissingError or AudioUnreadableError, in the middle too (a share that is gone)."""
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
    except FileNotFoundError:
        raise AudioMissingError(f"{path}: there is no such file.", "Check the path.", file=path) from None
    except OSError as error:
        raise AudioUnreadableError(
            f"{path}: cannot be read ({error.strerror}).", "Check that it is a file and its permissions.", file=path
        ) from None


def recording_digest(digests: Sequence[str]) -> str:
    """One SHA-256 for a recording of several files in order, from theirs: whatever the files are called."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 in hex digits. Raises as `blocks` does."""
    digest = hashlib.sha256()
    for block in blocks(path):
        digest.update(block)
    return digest.hexdigest()
