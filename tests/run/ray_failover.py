"""A batch on a Ray cluster of two machines, one of which is killed while it works.

python ray_failover.py RECORDINGS LIBRARY LOG        prints how each job ended; LOG gets a line a call that began
"""

import os
import sys
import time
from pathlib import Path

os.environ |= {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_USAGE_STATS_ENABLED": "0"}
from ray.cluster_utils import Cluster

from pipeline.run.batch import Batch, BatchSettings
from pipeline.run.collect import Collector
from pipeline.run.workers import ray_cluster
from pipeline.run.workers.executors import Wanted, pool_for
from pipeline.store.library import Library

sys.path.insert(0, str(Path(__file__).parent))
from batches import OPTIONS, Watcher

RECORDINGS, LIBRARY, LOG = map(Path, sys.argv[1:4])
_answer = ray_cluster._answer


def slow_answer(call, number, board):
    """Long enough to be killed in."""
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"{number}\n")
    time.sleep(1.0)
    return _answer(call, number, board)


def main() -> None:
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    machines = [cluster.add_node(num_cpus=1) for _ in range(2)]
    ray_cluster._answer = slow_answer
    library = Library.open(LIBRARY, create=True)

    def kill() -> None:
        if len(machines) == 2 and LOG.exists() and len(LOG.read_text(encoding="utf-8").splitlines()) >= 2:
            cluster.remove_node(machines.pop(), allow_graceful=False)

    try:
        collector = Collector(library, RECORDINGS, OPTIONS)
        with pool_for(OPTIONS.engines, Wanted("ray", workers=2, threads=1, address=cluster.address)) as pool:
            results = Batch(library, pool, BatchSettings(pool.size), Watcher(kill), collector.look).run()
        sys.stdout.write(" ".join(ended.state for _, ended in results) + f" machines={len(machines)}\n")
    finally:
        ray_cluster.connected(cluster.address).shutdown()
        cluster.shutdown()


if __name__ == "__main__":
    main()
