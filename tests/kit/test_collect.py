"""What a machine needs is told for that machine, not for the one that makes the kit."""

import importlib.metadata
import os
import tarfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pipeline.errors import DependencyError
from pipeline.kit.collect import closure, collect
from pipeline.kit.targets import Target
from pipeline.kit.wheel_files import Shelf
from tests.kit.small_wheels import make_wheel

LINUX, WINDOWS, NEWER = Target("linux", "3.11"), Target("windows", "3.11"), Target("windows", "3.13")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def registry(tmp_path, monkeypatch) -> Path:
    """A folder that pip, told nothing else, takes packages from."""
    folder = tmp_path / "registry"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_BUILD_ISOLATION", "0")  # pip's negative: no isolation, so that nothing is downloaded
    return folder


@pytest.fixture
def shelf(tmp_path) -> Shelf:
    folder = tmp_path / "wheels"
    folder.mkdir()
    return Shelf(folder)


def names(roots: list[str], shelf: Shelf, target: Target) -> list[str]:
    taken, lacking = closure(map(Requirement, roots), shelf, target)
    assert lacking == []
    return sorted(wheel.path.name for wheel in taken)


def gather(roots: list[str], shelf: Shelf, target: Target, pins: tuple[str, ...] = ()) -> list[str]:
    said: list[str] = []
    collect(map(Requirement, roots), shelf, target, [Requirement(pin) for pin in pins], said.append)
    return said


def test_each_target_gets_what_its_markers_ask_for(registry, shelf):
    make_wheel(registry, "click", requires=["colorama; sys_platform == 'win32'", "uvloop; os_name == 'posix'"])
    make_wheel(registry, "colorama")
    make_wheel(registry, "uvloop", tag="cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64")
    make_wheel(registry, "old", requires=["backport; python_version < '3.12'"])
    make_wheel(registry, "backport")
    for target in (LINUX, WINDOWS, NEWER):
        gather(["click", "old"], shelf, target)
    assert {name.partition("-")[0] for name in names(["click", "old"], shelf, LINUX)} == {
        "click", "uvloop", "old", "backport"
    }  # fmt: skip
    assert {name.partition("-")[0] for name in names(["click", "old"], shelf, NEWER)} == {"click", "colorama", "old"}


def test_each_target_gets_the_file_that_fits_it_best(registry, shelf):
    tags = ("cp311-cp311-win_amd64", "cp311-cp311-manylinux_2_28_x86_64", "cp313-cp313-win_amd64", "py3-none-any")
    for tag in tags:
        make_wheel(registry, "numpy", tag=tag)
    make_wheel(registry, "safetensors", tag="cp38-abi3-win_amd64")
    for target, tag in ((WINDOWS, tags[0]), (LINUX, tags[1]), (NEWER, tags[2])):
        gather(["numpy"], shelf, target)
        assert names(["numpy"], shelf, target) == [f"numpy-1.0-{tag}.whl"]
    gather(["safetensors"], shelf, NEWER)


def test_what_needs_a_newer_glibc_than_offices_have_is_not_taken(registry, shelf):
    make_wheel(registry, "modern", tag="cp311-cp311-manylinux_2_34_x86_64")
    with pytest.raises(DependencyError, match="modern"):
        gather(["modern"], shelf, LINUX)


def test_extras_and_pins_are_followed(registry, shelf):
    make_wheel(registry, "fsspec", requires=["aiohttp; extra == 'http'", "s3fs; extra == 's3'"])
    for version in ("1.0", "2.0"):
        make_wheel(registry, "aiohttp", version)
    assert gather(["fsspec[http]"], shelf, WINDOWS, ("aiohttp==1.0; sys_platform == 'win32'", "fsspec==1.0")) == []
    assert [name[:11] for name in names(["fsspec[http]"], shelf, WINDOWS)] == ["aiohttp-1.0", "fsspec-1.0-"]
    assert gather(["fsspec[http]"], Shelf(shelf.folder), LINUX) == []  # nothing more to download


def test_a_pin_that_changed_replaces_what_was_collected_before(registry, shelf):
    for version in ("1.0", "2.0"):
        make_wheel(registry, "numpy", version, tag="cp311-cp311-win_amd64")
    gather(["numpy"], shelf, WINDOWS, ("numpy==2.0",))
    gather(["numpy"], shelf, WINDOWS, ("numpy==1.0",))
    assert [path.name for path in shelf.folder.iterdir()] == ["numpy-1.0-cp311-cp311-win_amd64.whl"]


def test_a_version_that_is_refused_is_an_error(registry, shelf):
    make_wheel(registry, "torch", "2.0")
    make_wheel(registry, "lightning", requires=["torch<2"])
    with pytest.raises(DependencyError, match=r"torch-2\.0"):
        gather(["torch", "lightning"], shelf, LINUX, ("torch==2.0",))


def test_what_is_not_pinned_is_said(registry, shelf):
    make_wheel(registry, "pip")
    assert gather(["pip"], shelf, LINUX) == ["pip is not pinned in constraints.txt"]


def test_a_source_of_pure_python_is_built(registry, shelf, tmp_path):
    source = tmp_path / "julius-1.0"
    source.mkdir()
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        '[project]\nname = "julius"\nversion = "1.0"\n',
        encoding="utf-8",
    )
    (source / "julius.py").write_text("", encoding="utf-8")
    with tarfile.open(registry / "julius-1.0.tar.gz", "w:gz") as archive:
        archive.add(source, source.name)
    gather(["julius"], shelf, WINDOWS)
    assert names(["julius"], shelf, WINDOWS) == [path.name for path in shelf.folder.iterdir()]


def test_every_package_a_draft_needs_is_pinned():
    """What is installed here is what the kit is made of: its requirements, followed, all have a line of their own."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {canonicalize_name(Requirement(line).name) for line in lines if line.strip() and not line.startswith("#")}
    queue, needed = ["kaigiroku", "pip"], set[str]()
    while queue:
        requirements = [Requirement(line) for line in importlib.metadata.requires(queue.pop()) or []]
        there = LINUX.markers | {"extra": ""}
        names = {each.name for each in requirements if each.marker is None or each.marker.evaluate(there)}
        queue += names - needed
        needed |= names
    assert len(needed) > 80
    assert {canonicalize_name(name) for name in needed} - pinned == set()
