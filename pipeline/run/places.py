"""Where recordings and lists lie: a path, or a URL of any file system fsspec knows (s3://, memory://, file:// …)."""

from pathlib import Path
from typing import cast

from pipeline.errors import DependencyError, UsageError


def place(text: str) -> Path:
    """A Path, or what behaves like one for a URL. Raises UsageError, or DependencyError for a missing driver."""
    if "://" not in text:
        return Path(text)
    from upath import UPath

    try:
        found = UPath(text)
        _ = found.fs  # a UPath asks for its driver when it is first used
        return cast(Path, found)
    except ImportError as error:
        raise DependencyError(
            f"{text}: its driver is not installed ({error}).", "For s3://: pip install 'kaigiroku[s3]'."
        ) from None
    except ValueError as error:
        raise UsageError(f"{text}: not a place that can be read ({error}).", "Check the URL.") from None
