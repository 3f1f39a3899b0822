"""Backing up, checking and restoring a library, against `cp -r` of the same files in the same run.

Usage: python benchmarks/backup.py FOLDER [MEETINGS]     (FOLDER is made and removed; 11 MB a meeting, random bytes)
"""

import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.records.meeting import Meeting
from pipeline.store.backup.folder import BackupFolder
from pipeline.store.backup.make import back_up
from pipeline.store.backup.restore import check, restore
from pipeline.store.library import Library


def main(top: Path, meetings: int = 60) -> None:
    top.mkdir()
    try:
        library = _library(top / "library", meetings)
        files = [path for path in library.folder.rglob("*") if path.is_file()]
        print(f"{meetings} meetings, {len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.0f} MB")
        baseline = _timed(lambda: _copy(library.folder, top / "copy"))
        print(f"cp -r and sync: {baseline:.1f} s")
        disk = top / "disk"
        for what, work in (
            ("first backup", lambda: back_up(library, disk, _silent)),
            ("next backup", lambda: back_up(library, disk, _silent)),
            ("check", lambda: check(BackupFolder(disk), _silent)),
            ("restore", lambda: restore(BackupFolder(disk), top / "again", _silent)),
        ):
            took = _timed(work)
            print(f"{what}: {took:.1f} s, {took / baseline:.2f} × cp")
    finally:
        shutil.rmtree(top)


def _library(folder: Path, meetings: int) -> Library:
    library = Library.open(folder, create=True)
    recording = folder.with_name("recording.opus")
    for number in range(meetings):
        recording.write_bytes(os.urandom(2_000_000))
        work = library.workspace(library.add(Meeting(name=str(number)), [(recording, "会議.opus")]).id).work_dir
        work.mkdir(parents=True)
        (work / "waveform-0123456789abcdef.wav").write_bytes(os.urandom(8_000_000))
        for each in range(10):
            (work / f"{each}.json").write_bytes(os.urandom(100_000))
        for each in range(6):
            (work.parent / f"{each}.docx").write_bytes(os.urandom(50_000))
    return library


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target)
    os.sync()


def _timed(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def _silent(_done: int, _total: int) -> None:
    """No progress is shown."""


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
