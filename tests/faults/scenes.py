"""The harm itself: each scene does it once, starts the batch again and tells what it found afterwards."""

import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.store.library import Library
from pipeline.store.queue import enqueue, retry
from pipeline.store.tables.jobs import JobState

from .rig import Ended, Material, Rig, Run

_CLOCK = Path(__file__).with_name("clock_at.py")
_LOOK_S = 0.02


@dataclass
class Found:
    """What was wrong after one try; empty everywhere when nothing was."""

    harmed: int = 1
    """How often, before the last batch was let end."""
    resumed: bool = False
    lost: list[str] = field(default_factory=list)
    """Finished before and not used, or gone, afterwards."""
    half_written: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    """From what an undisturbed batch makes, or left over."""
    unclear: list[str] = field(default_factory=list)
    """Messages and ends that do not say what is wrong."""

    @property
    def good(self) -> bool:
        return self.resumed and not (self.lost or self.half_written or self.different or self.unclear)

    def look(self, rig: Rig) -> set[str]:
        """Right after the harm. Returns what is finished."""
        self.half_written += rig.half_written()
        return rig.finished()

    def go_on(self, rig: Rig, finished: set[str]) -> None:
        """The same command again has to use what is finished and to end like an undisturbed one."""
        ended = rig.run()
        self.resumed = ended.code == 0
        if not self.resumed:
            self.unclear.append(f"the next batch ended with {ended.code}: {ended.told}")
            return
        self.lost += sorted(rig.made_again(finished))
        self.different += rig.different()

    def expect(self, ended: Ended, code: int, *words: str) -> None:
        if not ended.is_clear(code, *words):
            self.unclear.append(f"wanted {code} {words}, got {ended.code}: {ended.told}")


Scene = Callable[[Rig, random.Random], Found]


def killed(rig: Rig, chance: random.Random) -> Found:
    """The whole batch, at random instants, several times in a row."""
    found = Found(harmed=chance.randint(3, 6))
    finished: set[str] = set()
    for _ in range(found.harmed):
        rig.start().kill_after(chance.uniform(0.0, 0.8 * rig.material.seconds))
        found.lost += sorted(finished - rig.finished())
        finished = found.look(rig)
    found.go_on(rig, finished)
    return found


def killed_at_the_disk(rig: Rig, chance: random.Random) -> Found:
    """The whole batch, at a random one of the moments in which it writes; twice in a row."""
    found = Found(harmed=2)
    finished: set[str] = set()
    for _ in range(found.harmed):
        rig.run_until(chance.randint(1, rig.material.steps))
        finished = found.look(rig)
    found.go_on(rig, finished)
    return found


def worker_killed(rig: Rig, chance: random.Random) -> Found:
    """One worker, at a random instant: the batch itself goes on."""
    found = Found()
    run = rig.start()
    time.sleep(chance.uniform(0.0, rig.material.seconds))
    for worker in chance.sample(run.workers(), min(1, len(run.workers()))):
        worker.kill()
    ended = run.ended()
    if ended.code:
        found.unclear.append(f"ended with {ended.code}: {ended.told}")
    found.go_on(rig, found.look(rig))
    return found


def deadly(rig: Rig, _: random.Random) -> Found:
    """Every worker, always, as a meeting too large for the machine does: set aside with its cause, others too; asked
    again they are drafted."""
    found = Found()
    run = rig.start()
    while run.process.poll() is None:
        for worker in run.workers():
            worker.kill()
        time.sleep(_LOOK_S)
    found.expect(run.ended(), 43, "have no draft")
    found.half_written += rig.half_written()
    with closing(Library.open(rig.library)) as library:
        for name, job in rig.jobs().items():
            told = job.failure.cause + job.failure.remedy if job.failure else ""
            if job.state is not JobState.SET_ASIDE or "died (" not in told or "memory" not in told:
                found.unclear.append(f"{name}: {job.state} {told}")
            retry(library, job.id)
    found.go_on(rig, set())
    return found


def disk_full(rig: Rig, chance: random.Random) -> Found:
    """A disk too small by chance, found full somewhere in between; then room is made."""
    found = Found()
    size = sum(map(len, rig.material.expected.values())) + sum(
        path.stat().st_size for path in rig.material.folder.rglob("*") if path.is_file()
    )
    with small_disk(rig, round(size * chance.uniform(0.05, 0.9))) as resized:
        found.expect(rig.run(), 21, "no room")
        resized(f"size={size * 2 + (8 << 20)}")
        found.go_on(rig, found.look(rig))
    return found


