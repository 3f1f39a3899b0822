"""One library and the real command over it, in processes that can be killed; and what a look into the library tells."""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from pipeline.store.library import Library
from pipeline.store.tables.jobs import JobRow, JobState

ROOT = Path(__file__).parents[2]
_MAIN = "from pipeline.cli.main import main; main()"
_HERE = Path(__file__).parent
_PATIENCE_S = 600
_STAGES_LEFT_ALONE = frozenset(["run.json", ".lock"])
"""run.json tells seconds; the lock is no result."""


@dataclass(frozen=True)
class Material:
    """Recordings, the options that draft them, and what an undisturbed batch made of them in how many seconds."""

    folder: Path
    options: tuple[str, ...]
    expected: dict[str, bytes] = field(default_factory=dict)
    seconds: float = 0.0
    steps: int = 0
    """How often it touched the disk."""


@dataclass(frozen=True)
class Ended:
    """How a command ended. code: negative for a signal."""

    code: int
    told: str

    def is_clear(self, code: int, *words: str) -> bool:
        """With this exit code, a cause with these words and a remedy, and no traceback."""
        said = all(word in self.told for word in ("error: ", "next: ", *words))
        return self.code == code and said and "Traceback" not in self.told


class Rig:
    """A library that is worked on. folder: empty."""

    def __init__(self, material: Material, folder: Path) -> None:
        self.material = material
        self.library = folder / "library"
        self.env = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"}
        for place in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):  # no dictionary of anybody's
            self.env[place] = str(folder / "home")

    def start(self, *how: object, before: Sequence[str] = ()) -> "Run":
        """The batch over the recordings. how: a script that runs it, and what that script is told. before: a command
        that runs another."""
        command = [*before, sys.executable, *(map(str, how or ("-c", _MAIN))), "batch", str(self.material.folder)]
        return Run([*command, "--library", str(self.library), *self.material.options], self.env)

    def run(self, *how: object) -> Ended:
        return self.start(*how).ended()

    def run_until(self, touch: int) -> Ended:
        """Killed at this touch of the disk; 0: never, they are counted."""
        return self.run(_HERE / "die_at.py", touch, self.library)

    def jobs(self) -> dict[str, JobRow]:
        """By the name of the recording; empty while there is no library."""
        if not (self.library / "kaigiroku.db").is_file():
            return {}
        with closing(Library.open(self.library)) as library, library.database.reading() as session:
            found = session.query(JobRow).all()
            return {library.meeting(job.meeting_id).sources[0].name: job for job in found}

    def results(self) -> dict[str, bytes]:
        """What machines made: recording/file → bytes."""
        found: dict[str, bytes] = {}
        with closing(Library.open(self.library)) as library:
            for meeting in library.meetings():
                out = library.workspace(meeting.id).out_dir
                for path in _visible(out):
                    if path.name not in _STAGES_LEFT_ALONE:
                        found[f"{meeting.sources[0].name}/{path.relative_to(out).as_posix()}"] = path.read_bytes()
        return found

    def finished(self) -> set[str]:
        """recording/stage of every result that is whole and right; and recording/done of every draft that is done."""
        if not (self.library / "kaigiroku.db").is_file():
            return set()
        right = {name for name, data in self.results().items() if self.material.expected.get(name) == data}
        stages = {name.replace("work/", "").removesuffix(".json") for name in right if "/work/" in name}
        done = {f"{name}/done" for name, job in self.jobs().items() if job.state is JobState.DONE}
        return {stage for stage in stages if "written" not in stage and "waveform" not in stage} | done

    def half_written(self) -> list[str]:
        """Files under their own names that are not whole; each that is whole has the bytes that it will always have."""
        if not (self.library / "kaigiroku.db").is_file():
            return []
        wrong = [name for name, data in self.results().items() if not self._is_whole(name, data)]
        for file in self.library.glob("meetings/*/draft/run.json"):
            try:
                json.loads(file.read_text(encoding="utf-8"))
            except ValueError:
                wrong.append(str(file))
        with closing(sqlite3.connect(self.library / "kaigiroku.db")) as database:
            if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                wrong.append("kaigiroku.db")
        with closing(Library.open(self.library)) as library:
            for meeting in library.meetings():
                for path, source in zip(library.recordings(meeting), meeting.sources, strict=True):
                    if hashlib.sha256(path.read_bytes()).hexdigest() != source.sha256:
                        wrong.append(source.name)
        return wrong

    def _is_whole(self, name: str, data: bytes) -> bool:
        if name.endswith("/written.json"):  # holds more while documents are being written
            return isinstance(json.loads(data), dict)
        return self.material.expected.get(name) == data

    def different(self) -> list[str]:
        """What an undisturbed batch has made otherwise, and what is left over."""
        expected, found = self.material.expected, self.results()
        wrong = [name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)]
        with closing(Library.open(self.library)) as library:
            ours = {meeting.id for meeting in library.meetings()}
        wrong += [path.name for path in (self.library / "meetings").iterdir() if path.name not in ours]
        wrong += [path.name for path in self.library.rglob("*.part")]
        owners = self.library / "owners"
        return wrong + [path.name for path in (owners.iterdir() if owners.is_dir() else ())]

    def made_again(self, finished: set[str]) -> set[str]:
        """Of what was finished, what a later run has not used."""
        lost = {name for name in finished if name.endswith("/done") and not self._is_done(name.split("/")[0])}
        with closing(Library.open(self.library)) as library:
            for meeting in library.meetings():
                name = meeting.sources[0].name
                report = json.loads(library.workspace(meeting.id).run_file.read_text(encoding="utf-8"))
                if f"{name}/done" not in finished:  # those were left alone
                    again = {stage["stage"] for stage in report["stages"] if not stage["reused"]}
                    lost |= {f"{name}/{stage}" for stage in again} & finished
        return lost

    def _is_done(self, name: str) -> bool:
        return self.jobs()[name].state is JobState.DONE

    def clear(self) -> None:
        shutil.rmtree(self.library, ignore_errors=True)


