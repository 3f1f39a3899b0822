"""From the name of an executor to its pool of workers."""

from dataclasses import dataclass

from pipeline.errors import UsageError
from pipeline.records.job import EngineChoice
from pipeline.run.machine import Share, share
from pipeline.run.wiring import engines_for
from pipeline.run.workers.pool import InProcess, Pool
from pipeline.weights.locate import locate

EXECUTORS = ("processes", "serial", "ray")


@dataclass(frozen=True)
class Wanted:
    """What the operator asked for; None: from the machine or the cluster. address: of a running Ray cluster."""

    executor: str = "processes"
    workers: int | None = None
    threads: int | None = None
    address: str | None = None
    dashboard: bool = False


def pool_for(choice: EngineChoice, wanted: Wanted) -> Pool:
    """The workers of a batch; most start with their first call. Raises UsageError for an executor nobody knows,
    DependencyError for one that is not installed, and as engines_for: what every meeting would lack fails none."""
    engines_for(choice)
    weights = _weights_bytes(choice)
    if wanted.executor == "serial":
        return Pool([InProcess()])
    if wanted.executor == "processes":
        sized = share(weights, wanted.workers, wanted.threads)
        return _processes(sized)
    if wanted.executor == "ray":
        from pipeline.run.workers.ray_cluster import ClusterSettings, ray_workers

        threads = wanted.threads or 1
        return Pool(ray_workers(ClusterSettings(wanted.address, wanted.workers, threads, weights, wanted.dashboard)))
    raise UsageError(f"--executor {wanted.executor}: unknown.", f"Choose from {', '.join(EXECUTORS)}.")


def pool_for_one(choice: EngineChoice) -> Pool:
    """For one draft: two child processes, which share all cores and keep within 2 GB (docs/scale.md); this process
    where there is one core or little memory."""
    sized = share(_weights_bytes(choice), at_most=2)
    alone = sized.workers == 1 or choice.replay is not None  # there is nothing heavy to share
    return Pool([InProcess()], keeps=False) if alone else _processes(sized, keeps=False)


def _processes(sized: Share, keeps: bool = True) -> Pool:
    from pipeline.run.workers.process import ChildProcess

    return Pool([ChildProcess(sized.threads) for _ in range(sized.workers)], keeps)


def _weights_bytes(choice: EngineChoice) -> int:
    if choice.replay is not None:
        return 0
    return sum(file.stat().st_size for file in locate(choice.model).rglob("*") if file.is_file())
