"""From the name of an executor to its pool of workers."""

from collections.abc import Sequence

from pipeline.errors import UsageError
from pipeline.records.job import EngineChoice
from pipeline.run.machine import Share, share
from pipeline.run.workers.pool import InProcess, Pool, Worker
from pipeline.weights.locate import locate

EXECUTORS = ("processes", "serial")


def pool_of(executor: str, sized: Share) -> Pool:
    """Workers that start with their first call. Raises UsageError for an executor nobody knows."""
    if executor not in EXECUTORS:
        raise UsageError(f"--executor {executor}: unknown.", f"Choose from {', '.join(EXECUTORS)}.")
    workers: Sequence[Worker]
    if executor == "serial":
        workers = [InProcess()]
    else:
        from pipeline.run.workers.process import ChildProcess

        workers = [ChildProcess(sized.threads) for _ in range(sized.workers)]
    return Pool(workers)


def pool_for_one(choice: EngineChoice) -> Pool:
    """For one draft: two child processes, which share all cores and keep within 2 GB (docs/scale.md); this process
    where there is one core or little memory."""
    sized = share(_weights_bytes(choice), at_most=2)
    alone = sized.workers == 1 or choice.replay is not None  # there is nothing heavy to share
    return pool_of("serial" if alone else "processes", sized)


def sized_for(choice: EngineChoice, workers: int | None, threads: int | None) -> Share:
    """How many workers a batch has on this machine with these models; what is asked for is taken as it is."""
    return share(_weights_bytes(choice), workers, threads)


def _weights_bytes(choice: EngineChoice) -> int:
    if choice.replay is not None:
        return 0
    return sum(file.stat().st_size for file in locate(choice.model).rglob("*") if file.is_file())
