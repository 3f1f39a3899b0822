"""Every wheel a machine needs, for whatever system and Python: what wheels require is followed with the markers of the
machine they are for, which pip itself cannot do for another machine than its own (pip issue 13111)."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pipeline.errors import DependencyError
from pipeline.kit.targets import Target
from pipeline.kit.wheel_files import Shelf, Wheel

Say = Callable[[str], None]


def closure(roots: Iterable[Requirement], shelf: Shelf, target: Target) -> tuple[list[Wheel], list[Requirement]]:
    """The wheels on the shelf that installing roots on the target takes, and what is required but not there.

    Raises DependencyError when a wheel on the shelf is of a version that another one refuses.
    """
    taken: dict[Wheel, None] = {}
    lacking: list[Requirement] = []
    queue, asked = [root for root in roots if _holds(root, set(), target)], set[str]()
    while queue:
        requirement = queue.pop()
        if str(requirement) in asked:
            continue
        asked.add(str(requirement))
        wheel = shelf.best(requirement.name, target)
        if wheel is None:
            lacking.append(requirement)
        elif not requirement.specifier.contains(wheel.version, prereleases=True):
            raise DependencyError(
                f"{wheel.path.name} is not what is required: {requirement} ({target}).",
                "Correct its line in constraints.txt.",
            )
        else:
            taken[wheel] = None
            queue += (each for each in wheel.requirements if _holds(each, requirement.extras, target))
    return list(taken), lacking


def collect(roots: Iterable[Requirement], shelf: Shelf, target: Target, pins: list[Requirement], say: Say) -> None:
    """Download with pip (set up as on this machine) until nothing is lacking for the target.

    pins: one exact version for each package, markers allowed. Wheels of other versions, from an earlier time, are
    removed; what has no pin is taken as it is required, and said.
    Raises DependencyError when pip cannot have a package, or has only a source that must be compiled.
    """
    roots = list(roots)
    shelf.refresh()
    _forget_other_versions(shelf, pins)
    while lacking := closure(roots, shelf, target)[1]:
        exact = sorted({_pinned(requirement, pins, target, say) for requirement in lacking})
        _download(exact, shelf.folder, target)
        _build_sources(shelf.folder)
        shelf.refresh()
        if closure(roots, shelf, target)[1] == lacking:
            names = ", ".join(sorted(requirement.name for requirement in lacking))
            raise DependencyError(f"pip gave no wheel that fits {target}: {names}.", "Pin a version that has one.")


def _forget_other_versions(shelf: Shelf, pins: list[Requirement]) -> None:
    for wheel in shelf.wheels:
        pinned = [pin.specifier for pin in pins if canonicalize_name(pin.name) == wheel.name]
        if pinned and not any(specifier.contains(wheel.version, prereleases=True) for specifier in pinned):
            shelf.remove(wheel)


def _holds(requirement: Requirement, extras: set[str], target: Target) -> bool:
    if requirement.marker is None:
        return True
    return any(requirement.marker.evaluate(target.markers | {"extra": extra}) for extra in ("", *extras))


def _pinned(requirement: Requirement, pins: list[Requirement], target: Target, say: Say) -> str:
    name = canonicalize_name(requirement.name)
    for pin in pins:
        if canonicalize_name(pin.name) == name and _holds(pin, set(), target):
            return f"{name}{pin.specifier}"
    say(f"{requirement.name} is not pinned in constraints.txt")
    return f"{name}{requirement.specifier}"


def _download(exact: list[str], folder: Path, target: Target) -> None:
    _pip("download", "--quiet", "--no-deps", "--dest", str(folder), *target.pip_options, *exact)


def _build_sources(folder: Path) -> None:
    for source in sorted([*folder.glob("*.tar.gz"), *folder.glob("*.zip")]):
        with tempfile.TemporaryDirectory() as temporary:
            _pip("wheel", "--quiet", "--no-deps", "--wheel-dir", temporary, str(source))
            (wheel,) = Path(temporary).glob("*.whl")
            if not wheel.name.endswith("-none-any.whl"):
                raise DependencyError(f"{source.name} has to be compiled.", "Pin a version that comes as a wheel.")
            (folder / wheel.name).write_bytes(wheel.read_bytes())
        source.unlink()


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reasons = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")] or [
            done.stderr.strip()[-300:]
        ]
        raise DependencyError(
            f"pip {arguments[0]} failed: {reasons[-1].removeprefix('ERROR: ')}",
            "Check the connection and pip's settings (pip config list), then run it again.",
        )