class Run:
    """A command at work, in a process group of its own."""

    def __init__(self, command: Sequence[str], env: dict[str, str]) -> None:
        apart: dict[str, object] = {"start_new_session": True}
        if os.name == "nt":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, env=env, cwd=ROOT, **pipes, **apart)  # type: ignore[call-overload]

    def workers(self) -> list[psutil.Process]:
        """The Python processes it has started, not the programs that these use."""
        with suppress(psutil.Error):
            return [child for child in psutil.Process(self.process.pid).children() if _is_worker(child)]
        return []

    def kill(self) -> None:
        """It and all it has started, at once and without warning."""
        with suppress(psutil.Error):
            whole = psutil.Process(self.process.pid)
            for each in [whole, *whole.children(recursive=True)]:
                with suppress(psutil.Error):
                    each.kill()

    def kill_after(self, seconds: float) -> Ended:
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        self.kill()
        return self.ended()

    def ended(self) -> Ended:
        told = self.process.communicate(timeout=_PATIENCE_S)[1].decode("utf-8", "replace")
        return Ended(self.process.returncode, told)


def _is_worker(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return "spawn_main" in " ".join(process.cmdline())
    return False


def _visible(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]


def measured(folder: Path, options: tuple[str, ...], scratch: Path) -> Material:
    """The material, with what an undisturbed batch makes of it. Raises RuntimeError when it does not succeed."""
    rig = Rig(Material(folder, options), scratch)
    began = time.monotonic()
    ended = rig.run_until(0)  # counts the touches
    seconds = time.monotonic() - began
    steps = re.search(r"touched the disk (\d+) times", ended.told)
    if ended.code or steps is None:
        raise RuntimeError(f"the undisturbed batch ended with {ended.code}: {ended.told}")
    return Material(folder, options, rig.results(), seconds, int(steps[1]))
