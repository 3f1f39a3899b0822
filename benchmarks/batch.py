"""Throughput of batches: the same recordings with different workers and threads, in the same run.

python benchmarks/batch.py [--bench ../shared/bench] [--pieces 4] [--minutes 5] [--ways serial 2x1 1x2 ray]
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from draft_material import length_s, spliced
from measured_command import MAIN, ROOT, measured

from pipeline.engines.ffmpeg import program


def main() -> None:
    options = _options()
    rows = []
    with tempfile.TemporaryDirectory() as place:
        recordings = _pieces(options, Path(place) / "in")
        for way in options.ways:
            rows.append(_measured(way, recordings, Path(place) / f"library-{way}"))
            print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    print("| workers × threads | seconds | × the first row | hours of recording per hour | peak MiB, all processes |")
    print("|---|---|---|---|---|")
    for row in rows:
        ratio = row["seconds"] / rows[0]["seconds"]
        figures = f"{row['seconds']:.0f} | {ratio:.2f} | {row['throughput']:.1f} | {row['peak_mib']:.0f}"
        print(f"| {row['way']} | {figures} |")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--pieces", type=int, default=4, help="how many recordings")
    parser.add_argument("--minutes", type=float, default=5, help="length of each")
    parser.add_argument("--ways", nargs="*", default=["serial", "1x2", "2x1"], help="serial, ray, or WORKERSxTHREADS")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "benchmarks")
    return parser.parse_args()


def _pieces(options: argparse.Namespace, folder: Path) -> Path:
    folder.mkdir()
    whole = spliced(options.bench, options.pieces * options.minutes / 60, options.out)
    for number in range(options.pieces):
        begin, length = str(number * options.minutes * 60), str(options.minutes * 60)
        target = str(folder / f"{number}.flac")
        command = [str(program()), "-v", "error", "-ss", begin, "-t", length, "-i", str(whole), target]
        subprocess.run(command, check=True)
    return folder


def _measured(way: str, recordings: Path, library: Path) -> dict[str, float | str]:
    how = ["--executor", way]
    if "x" in way:
        workers, threads = way.split("x")
        how = ["--workers", workers, "--threads", threads]
    command = [sys.executable, "-c", MAIN, "batch", "run", str(recordings), "--library", str(library), "--json", *how]
    run = measured(command)
    audio_s = sum(map(length_s, recordings.iterdir()))
    return {"way": way, "seconds": run.seconds, "throughput": audio_s / run.seconds, "peak_mib": run.peak_mib}


if __name__ == "__main__":
    main()
