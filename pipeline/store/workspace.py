"""One object owns all paths of a job: documents for people in the output folder, the machine's artifacts below it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import BusyError, OutputError
from pipeline.store.files import forget_unfinished


class Workspace:
    """The output folder of one meeting. Opening makes it; nothing else is written before the first stage ends."""

    def __init__(self, out_dir: Path) -> None:
        self.out_dir = out_dir
        self.work_dir = out_dir / "work"
        self.run_file = out_dir / "run.json"
        self.written_file = self.work_dir / "written.json"

    @contextmanager
    def opened(self) -> Iterator["Workspace"]:
        """Create the folders, readable by their owner only, and keep other runs out.

        Raises OutputError when the folder cannot be used, BusyError when another run is in it.
        """
        found = self.out_dir.exists()
        try:
            self.out_dir.mkdir(parents=True, exist_ok=True)
            self.work_dir.mkdir(exist_ok=True)
            if os.name == "posix":
                self.work_dir.chmod(0o700)
            lock = FileLock(self.work_dir / ".lock", timeout=0)
            lock.acquire()
        except (FileExistsError, NotADirectoryError):
            raise OutputError(
                f"{self.out_dir}: is not a folder.", "Name another folder with --out.", file=self.out_dir
            ) from None
        except Timeout:
            raise BusyError(
                f"{self.out_dir}: another run of kaigiroku works in this folder.",
                "Wait for it to end, or name another folder with --out.",
                file=self.out_dir,
            ) from None
        except OSError as error:
            raise OutputError(
                f"{self.out_dir}: cannot be written to ({error.strerror}).",
                "Check its permissions, or name another folder with --out.",
                file=self.out_dir,
            ) from None
        for folder in (self.out_dir, self.work_dir):
            forget_unfinished(folder)
        try:
            yield self
        finally:
            lock.release()
            if not self.has_results():
                self._leave_nothing(folder_too=not found)

    def has_results(self) -> bool:
        """Whether any stage was ever finished here."""
        return any(self.work_dir.glob("*.json"))

    def _leave_nothing(self, folder_too: bool) -> None:
        with suppress(OSError):  # somebody else's file keeps the folder, rightly
            (self.work_dir / ".lock").unlink(missing_ok=True)
            self.work_dir.rmdir()
            if folder_too:
                self.out_dir.rmdir()

    def artifact(self, stage: str) -> Path:
        return self.work_dir / f"{stage}.json"

    def waveform(self, ingest_key: str) -> Path:
        """Named by the key of the ingest that makes it, so that a record never describes another waveform."""
        return self.work_dir / f"waveform-{ingest_key[:16]}.wav"

    def forget_other_waveforms(self, keep: Path) -> None:
        """Remove waveforms of recordings this folder no longer drafts."""
        for old in self.work_dir.glob("waveform-*.wav"):
            if old != keep:
                old.unlink(missing_ok=True)
