"""A batch on a Ray cluster of two machines, one of which is killed while it works: python ray_failover.py FOLDER LIBRARY
LOG. Every call writes a line into LOG when it begins."""

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

LOG = Path(sys.argv[3])
_answer = ray_cluster._answer


def slow_answer(call, number, board):
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"{os.environ['RAY_NODE_ID'] if 'RAY_NODE_ID' in os.environ else ''} {number}\n")
    time.sleep(1.0)
    return _answer(call, number, board)


def main() -> None:
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    machines = [cluster.add_node(num_cpus=1) for _ in range(2)]
    ray_cluster._answer = slow_answer
    library = Library.open(Path(sys.argv[2]), create=True)

    def kill() -> None:
        if machines and LOG.exists() and len(LOG.read_text(encoding="utf-8").splitlines()) >= 3:
            cluster.remove_node(machines.pop(), allow_graceful=False)

    collector = Collector(library, Path(sys.argv[1]), OPTIONS)
    with pool_for(OPTIONS.engines, Wanted("ray", address=cluster.address)) as pool:
        assert pool.size == 2
        results = Batch(library, pool, BatchSettings(pool.size), Watcher(kill), collector.look).run()
    print(*(ended.state for _, ended in results))


if __name__ == "__main__":
    main()
