"""A machine the kit is for, as pip and as the markers of packages see it: whatever machine makes the kit."""

from dataclasses import dataclass
from functools import cached_property

from packaging.tags import Tag, compatible_tags, cpython_tags

_OLDEST_GLIBC = 28
"""Wheels for Linux need glibc 2.28 at most: RHEL 8, Ubuntu 20.04, Debian 11 and newer."""


@dataclass(frozen=True)
class Target:
    """A system (``linux``: x86-64 with glibc 2.28 or newer, ``windows``: 64 bit) and a CPython such as ``3.11``."""

    system: str
    python: str

    def __str__(self) -> str:
        return f"{self.system}, Python {self.python}"

    @property
    def platforms(self) -> list[str]:
        """Platform tags, the most demanding first."""
        if self.system == "windows":
            return ["win_amd64"]
        named = {17: "manylinux2014_x86_64", 12: "manylinux2010_x86_64", 5: "manylinux1_x86_64"}
        tags: list[str] = []
        for minor in range(_OLDEST_GLIBC, 4, -1):
            tags += [f"manylinux_2_{minor}_x86_64", *([named[minor]] if minor in named else [])]
        return [*tags, "linux_x86_64"]

    @cached_property
    def tags(self) -> dict[Tag, int]:
        """Every tag a wheel for this target may carry, with its rank: the smaller, the better it fits."""
        version = tuple(int(part) for part in self.python.split("."))
        interpreter = "cp" + "".join(map(str, version))
        tags = [*cpython_tags(version, platforms=self.platforms)]
        tags += compatible_tags(version, interpreter, self.platforms)
        return {tag: rank for rank, tag in reversed(list(enumerate(tags)))}

    @property
    def markers(self) -> dict[str, str]:
        """What environment markers evaluate to there; of a Python version, its first release."""
        windows = self.system == "windows"
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{self.python}.0",
            "os_name": "nt" if windows else "posix",
            "platform_machine": "AMD64" if windows else "x86_64",
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Windows" if windows else "Linux",
            "platform_version": "",
            "python_full_version": f"{self.python}.0",
            "python_version": self.python,
            "sys_platform": "win32" if windows else "linux",
        }

    @property
    def pip_options(self) -> list[str]:
        """Options that make `pip download` choose files for this target."""
        options = ["--python-version", self.python, "--implementation", "cp"]
        return options + [part for platform in self.platforms for part in ("--platform", platform)]
