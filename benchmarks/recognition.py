"""Plain faster-whisper (sequential and batched) against ours: same weights, same machine, same run; each system in a
process of its own so that peak memory is its own.

python benchmarks/recognition.py [--bench ../shared/bench] [--model models/whisper-base] [--only SET…] [--systems …]
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from recognition_sets import SETS, RecordingCase, cases

from pipeline.evaluate.rate import ErrorCounts, character_errors

ROOT = Path(__file__).resolve().parents[1]
SYSTEMS = ("plain", "batched", "ours", "ours+correct")


def main() -> None:
    options = _options()
    rows = []
    for name in options.only or SETS:
        recordings = cases(name, options.bench, options.work)[: options.limit]
        for system in options.systems:
            row = _row(name, system, recordings, options)
            rows.append(row)
            print(f"{name} {system}: {json.dumps(row, ensure_ascii=False)}", file=sys.stderr, flush=True)
    table = _table(rows)
    print(table)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "recognition.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    (options.out / "recognition.md").write_text(table + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "whisper-base")
    parser.add_argument("--only", nargs="*", choices=SETS, help="sets to run (default: all)")
    parser.add_argument("--systems", nargs="*", choices=SYSTEMS, default=["plain", "batched", "ours"])
    parser.add_argument("--limit", type=int, default=None, help="only the first recordings of each set")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "benchmarks", help="where waveforms are kept")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "benchmarks")
    return parser.parse_args()


def _row(name: str, system: str, recordings: list[RecordingCase], options: argparse.Namespace) -> dict[str, object]:
    job = {
        "system": system,
        "model": str(options.model),
        "threads": options.threads,
        "waveforms": [str(recording.waveform) for recording in recordings],
        "meetings": [recording.meeting and recording.meeting.model_dump_json() for recording in recordings],
    }
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("recognition_worker.py"))],
        input=json.dumps(job), capture_output=True, encoding="utf-8", check=False, cwd=ROOT,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{system} on {name} failed:\n{done.stderr[-2000:]}")
    answer = json.loads(done.stdout)
    counts = ErrorCounts(profile="ja-cer-1", substitutions=0, deletions=0, insertions=0, reference=0)
    for recording, text in zip(recordings, answer["texts"], strict=True):
        counts = counts + character_errors(recording.reference, text)
    return {
        "set": name,
        "system": system,
        "cer": counts.rate,
        "counts": counts.model_dump(),
        "invented_characters": sum(map(len, answer["texts"])) if not counts.reference else None,
        "seconds": answer["seconds"],
        "cpu_seconds": answer["cpu_seconds"],
        "peak_mib": answer["peak_mib"],
        "figures": answer["figures"],
    }


def _table(rows: list[dict[str, object]]) -> str:
    lines = [
        "| set | system | CER (ja-cer-1) | sub / del / ins | × plain | seconds | × plain | peak MiB | uncovered s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    plain = {row["set"]: row for row in rows if row["system"] == "plain"}
    for row in rows:
        base = plain.get(row["set"])
        counts = row["counts"]
        assert isinstance(counts, dict)
        rate = f"{row['invented_characters']} invented" if row["cer"] is None else f"{row['cer']:.4f}"
        edits = f"{counts['substitutions']} / {counts['deletions']} / {counts['insertions']}"
        figures = row["figures"]
        lost = f"{figures['uncovered_ms'] / 1000:.1f}" if isinstance(figures, dict) else "–"
        lines.append(
            f"| {row['set']} | {row['system']} | {rate} | {edits} | {_ratio(row, base, 'cer')} | {row['seconds']:.1f} "
            f"| {_ratio(row, base, 'seconds')} | {row['peak_mib']:.0f} | {lost} |"
        )
    return "\n".join(lines)


def _ratio(row: dict[str, object], base: dict[str, object] | None, key: str) -> str:
    value, reference = row[key], base[key] if base else None
    if not isinstance(value, float) or not isinstance(reference, float) or not reference:
        return "–"
    return f"{value / reference:.2f}"


if __name__ == "__main__":
    main()
