import errno
import os
from pathlib import Path

import pytest

from pipeline.errors import DiskFullError, OutputError
from pipeline.store import files
from pipeline.store.files import write_bytes_atomic, write_text_atomic


def test_writes_replaces_and_returns_the_path(tmp_path: Path) -> None:
    target = tmp_path / "会議録.txt"
    assert write_text_atomic(target, "一\n") == target
    write_text_atomic(target, "二\n")
    assert target.read_bytes() == "二\n".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["会議録.txt"]


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_only_the_owner_may_read(tmp_path: Path) -> None:
    target = tmp_path / "minutes.txt"
    target.write_text("open to all", encoding="utf-8")
    target.chmod(0o644)
    write_text_atomic(target, "closed")
    assert target.stat().st_mode & 0o777 == 0o600


def _full(_: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_keeps_the_old_file_and_leaves_no_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "minutes.txt"
    target.write_text("old", encoding="utf-8")
    monkeypatch.setattr(files.os, "fsync", _full)
    with pytest.raises(DiskFullError, match="no room"):
        write_bytes_atomic(target, b"new")
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_somebody_looks_into_on_windows_is_replaced_a_moment_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = iter([True, True, False])
    replaced = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if next(refusals):
            raise PermissionError(errno.EACCES, "The process cannot access the file")
        return replaced(self, target)

    monkeypatch.setattr(files, "_WINDOWS", True)
    monkeypatch.setattr(files, "_LOOK_S", 0.0)
    monkeypatch.setattr(Path, "replace", replace)
    assert write_text_atomic(tmp_path / "minutes.txt", "new").read_text(encoding="utf-8") == "new"
    assert next(refusals, None) is None


def test_an_interruption_leaves_no_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_bytes_atomic(tmp_path / "minutes.txt", b"new")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "minutes.txt").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        write_text_atomic(tmp_path / "minutes.txt", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["minutes.txt"]


def test_a_parent_that_is_missing_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for parent in ("missing", "file"):
        with pytest.raises(OutputError, match="cannot be written"):
            write_text_atomic(tmp_path / parent / "minutes.txt", "x")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="Permission denied"):
            write_text_atomic(tmp_path / "minutes.txt", "x")
    finally:
        tmp_path.chmod(0o700)
