"""Runs `kaigiroku` and kills it, with all it has started, at the n-th time it touches the disk below a folder.

Usage: python die_at.py N FOLDER ARGUMENTS OF kaigiroku            N = 0: nothing is killed, the touches are counted
"""

import itertools
import os
import sys
from pathlib import Path

import psutil
from sqlalchemy import Engine, event

_TOUCHES = frozenset(["open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod"])


class Fate:
    def __init__(self, number: int, folder: str) -> None:
        self.count = 0
        self._number = number
        self._folder = folder
        self._counter = itertools.count(1)

    def audit(self, name: str, arguments: tuple[object, ...]) -> None:
        if name in _TOUCHES and isinstance(arguments[0], str | Path) and str(arguments[0]).startswith(self._folder):
            self.touch()

    def touch(self, *_: object) -> None:
        self.count = next(self._counter)
        if self.count == self._number:
            ours = psutil.Process()
            for child in ours.children(recursive=True):
                child.kill()
            ours.kill()


def main() -> None:
    number, folder = int(sys.argv[1]), sys.argv[2]
    fate = Fate(number, folder)
    sys.addaudithook(fate.audit)
    event.listen(Engine, "commit", fate.touch)
    synced = os.fsync

    def fsync(handle: int) -> None:
        fate.touch()
        synced(handle)

    os.fsync = fsync
    sys.argv = ["kaigiroku", *sys.argv[3:]]
    from pipeline.cli.main import main as kaigiroku

    try:
        kaigiroku()
    finally:
        if number == 0:
            sys.stderr.write(f"touched the disk {fate.count} times\n")


if __name__ == "__main__":
    main()
