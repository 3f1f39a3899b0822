"""models/manifest.toml: the real one is sound, and a broken one says which key is wrong."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.errors import KaigirokuError
from pipeline.weights.manifest import Part, WeightsFile, load_manifest

ENTRY = """
version = 1
[[models]]
name = "tiny"
kind = "embedding"
description = "d"
licence = "MIT"
origin = "o"
measured = true
[[models.packages]]
name = "carrier"
version = "1"
[[models.files]]
path = "a.bin"
size = 3
sha256 = "%s"
parts = [{ package = "carrier", member = "carrier/a" }]
""" % ("0" * 64)


def read(tmp_path: Path, text: str):
    file = tmp_path / "manifest.toml"
    file.write_text(text, encoding="utf-8")
    return load_manifest(file)


def test_the_real_manifest_bundles_what_a_draft_needs():
    bundled = {model.kind: model for model in load_manifest().bundled}
    assert {"transcriber", "segmentation", "embedding"} <= set(bundled)
    assert bundled["transcriber"].size > 140_000_000
    for model in load_manifest().models:
        assert model.licence and model.origin.startswith("https://")
        assert model.measured == model.bundled  # nothing unmeasured may become a default


def test_a_minimal_manifest_reads(tmp_path):
    model = read(tmp_path, ENTRY).get("tiny")
    assert model is not None and model.bundled and model.size == 3
    assert read(tmp_path, ENTRY).get("other") is None


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('kind = "embedding"', 'kind = "vocoder"', r"models\.0\.kind.*'transcriber'"),
        ("size = 3", "size = 0", r"models\.0\.files\.0\.size"),
        ("size = 3", 'size = "3"', r"models\.0\.files\.0\.size"),
        ("0" * 64, "0" * 63, r"files\.0\.sha256"),
        ("0" * 64, "G" * 64, r"files\.0\.sha256"),
        ('path = "a.bin"', 'path = "../a.bin"', r"not a relative path"),
        ('path = "a.bin"', 'path = "/a.bin"', r"not a relative path"),
        ('path = "a.bin"', "path = 'C:\\\\a.bin'", r"not a relative path"),
        ('name = "carrier"', 'name = "other"', r"tiny: packages and parts disagree about carrier, other"),
        ("measured = true", 'measured = true\nhub = { repository = "a/b" }', r"tiny: give either files or hub"),
        ("measured = true", "measured = true\nmeasurd = true", r"models\.0\.measurd"),
        ("version = 1\n[[", "version = 2\n[[", r"version"),
        ("version = 1\n[[", "version = \n[[", r"line 2"),
    ],
)
def test_a_broken_manifest_names_the_key(tmp_path, old, new, complaint):
    assert old in ENTRY
    with pytest.raises(KaigirokuError) as caught:
        read(tmp_path, ENTRY.replace(old, new, 1))
    assert re.search(complaint, caught.value.cause)
    assert "\n" not in caught.value.cause


def test_names_differ(tmp_path):
    twice = ENTRY + ENTRY.replace("\nversion = 1\n", "", 1)
    with pytest.raises(KaigirokuError, match="model given twice: tiny"):
        read(tmp_path, twice)


def test_a_missing_manifest_is_an_error_not_a_traceback(tmp_path):
    with pytest.raises(KaigirokuError, match=r"manifest\.toml"):
        load_manifest(tmp_path / "manifest.toml")


@given(st.text(alphabet="ab./\\\\:", max_size=12))
def test_no_accepted_path_leaves_the_folder(path):
    try:
        file = WeightsFile(path=path, size=1, sha256="0" * 64, parts=(Part(package="p", member="m"),))
    except ValidationError:
        return
    folder = Path("/weights/model")
    assert Path(os.path.normpath(folder / file.path)).is_relative_to(folder)
