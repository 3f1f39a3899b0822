"""The long size: every scene many times, with the real models or replayed engines, as a table and as JSON.

`make faults`, or in tests/: `python -m faults --help`.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.engines import ffmpeg

from . import scenes
from .rig import ROOT, Material, measured
from .scenes import Found, Scene, may_mount, tried

REAL: dict[str, tuple[Scene, float]] = {
    "the batch killed at random instants": (scenes.killed, 0.27),
    "one worker killed at a random instant": (scenes.worker_killed, 0.2),
    "every worker killed": (scenes.deadly, 0.1),
    "too little memory": (scenes.short_of_memory, 0.2),
    "the disk full": (scenes.disk_full, 0.2),
    "the library read-only": (scenes.read_only, 0.1),
    "a recording removed in mid-run": (scenes.recording_removed, 0.1),
    "the library away in mid-run": (scenes.library_away, 0.1),
    "files of a draft damaged": (scenes.damaged, 0.2),
    "a recording damaged": (scenes.recording_damaged, 0.1),
    "the database damaged": (scenes.database_damaged, 0.1),
    "the clock turned": (scenes.clock_turned, 0.2),
    "two or three batches, one killed": (scenes.several_batches, 0.2),
}
"""By name, with the share of the tries: a try kills the batch several times; what takes a minute and has few ways to go
is tried less."""
REPLAYED = {name: (scene, 1.0) for name, (scene, _) in REAL.items() if scene is not scenes.short_of_memory} | {
    "the batch killed where it writes": (scenes.killed_at_the_disk, 1.0)
}
NEEDS_WORKERS = (scenes.deadly, scenes.worker_killed)


def main() -> None:
    wanted = _arguments()
    known = REPLAYED if wanted.replayed else REAL
    chosen = {name: known[name] for name in wanted.scene or known}
    if not may_mount():
        chosen = {name: each for name, each in chosen.items() if each[0] not in (scenes.disk_full, scenes.read_only)}
    with tempfile.TemporaryDirectory(prefix="kaigiroku-faults-") as folder:
        scratch = Path(folder)
        material = _material(scratch, wanted.replayed, wanted.seconds)
        Console(stderr=True).print(f"An undisturbed batch takes {material.seconds:.0f} s.")
        found = {}
        for name, (scene, share) in chosen.items():
            with_workers = replace(material, options=(*material.options, "--executor", "processes"))
            fitting = with_workers if scene in NEEDS_WORKERS else material
            found[name] = []
            for seed in range(wanted.seed, wanted.seed + max(1, round(wanted.tries * share))):
                found[name].append(tried(scene, fitting, scratch / "try", seed))
                _tell(name, seed, found[name][-1])
                _keep(found, wanted.json)
    _table(found)
    sys.exit(not all(each.good for tries in found.values() for each in tries))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--replayed", action="store_true")
    parser.add_argument("--tries", type=int, default=30)
    parser.add_argument("--seconds", type=int, help="of the sample meeting; left out: all of it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scene", action="append", choices=sorted({**REAL, **REPLAYED}))
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _material(scratch: Path, replayed: bool, seconds: int | None) -> Material:
    """The sample meeting, or its first seconds, with its meeting.toml, and a sentence somebody has really spoken."""
    recordings = scratch / "recordings"
    (recordings / "council").mkdir(parents=True)
    shutil.copy(ROOT / "audio_samples" / "meeting.toml", recordings / "council")
    cut = ["-t", str(seconds)] if seconds else []
    command = [ffmpeg.program(), "-v", "error", "-i", ROOT / "audio_samples" / "meeting.opus", *cut, "-c", "copy"]
    subprocess.run([*command, recordings / "council" / "meeting.opus"], check=True)
    shutil.copy(ROOT / "tests" / "data" / "speech" / "common_voice_ja_32510820.mp3", recordings)
    options = ("--workers", "2", "--threads", "1")
    if replayed:
        options = (*options, "--executor", "serial", "--replay", str(ROOT / "tests" / "data" / "replay_short"))
    (scratch / "undisturbed").mkdir()
    return measured(recordings, options, scratch / "undisturbed")


def _keep(found: dict[str, list[Found]], file: Path | None) -> None:
    if file is not None:  # after every try: this takes an hour
        counted = {name: _counts(each) for name, each in found.items()}
        file.write_text(json.dumps(counted, indent=1) + "\n", encoding="utf-8")


def _counts(tries: Iterable[Found]) -> dict[str, int]:
    every = [asdict(found) for found in tries]
    kinds = ("lost", "half_written", "different", "unclear")
    return {
        "tries": len(every),
        "harmed": sum(found["harmed"] for found in every),
        "resumed": sum(found["resumed"] for found in every),
        **{kind: sum(bool(found[kind]) for found in every) for kind in kinds},
    }


def _table(found: dict[str, list[Found]]) -> None:
    table = Table(
        "what happens", "tries", "times", "resumed", "lost", "half-written", "byte-different", "unclear", box=None
    )
    for name, tries in found.items():
        table.add_row(name, *map(str, _counts(tries).values()))
    Console(width=110).print(table)


def _tell(name: str, seed: int, found: Found) -> None:
    sys.stderr.write(f"{name}, seed {seed}: {'good' if found.good else found}\n")


if __name__ == "__main__":
    main()
