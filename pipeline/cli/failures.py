"""How a command ends when something is wrong: one line of cause, one of what to do next, the error's own exit code."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from pipeline.errors import KaigirokuError

INTERRUPTED = 130


@contextmanager
def told() -> Iterator[None]:
    """Turn errors and Ctrl-C within into messages on stderr and an exit code; anything else is a bug and is shown."""
    try:
        yield
    except KaigirokuError as error:
        print(f"error: {error.cause}\n  next: {error.remedy}", file=sys.stderr)  # noqa: T201
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        message = "stopped; finished stages are kept: run the same command to go on."
        print(f"\n{message}", file=sys.stderr)  # noqa: T201
        raise typer.Exit(INTERRUPTED) from None
