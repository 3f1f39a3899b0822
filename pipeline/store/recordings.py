"""Reading the files of a recording as bytes, in blocks: what cannot be read ends in an error that names the file."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import AudioMissingError, AudioUnreadableError, KaigirokuError

_BLOCK = 1 << 20


@contextmanager
def reached(path: Path) -> Iterator[None]:
    """What a driver says in its own errors (no credentials, no connection) is told as OSError, as a local disk does."""
    try:
        yield
    except (KaigirokuError, OSError):
        raise
    except Exception as error:
        if "://" not in str(path):
            raise
        raise OSError(f"{type(error).__name__}: {error}") from error


def blocks(path: Path) -> Iterator[bytes]:
    """The file's bytes. Raises AudioMissingError or AudioUnreadableError, in the middle too (a share that is gone)."""
    try:
        with reached(path), path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
    except FileNotFoundError:
        raise AudioMissingError(f"{path}: there is no such file.", "Check the path.", file=path) from None
    except OSError as error:
        raise AudioUnreadableError(
            f"{path}: cannot be read ({error.strerror or error}).",
            "Check that it is a file and its permissions.",
            file=path,
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
