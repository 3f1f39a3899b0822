"""Wheels read without installing them: their metadata, what they require, and which of a folder fits a target."""

import zipfile
from collections import defaultdict
from dataclasses import dataclass
from email.message import Message
from functools import cached_property
from importlib.metadata import PathDistribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.tags import Tag
from packaging.utils import NormalizedName, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from pipeline.kit.targets import Target


@dataclass(frozen=True)
class Wheel:
    """A wheel file; name and version as its file name says."""

    path: Path
    name: NormalizedName
    version: Version
    tags: frozenset[Tag]

    @cached_property
    def requirements(self) -> list[Requirement]:
        """Requires-Dist, with markers."""
        return [Requirement(line) for line in self.metadata.get_all("Requires-Dist", [])]

    @cached_property
    def metadata(self) -> Message:
        """The METADATA file."""
        with zipfile.ZipFile(self.path) as archive:
            return PathDistribution(zipfile.Path(archive, self.records)).metadata  # type: ignore[return-value]

    @cached_property
    def records(self) -> str:
        """The .dist-info folder within the wheel, with a slash at its end."""
        return next(name for name in self.members if name.endswith(".dist-info/METADATA")).removesuffix("METADATA")

    @cached_property
    def members(self) -> list[str]:
        """Every file in the wheel."""
        with zipfile.ZipFile(self.path) as archive:
            return archive.namelist()

    @cached_property
    def unpacked_bytes(self) -> int:
        """Bytes it takes once installed."""
        with zipfile.ZipFile(self.path) as archive:
            return sum(member.file_size for member in archive.infolist())


class Shelf:
    """A folder of wheels."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._wheels: dict[NormalizedName, list[Wheel]] = defaultdict(list)
        self._seen: set[Path] = set()

    def refresh(self) -> None:
        """Look for wheels that were added."""
        for path in sorted(set(self.folder.glob("*.whl")) - self._seen):
            self._seen.add(path)
            name, version, _, tags = parse_wheel_filename(path.name)
            self._wheels[name].append(Wheel(path, name, version, tags))

    def remove(self, wheel: Wheel) -> None:
        """Delete a wheel's file."""
        wheel.path.unlink()
        self._seen.discard(wheel.path)
        self._wheels[wheel.name].remove(wheel)

    @property
    def wheels(self) -> list[Wheel]:
        """All of them, by name."""
        return [wheel for name in sorted(self._wheels) for wheel in self._wheels[name]]

    def best(self, name: str, target: Target) -> Wheel | None:
        """The wheel that pip would choose for the target: the newest, then the one that fits best."""
        fitting = [wheel for wheel in self._wheels.get(canonicalize_name(name), ()) if wheel.tags & target.tags.keys()]
        worst = len(target.tags)
        return max(
            fitting,
            key=lambda wheel: (wheel.version, -min(target.tags.get(tag, worst) for tag in wheel.tags)),
            default=None,
        )
