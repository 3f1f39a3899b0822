"""Recordings on any file system fsspec knows, and what is said when one cannot be reached."""

from pathlib import Path

import pytest
from typer.testing import CliRunner
from upath import UPath

from pipeline.cli.batch import app as batch
from pipeline.errors import DependencyError, UsageError
from pipeline.records.job import DraftOptions
from pipeline.run.collect import Collector
from pipeline.run.places import place
from pipeline.store.library import Library
from tests.engines.decoder_cases import tone


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """A folder with one recording on a file system that is no disk."""
    tone(tmp_path / "tone.wav")
    folder = UPath("memory://minutes") / tmp_path.name
    folder.mkdir(parents=True)
    (folder / "録音 1.wav").write_bytes((tmp_path / "tone.wav").read_bytes())
    return place(str(folder))


def test_a_recording_of_another_file_system_is_copied_in_whole(share: Path, tmp_path: Path) -> None:
    library = Library.open(tmp_path / "library", create=True)
    collector = Collector(library, share, DraftOptions(), 0, False)
    while collector.look():
        pass
    (meeting,) = library.meetings()
    (copy,) = library.recordings(meeting)
    assert copy.read_bytes() == (tmp_path / "tone.wav").read_bytes()
    assert not collector.failures


def test_a_missing_driver_and_an_unknown_kind_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="not a place"):
        place("bogus://minutes/a")
    monkeypatch.setitem(__import__("sys").modules, "s3fs", None)
    with pytest.raises(DependencyError, match="driver is not installed"):
        place("s3://minutes/a")


def test_what_a_driver_says_in_its_own_errors_is_told(
    share: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoCredentialsError(Exception):
        """As botocore's: no OSError."""

    def refused(*_: object) -> None:
        raise NoCredentialsError("Unable to locate credentials")

    monkeypatch.setattr(type(share), "is_dir", refused)
    library = Library.open(tmp_path / "library", create=True)
    with pytest.raises(UsageError, match="NoCredentialsError: Unable to locate"):
        Collector(library, share, DraftOptions(), 0, False).look()


def test_a_mistyped_folder_leaves_no_library_behind(tmp_path: Path) -> None:
    result = CliRunner().invoke(batch, ["run", str(tmp_path / "録音"), "--library", str(tmp_path / "library")])
    assert result.exit_code == UsageError.exit_code
    assert "neither a folder nor a CSV list" in result.output
    assert not (tmp_path / "library").exists()
