"""A kit is only ever made in a folder of its own."""

import pytest

from pipeline.errors import OutputError, UsageError
from pipeline.kit.assemble import assemble
from pipeline.kit.targets import Target
from tests.kit.small_kits import ROOT

LINUX = [Target("linux", "3.11")]


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "wheels").mkdir()
    (tmp_path / "minutes.docx").touch()
    with pytest.raises(OutputError, match=r"minutes\.docx, which is not of a kit"):
        assemble(ROOT, tmp_path, LINUX, [], print)
    assert (tmp_path / "minutes.docx").exists()


def test_an_extra_that_is_unknown_is_told_with_those_there_are(tmp_path):
    kit = tmp_path / "kit"
    with pytest.raises(UsageError) as told:
        assemble(ROOT, kit, LINUX, ["cuda"], print)
    assert "cuda" in told.value.cause and "cluster" in told.value.remedy
    assert not (kit / "SHA256SUMS").exists()
