"""How a machine is shared between workers: cores and memory are respected, and what is asked for is taken."""

import pytest

from pipeline.run import machine
from pipeline.run.machine import Share, share

GIB = 1 << 30
BASE = 150 << 20


@pytest.fixture
def sized(monkeypatch: pytest.MonkeyPatch):
    def of(cores: int, memory_gib: float) -> None:
        monkeypatch.setattr(machine, "cores", lambda: cores)
        monkeypatch.setattr(machine, "memory_bytes", lambda: int(memory_gib * GIB))

    return of


@pytest.mark.parametrize(
    ("cores", "memory_gib", "weights", "expected"),
    [
        (2, 8, BASE, Share(2, 1)),
        (2, 2, BASE, Share(1, 2)),  # memory for one: it gets both cores
        (1, 1, BASE, Share(1, 1)),
        (8, 16, BASE, Share(8, 1)),
        (16, 16, 3 * GIB, Share(2, 8)),  # a large model
    ],
)
def test_cores_as_far_as_memory_lasts(sized, cores: int, memory_gib: float, weights: int, expected: Share):
    sized(cores, memory_gib)
    assert share(weights) == expected


def test_what_is_asked_for_is_taken(sized):
    sized(8, 16)
    assert share(BASE, workers=3) == Share(3, 2)
    assert share(BASE, threads=4) == Share(2, 4)
    assert share(BASE, workers=2, threads=3) == Share(2, 3)
    assert share(BASE, at_most=2) == Share(2, 4)


def test_this_machine_has_something():
    assert machine.cores() >= 1 and machine.memory_bytes() > 100 << 20


def test_a_containers_quota_counts(monkeypatch: pytest.MonkeyPatch, tmp_path):
    (tmp_path / "cpu.max").write_text("150000 100000\n", encoding="ascii")
    (tmp_path / "memory.max").write_text("1073741824\n", encoding="ascii")
    monkeypatch.setattr(machine, "_CGROUP", tmp_path)
    assert machine.cores() == 1 and machine.memory_bytes() == GIB
    (tmp_path / "cpu.max").write_text("max 100000\n", encoding="ascii")
    (tmp_path / "memory.max").write_text("max\n", encoding="ascii")
    assert machine.memory_bytes() > GIB
