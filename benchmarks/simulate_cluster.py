"""How many nights a year of recordings takes on N machines: a simulation from measured stage times, with machines that
fail. Nothing is recognised here; benchmarks/draft.py and benchmarks/batch.py give the times.

python benchmarks/simulate_cluster.py --whole S --spread S [--hours H] [--nodes N …] [--workers W] [--night H]
"""

import argparse
import heapq
import random
import statistics
from collections import deque
from dataclasses import dataclass

MEETING_HOURS = (1.6, 0.6)
"""Median and sigma of the log-normal length of a meeting: most last one to three hours, one in a hundred over six."""
LONGEST_HOURS = 8.0


@dataclass(frozen=True)
class Cost:
    """Worker-seconds (one thread) per second of recording: what cannot be parted, and what is spread over workers."""

    whole: float
    spread: float


@dataclass
class Outcome:
    """nights: until the last draft. busy: share of the workers' night time at work. again: worker-hours done twice
    because a machine failed."""

    nights: float
    busy: float
    failures: int
    again: float


def meetings(hours: float, dice: random.Random) -> list[float]:
    """Lengths in hours that add up to `hours` or just above."""
    median, sigma = MEETING_HOURS
    lengths: list[float] = []
    while sum(lengths) < hours:
        lengths.append(min(LONGEST_HOURS, max(0.2, median * dice.lognormvariate(0, sigma))))
    return lengths


def simulate(lengths: list[float], nodes: int, workers: int, cost: Cost, night_h: float, failure: float) -> Outcome:
    """One call after the other on each worker, as the queue gives them; a machine that fails loses the calls it was at,
    which are done again elsewhere, and is back the next night. failure: chance per machine and night."""
    dice = random.Random(nodes)
    parts = [part for hours in lengths for part in _calls(hours, cost)]
    queue, total_h, failures, again, night = deque(parts), sum(parts), 0, 0.0, 0
    last = 0.0
    while queue:
        dies = {node: dice.uniform(0, night_h) for node in range(nodes) if dice.random() < failure}
        free = [(0.0, node) for node in range(nodes) for _ in range(workers)]
        heapq.heapify(free)
        while queue and free:
            now, node = heapq.heappop(free)
            if now >= night_h:
                continue
            call = queue.popleft()
            if node in dies and now + call > dies[node]:
                queue.appendleft(call)
                again += max(0.0, dies[node] - now)
                continue
            last = night * night_h + now + call
            heapq.heappush(free, (now + call, node))
        failures += len(dies)
        night += 1
    nights = last / night_h
    return Outcome(nights, total_h / (nights * night_h * nodes * workers), failures, again)


def _calls(hours: float, cost: Cost) -> list[float]:
    """Worker-hours of a meeting's calls: diarization and the like in one, recognition in groups of some minutes."""
    groups = max(1, round(hours * 15))
    return [hours * cost.whole] + [hours * cost.spread / groups] * groups


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=10_000)
    parser.add_argument("--nodes", type=int, nargs="*", default=[1, 2, 4, 8, 16])
    parser.add_argument("--workers", type=int, default=2, help="of each machine, one thread each")
    parser.add_argument("--night", type=float, default=11, help="hours a night")
    parser.add_argument("--failures", type=float, default=0.05, help="chance that a machine fails in a night")
    parser.add_argument("--whole", type=float, required=True, help="worker-seconds per second: diarize and the rest")
    parser.add_argument("--spread", type=float, required=True, help="worker-seconds per second: recognition")
    options = parser.parse_args()
    lengths = meetings(options.hours, random.Random(1))
    print(f"{len(lengths)} meetings, {sum(lengths):.0f} hours, median {statistics.median(lengths):.1f} h")
    print("| machines | nights | workers busy | machines failed | worker-hours done again |")
    print("|---|---|---|---|---|")
    for nodes in options.nodes:
        cost = Cost(options.whole, options.spread)
        found = simulate(lengths, nodes, options.workers, cost, options.night, options.failures)
        figures = f"{found.nights:.1f} | {100 * found.busy:.0f} % | {found.failures} | {found.again:.1f}"
        print(f"| {nodes} | {figures} |")


if __name__ == "__main__":
    main()
