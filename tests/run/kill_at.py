"""Runs `kaigiroku` and dies without warning (as if the power failed) right before or after one stage is written.

Usage: python kill_at.py before|after STAGE -- ARGUMENTS OF kaigiroku
"""

import os
import sys
from pathlib import Path

from pipeline.records.base import Record
from pipeline.run import execute
from pipeline.store import artifacts


def deadly_write(moment: str, stage: str):
    def write(path: Path, key: str, record: Record) -> None:
        if path.stem != stage:
            artifacts.write_artifact(path, key, record)
            return
        if moment == "after":
            artifacts.write_artifact(path, key, record)
        os._exit(9)

    return write


if __name__ == "__main__":
    moment, stage = sys.argv[1:3]
    execute.write_artifact = deadly_write(moment, stage)
    sys.argv = ["kaigiroku", *sys.argv[4:]]
    from pipeline.cli.main import main

    main()
