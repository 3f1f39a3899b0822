"""`python -m pipeline.kit`, what `make kit` runs: uses the network, so that installing from the kit need not."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.failures import told


class System(StrEnum):
    """Systems a kit can be for."""

    linux = "linux"
    windows = "windows"


def make(
    out: Annotated[Path, typer.Argument(help="Folder of the kit.")],
    system: Annotated[list[System] | None, typer.Option(help="For which systems (repeatable; none: both).")] = None,
    python: Annotated[list[str] | None, typer.Option(help="For which Pythons, as 3.11 (none: this one).")] = None,
    extra: Annotated[list[str] | None, typer.Option(help="Extras to carry, as cluster (repeatable).")] = None,
) -> None:
    """Collect everything an office without network needs into one folder."""
    with told():
        from pipeline.config.paths import checkout
        from pipeline.errors import UsageError
        from pipeline.kit.assemble import assemble
        from pipeline.kit.targets import Target

        root = checkout()
        if root is None:
            raise UsageError("A kit is made of a working copy of the source.", "Run make kit there.")
        pythons = python or [".".join(map(str, sys.version_info[:2]))]
        targets = [Target(each.value, version) for each in system or list(System) for version in pythons]
        fingerprint = assemble(root, out, targets, extra or [], _say)
        size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
        _say(f"{out}: {size / 1e6:.0f} MB. Fingerprint (the installer shows it too): {fingerprint}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201  (progress)


if __name__ == "__main__":
    typer.run(make)
