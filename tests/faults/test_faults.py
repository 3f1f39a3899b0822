"""The short size of the harness: replayed engines, tones as recordings, instants chosen by a fixed seed."""

import dataclasses
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from . import scenes
from .rig import ROOT, Material, measured
from .scenes import Found, Scene, may_mount, tried

sys.path.insert(0, str(ROOT / "tests" / "run"))
from batches import REPLAY, tone

TRIES: dict[str, tuple[Scene, int]] = {
    "killed where it writes": (scenes.killed_at_the_disk, 1),
    "killed where it writes, otherwise": (scenes.killed_at_the_disk, 2),
    "a meeting that kills its workers": (scenes.deadly, 0),
    "disk full": (scenes.disk_full, 3),
    "read only": (scenes.read_only, 3),
    "recording removed": (scenes.recording_removed, 1),
    "library away": (scenes.library_away, 1),
    "files damaged": (scenes.damaged, 2),
    "recording damaged": (scenes.recording_damaged, 1),
    "database damaged": (scenes.database_damaged, 1),
    "clock turned": (scenes.clock_turned, 201),
    "several batches": (scenes.several_batches, 1),
}
ON_A_SMALL_DISK = (scenes.disk_full, scenes.read_only)
OPEN_FILES_MOVED = (scenes.recording_removed, scenes.library_away)
OPTIONS = ("--replay", str(REPLAY), "--workers", "1", "--threads", "1")


@pytest.fixture(scope="module")
def tries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Found]]]:
    """All of them, two at a time."""
    recordings = tmp_path_factory.mktemp("recordings")
    for name in ("first", "second"):
        tone(recordings / f"{name}.wav")
    material = measured(recordings, (*OPTIONS, "--executor", "serial"), tmp_path_factory.mktemp("undisturbed"))
    with ThreadPoolExecutor(2) as threads:
        yield {
            name: threads.submit(tried, scene, _with_workers(material, scene), tmp_path_factory.mktemp("t") / "t", seed)
            for name, (scene, seed) in TRIES.items()
            if _cannot(scene) is None
        }


def _with_workers(material: Material, scene: Scene) -> Material:
    """One that kills workers needs some."""
    return material if scene is not scenes.deadly else dataclasses.replace(material, options=OPTIONS)


def _cannot(scene: Scene) -> str | None:
    if scene in ON_A_SMALL_DISK and not may_mount():
        return "may not mount a small disk here"
    if scene in OPEN_FILES_MOVED and os.name == "nt":
        return "Windows keeps open files where they are"
    return None


@pytest.mark.parametrize("name", TRIES)
def test_nothing_is_lost_and_the_next_batch_ends_the_same(name: str, tries: dict[str, Future[Found]]):
    if reason := _cannot(TRIES[name][0]):
        pytest.skip(reason)
    found = tries[name].result()
    assert found.good, found
