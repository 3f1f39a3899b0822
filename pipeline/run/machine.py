"""What this machine, or the share of it that a container was given, has to work with."""

import os
from dataclasses import dataclass
from pathlib import Path

import psutil

_CGROUP = Path("/sys/fs/cgroup")
_SPARE_BYTES = 1 << 30
"""Left to the system and to whoever else works on the machine."""
_BESIDE_MODEL_BYTES = 900 << 20
"""A worker's peak without the recogniser's weights: libraries, the diarizer's models, buffers (docs/scale.md)."""
_ROOM_FOR_WEIGHTS = 2.0
"""Memory of the loaded recogniser and its buffers by the size of its weights."""


@dataclass(frozen=True)
class Share:
    """How many workers, and how many threads each computes with."""

    workers: int
    threads: int


def cores() -> int:
    """Processors this process may use: its affinity and its control group's quota are respected."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _read(_CGROUP / "cpu.max").split()
    if len(quota) == 2 and quota[0].isdigit():
        count = min(count, max(1, int(quota[0]) // int(quota[1])))
    return count


def memory_bytes() -> int:
    """Memory of this machine, or what its control group leaves us."""
    total = int(psutil.virtual_memory().total)
    limit = _read(_CGROUP / "memory.max").strip()
    return min(total, int(limit)) if limit.isdigit() else total


def share(
    weights_bytes: int, workers: int | None = None, threads: int | None = None, at_most: int | None = None
) -> Share:
    """As many workers as cores, as far as memory lasts; what is asked for is taken as it is. weights_bytes: of the
    recogniser. One thread each: two workers of one thread do more than one of two (docs/scale.md)."""
    most = min(max(1, cores() // (threads or 1)), at_most or cores())
    fitting = max(0, memory_bytes() - _SPARE_BYTES) // worker_bytes(weights_bytes)
    count = workers or max(1, min(most, fitting))
    return Share(count, threads or max(1, cores() // count))


def worker_bytes(weights_bytes: int) -> int:
    """Memory of a worker at its peak. weights_bytes: of the recogniser."""
    return round(_BESIDE_MODEL_BYTES + _ROOM_FOR_WEIGHTS * weights_bytes)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except OSError:
        return ""