def short_of_memory(rig: Rig, chance: random.Random) -> Found:
    """No process gets more than some address space, between too little and enough; the next batch may have all."""
    found = Found()
    ended = rig.start(before=("prlimit", f"--as={chance.randint(1_000, 4_000) << 20}")).ended()
    if ended.code:
        found.expect(ended, 43, "have no draft")
        failures = [job.failure for job in rig.jobs().values() if job.failure]
        found.unclear += [
            str(each) for each in failures if each.exit_code not in (40, 42) or "memory" not in each.cause
        ]
    finished = found.look(rig)
    with closing(Library.open(rig.library)) as library:
        for job in rig.jobs().values():
            retry(library, job.id)
    found.go_on(rig, finished)
    return found


def read_only(rig: Rig, chance: random.Random) -> Found:
    """A library that may not be written any more in mid-run, as a share that lost its rights."""
    found = Found()
    with small_disk(rig, 512 << 20) as resized:
        rig.start().kill_after(chance.uniform(0.3, 1.0) * rig.material.seconds)
        resized("ro")
        ended = rig.run()
        if ended.code not in (20, 23) or not ended.is_clear(ended.code):
            found.unclear.append(f"{ended.code}: {ended.told}")
        resized("rw")
        found.go_on(rig, found.look(rig))
    return found


def recording_removed(rig: Rig, chance: random.Random) -> Found:
    """The library's copy of a recording, in mid-run; it comes back from the backup."""
    found = Found()
    run = rig.start()
    recording = _appeared(run, lambda: next(rig.library.glob("meetings/*/recording/part-01.*"), None))
    time.sleep(chance.uniform(0.0, 0.3))
    away = rig.library.parent / "away"
    recording.replace(away)
    ended = run.ended()
    if ended.code:  # it may have been read before
        found.expect(ended, 43, "have no draft")
        failures = [job.failure for job in rig.jobs().values() if job.failure]
        found.unclear += [str(each) for each in failures if each.exit_code != 11 or not each.remedy]
    away.replace(recording)
    found.go_on(rig, found.look(rig))
    return found


def library_away(rig: Rig, chance: random.Random) -> Found:
    """The whole library, in mid-run, as a share that goes away and comes back."""
    found = Found()
    run = rig.start()
    _appeared(run, lambda: next(rig.library.glob("meetings/*/draft/work/*.json"), None))
    time.sleep(chance.uniform(0.0, 0.2))
    away = rig.library.parent / "away"
    rig.library.rename(away)
    ended = run.ended()
    if "Traceback" in ended.told or (ended.code and "error: " not in ended.told):
        found.unclear.append(f"{ended.code}: {ended.told}")
    rig.clear()
    away.rename(rig.library)
    found.go_on(rig, found.look(rig))
    return found


def damaged(rig: Rig, chance: random.Random) -> Found:
    """Some files of finished drafts, by chance: bytes changed, cut off, emptied, removed. Damaged documents may be a
    person's work: they are kept under another name."""
    found = Found()
    rig.run()
    with closing(Library.open(rig.library)) as library:
        out = {each.sources[0].name: library.workspace(each.id).out_dir for each in library.meetings()}
        harmed = {}
        for name in chance.sample(sorted(rig.material.expected), chance.randint(1, 8)):
            recording, _, inner = name.partition("/")
            harmed[name] = _harm(out[recording] / inner, chance)
        for meeting in library.meetings():
            enqueue(library, meeting.id)
    found.resumed = rig.run().code == 0
    kept = [path for folder in out.values() for path in folder.glob("*.edited-*")]
    documents = [data for name, data in harmed.items() if "/work/" not in name and data is not None]
    if sorted(path.read_bytes() for path in kept) != sorted(documents):
        found.lost.append(f"{kept}: not what was damaged of {sorted(harmed)}")
    for path in kept:
        path.unlink()
    found.different += rig.different()
    return found


