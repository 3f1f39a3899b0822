"""A whole draft against plain faster-whisper and plain pyannote over the same recording in the same run: seconds,
ratios to them and to the recording's length, and the peak memory of all processes together.

python benchmarks/draft.py [--bench ../shared/bench] [--recording FILE …] [--hours 0.2 1 4 8] [--systems …]
"""

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from draft_material import length_s, spliced
from measured_command import MAIN, ROOT, measured

SYSTEMS = ("whisper-batched", "whisper-sequential", "pyannote", "draft")


@dataclass(frozen=True)
class Row:
    """seconds: of the whole command, start-up included; work_s: of recognition (or diarization) alone, without imports
    and loading, where a system tells it; stages: seconds of each stage of a draft."""

    recording: str
    length_s: float
    system: str
    seconds: float
    work_s: float | None
    peak_mib: float
    stages: dict[str, float] | None = None
    characters: int | None = None


def main() -> None:
    options = _options()
    toshima = [options.bench / "toshima" / name / "audio.flac" for name in ("clean", "room")]
    recordings = toshima if options.recording is None else list(options.recording)
    recordings += [spliced(options.bench, hours, options.out) for hours in options.hours]
    rows: list[Row] = []
    for recording in recordings:
        for system in options.systems:
            rows.append(_measured(recording, system, options))
            print(json.dumps(asdict(rows[-1]), ensure_ascii=False), file=sys.stderr, flush=True)
    table = _table(rows)
    print(table)
    options.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(row) | _ratios(row, rows) for row in rows], ensure_ascii=False, indent=1)
    (options.out / "draft.json").write_text(text, encoding="utf-8")
    (options.out / "draft.md").write_text(table + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--recording", type=Path, nargs="*", help="default: toshima, clean and room; alone: none")
    parser.add_argument("--hours", type=float, nargs="*", default=[], help="also recordings spliced to these lengths")
    parser.add_argument("--systems", nargs="*", choices=SYSTEMS, default=["whisper-batched", "pyannote", "draft"])
    parser.add_argument("--threads", type=int, default=2, help="of the plain systems")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "benchmarks")
    return parser.parse_args()


def _measured(recording: Path, system: str, options: argparse.Namespace) -> Row:
    out = options.out / "drafts" / f"{recording.stem}-{time.time_ns()}"
    if system == "draft":
        command = [sys.executable, "-c", MAIN, "draft", str(recording), "--out", str(out), "--json"]
    else:
        worker = str(Path(__file__).with_name("draft_worker.py"))
        command = [sys.executable, worker, system, str(recording), str(options.threads)]
    run = measured(command)
    said = json.loads(run.answer)
    return Row(
        recording=f"{recording.parent.name}/{recording.name}",
        length_s=length_s(recording),
        system=system,
        seconds=run.seconds,
        work_s=said.get("seconds"),
        peak_mib=run.peak_mib,
        stages={each["stage"]: each["seconds"] for each in said["stages"]} if system == "draft" else None,
        characters=said["figures"]["characters"] if system == "draft" else said["characters"],
    )


def _ratios(row: Row, rows: list[Row]) -> dict[str, float | None]:
    """By the recording's length, and by the plain systems' work on the same recording."""
    plain = {each.system: each.work_s or each.seconds for each in rows if each.recording == row.recording}
    batched, voices = plain.get("whisper-batched"), plain.get("pyannote")
    both = batched + voices if batched and voices else None
    return {
        "by_length": row.seconds / row.length_s,
        "by_whisper_batched": row.seconds / batched if batched else None,
        "by_both_plain": row.seconds / both if both else None,
    }


def _table(rows: list[Row]) -> str:
    lines = [
        "| recording | min | system | seconds | × length | × plain batched Whisper | × both plain | peak MiB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        by = [f"{ratio:.3f}" if ratio else "–" for ratio in _ratios(row, rows).values()]
        lines.append(
            f"| {row.recording} | {row.length_s / 60:.1f} | {row.system} | {row.seconds:.1f} | {' | '.join(by)} "
            f"| {row.peak_mib:.0f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
