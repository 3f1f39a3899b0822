"""Calls as tasks of a Ray cluster. Ray finds them a machine with room, and does them again elsewhere when a process or
a machine dies; machines that join later get work by themselves. Nothing of that is rebuilt here."""

import itertools
import logging
import os
import time
from dataclasses import dataclass
from typing import Any

from pipeline.contracts import Progress
from pipeline.errors import DependencyError, WorkerDiedError
from pipeline.run.machine import worker_bytes
from pipeline.run.workers.calls import Bench, Call

_LOOK_S = 1.0
_GPU_SHARE = 0.5
"""Of a GPU for one call: while one loads or pools, the other computes. More would each hold the models."""
_LIGHT_BYTES = 500 << 20
"""Decoding a recording and finding speech need no models to speak of."""
_AGAIN = 1
"""How often Ray does a call again whose process or machine died."""
_numbers = itertools.count()
_bench = Bench()
"""In each process of the cluster: models stay open from call to call."""


@dataclass(frozen=True)
class ClusterSettings:
    """address: of a running cluster; None: one is started on this machine, reachable from nowhere else. weights_bytes:
    of the recogniser, to reserve memory."""

    address: str | None
    workers: int | None
    threads: int
    weights_bytes: int
    dashboard: bool = False


class RayWorker:
    """Room for one call in the cluster."""

    def __init__(self, cluster: "_Cluster") -> None:
        self._cluster = cluster

    def run(self, call: Call, tell: Progress) -> Any:
        ray = self._cluster.ray
        number = next(_numbers)
        answer = self._cluster.task(call.kind).remote(call, number, self._cluster.board)
        try:
            while not ray.wait([answer], timeout=_LOOK_S)[0]:
                tell(self._cluster.reached(number))
            return ray.get(answer)
        except ray.exceptions.RayTaskError as error:
            raise error.cause if isinstance(error.cause, Exception) else RuntimeError(_line(error)) from error
        except (
            ray.exceptions.NodeDiedError
        ) as error:  # one death: until Ray knows of it, it may try a dead machine again
            raise WorkerDiedError(
                f"A machine of the cluster died ({_line(error)}).", "Look at the machines (ray status)."
            ) from error
        except ray.exceptions.RayError as error:
            raise WorkerDiedError(
                f"The process at work in the cluster died, and the one that took its place too ({_line(error)}).",
                "Look at the memory of the machines (ray status), or use a smaller --model.",
                deaths=1 + _AGAIN,
            ) from error
        except BaseException:  # the caller gave up
            ray.cancel(answer)
            raise

    def close(self) -> None: ...


class _Cluster:
    """The connection, what calls need of a machine, and the board on which they write how far they are."""

    def __init__(self, ray: Any, settings: ClusterSettings) -> None:
        self.ray = ray
        here = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(
            ray.get_runtime_context().get_node_id(), soft=False
        )  # on a machine that dies it would take every call with it
        self.board = ray.remote(_Board).options(num_cpus=0, scheduling_strategy=here).remote()
        self._fractions: dict[int, float] = {}
        self._asked = float("-inf")
        heavy: dict[str, Any] = {"num_cpus": settings.threads, "memory": worker_bytes(settings.weights_bytes)}
        light = heavy
        if ray.cluster_resources().get("GPU"):
            # Processes with an environment of their own: models on a GPU are held by as many as may use it at a time.
            own = {"env_vars": {"KAIGIROKU_WORKER": "gpu"}}
            light = {"num_cpus": 1, "memory": _LIGHT_BYTES}
            heavy = heavy | {"num_cpus": 1, "num_gpus": _GPU_SHARE, "runtime_env": own}
        self.room = max(1, sum(_room(node["Resources"], heavy) for node in ray.nodes() if node["Alive"]))
        task = ray.remote(max_calls=0)(_answer)  # a process stays after a call on a GPU too, with its models
        again = {"max_retries": _AGAIN, "scheduling_strategy": "SPREAD"}
        self._light, self._heavy = task.options(**light, **again), task.options(**heavy, **again)

    def task(self, kind: str) -> Any:
        return self._heavy if kind in ("transcriber", "diarizer") else self._light

    def reached(self, number: int) -> float:
        """Asked by all calls together about once a second."""
        now = time.monotonic()
        if now - self._asked >= _LOOK_S:
            self._asked = now
            self._fractions = self.ray.get(self.board.read.remote())
        return self._fractions.get(number, 0.0)


class _Board:
    """An actor that remembers how far each call is."""

    def __init__(self) -> None:
        self._fractions: dict[int, float] = {}

    def write(self, number: int, fraction: float) -> None:
        self._fractions[number] = fraction

    def read(self) -> dict[int, float]:
        return self._fractions


def _answer(call: Call, number: int, board: Any) -> Any:
    """The task itself, in a process of the cluster."""
    told = float("-inf")

    def tell(fraction: float) -> None:
        nonlocal told
        if time.monotonic() - told >= _LOOK_S:
            told = time.monotonic()
            board.write.remote(number, fraction)

    return _bench.answer(call, tell)


def ray_workers(settings: ClusterSettings) -> list[RayWorker]:
    """As many as the cluster has room for, or as were asked for. Raises DependencyError without Ray."""
    cluster = _Cluster(connected(settings.address, settings.dashboard), settings)
    return [RayWorker(cluster) for _ in range(settings.workers or cluster.room)]


def connected(address: str | None, dashboard: bool = False) -> Any:
    """The ray module, connected. No usage statistics, and nothing listens beyond this machine unless a cluster is
    named; never one that somebody else has left running here, or whose traces lie in Ray's temporary folder."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # before it is imported
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    if address is None:
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # what makes Ray bind to loopback, on Linux too
    try:
        import ray
    except ImportError:
        raise DependencyError("Ray is not installed.", "pip install 'kaigiroku[cluster]'.") from None
    if not ray.is_initialized():
        told = {"logging_level": logging.ERROR, "log_to_driver": False}
        ray.init(address=address or "local", include_dashboard=dashboard, **told)
    return ray


def _room(node: dict[str, float], needs: dict[str, Any]) -> int:
    """How many calls with these needs one machine has room for."""
    names = {"num_cpus": "CPU", "num_gpus": "GPU", "memory": "memory"}
    return int(min(node.get(names[need], 0.0) // amount for need, amount in needs.items() if need in names))


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1][:200]