def _harm(path: Path, chance: random.Random) -> bytes | None:
    """What is there afterwards; None when nothing is."""
    data = bytearray(path.read_bytes())
    kind = chance.choice(["changed", "cut off", "emptied", "removed"])
    if kind == "removed":
        path.unlink()
        return None
    if kind == "changed":
        for at in chance.sample(range(len(data)), 3):
            data[at] ^= 1 << chance.randrange(8)
    else:
        del data[chance.randrange(len(data)) if kind == "cut off" else 0 :]
    path.write_bytes(data)
    return bytes(data)


def recording_damaged(rig: Rig, chance: random.Random) -> Found:
    """The library's copy of a recording, before the batch has drafted it: told, not drafted; then it is restored."""
    found = Found()
    rig.run()
    recording = chance.choice(sorted(rig.library.glob("meetings/*/recording/*")))
    before = recording.read_bytes()
    _harm(recording, chance)
    with closing(Library.open(rig.library)) as library:
        enqueue(library, recording.parents[1].name)
    found.expect(rig.run(), 43, "have no draft")
    told = [job.failure for job in rig.jobs().values() if job.failure]
    if len(told) != 1 or told[0].exit_code not in (11, 12) or not told[0].remedy:
        found.unclear.append(str(told))
    recording.write_bytes(before)
    found.go_on(rig, found.look(rig))
    return found


def database_damaged(rig: Rig, chance: random.Random) -> Found:
    """The database, emptied of sense in the middle; the copy of last night is put back."""
    found = Found()
    rig.run()
    file = rig.library / "kaigiroku.db"
    before = file.read_bytes()
    finished = found.look(rig)
    file.write_bytes(before[: len(before) // 2] if chance.random() < 0.5 else chance.randbytes(len(before)))
    found.expect(rig.run(), 23, "kaigiroku.db", "backup")
    file.write_bytes(before)
    found.go_on(rig, finished)
    return found


def clock_turned(rig: Rig, chance: random.Random) -> Found:
    """A random date at the start, another in mid-run, a third for the next batch: some before any computer, some after
    everybody here."""
    found = Found()
    seconds = rig.material.seconds

    def date() -> str:
        year = chance.choice([1971, 1980, 2000, chance.randint(2001, 2037), 2040, 2100])
        return f"{year}-{chance.randint(1, 12):02d}-01"

    run = rig.start(_CLOCK, date(), date(), chance.uniform(0.3, 0.9) * seconds)
    if chance.random() < 0.5:
        run.kill_after(seconds * chance.uniform(0.5, 1.5))
    elif (ended := run.ended()).code:
        found.unclear.append(f"{ended.code}: {ended.told}")
    finished = found.look(rig)
    found.go_on(rig, finished)
    return found


def several_batches(rig: Rig, chance: random.Random) -> Found:
    """Two or three on one library; one of them is killed while it holds a meeting."""
    found = Found()
    runs = [rig.start() for _ in range(chance.randint(2, 3))]
    runs[0].kill_after(chance.uniform(0.4, 1.0) * rig.material.seconds)
    for run in runs[1:]:
        ended = run.ended()
        if ended.code:
            found.unclear.append(f"beside another batch: {ended.code}: {ended.told}")
    finished = found.look(rig)
    if any(job.drafts > 1 for job in rig.jobs().values()):
        found.lost.append("a meeting was drafted twice")
    found.go_on(rig, finished)
    return found


def _appeared(run: Run, look: Callable[[], Path | None]) -> Path:
    while run.process.poll() is None:
        if path := look():
            return path
        time.sleep(_LOOK_S)
    path = look()
    assert path is not None, run.ended()
    return path


@contextmanager
def small_disk(rig: Rig, size: int) -> Iterator[Callable[[str], None]]:
    """The library on a disk of so many bytes; what is yielded mounts it again with other options."""
    rig.library.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", rig.library], check=True)
    try:
        yield lambda option: subprocess.run(["mount", "-o", f"remount,{option}", rig.library], check=True) and None
    finally:
        subprocess.run(["umount", rig.library], check=True)


def may_mount() -> bool:
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True, check=False)
        return done.returncode == 0 and subprocess.run(["umount", folder], check=False).returncode == 0


def tried(scene: Scene, material: Material, folder: Path, seed: int) -> Found:
    """One try of a scene, on a library of its own that is gone afterwards."""
    folder.mkdir(parents=True)
    rig = Rig(material, folder)
    try:
        return scene(rig, random.Random(seed))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
