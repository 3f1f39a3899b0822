"""Plain faster-whisper (sequential and batched) against ours: same weights, same machine, same run; each system in a
process of its own so that peak memory is its own.

python benchmarks/recognition.py [--bench ../shared/bench] [--made build/meetings] [--only SET…] [--systems …]
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from recognition_scores import PROFILE, Aligned, Found, replacements
from recognition_sets import SETS, RecordingCase, cases, made_sets

from pipeline.evaluate.normalise import normalise
from pipeline.evaluate.rate import ErrorCounts, character_errors
from pipeline.lexicon.extract import phrases, spoken
from pipeline.records.meeting import Meeting
from pipeline.records.words import Transcript

ROOT = Path(__file__).resolve().parents[1]
SYSTEMS = ("plain", "batched", "ours")
Row = dict[str, Any]


def main() -> None:
    options = _options()
    options.out.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = json.loads(options.beside.read_text(encoding="utf-8")) if options.beside else []
    for name in options.only or [*SETS, *made_sets(options.made)]:
        recordings = cases(name, options.bench, options.work, options.made)[: options.limit]
        for system in options.systems:
            rows = [row for row in rows if (row["set"], row["system"]) != (name, system)]
            rows.append(_row(name, system, recordings, options))
            print(f"{name} {system}: {rows[-1]['counts']}", file=sys.stderr, flush=True)
            (options.out / "recognition.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    table = _table(rows)
    print(table)
    (options.out / "recognition.md").write_text(table + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--made", type=Path, default=None, help="folder that benchmarks/recognition_meetings.py wrote")
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "whisper-base")
    parser.add_argument("--only", nargs="*", help="sets to run (default: all)")
    parser.add_argument("--systems", nargs="*", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--limit", type=int, default=None, help="only the first recordings of each set")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--beside", type=Path, default=None, help="recognition.json whose other rows to keep")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "benchmarks", help="where waveforms are kept")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "benchmarks")
    return parser.parse_args()


def _row(name: str, system: str, recordings: list[RecordingCase], options: argparse.Namespace) -> Row:
    job = {
        "system": system,
        "model": str(options.model),
        "threads": options.threads,
        "device": options.device,
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
    row = {"set": name, "system": system} | {key: answer[key] for key in ("seconds", "cpu_seconds", "peak_mib")}
    return row | _scores(recordings, answer["recordings"]) | _ours(name, recordings, answer["recordings"], options.out)


def _scores(recordings: list[RecordingCase], answers: list[Row]) -> Row:
    counts = _no_errors()
    terms = numbers = Found()
    for recording, answer in zip(recordings, answers, strict=True):
        counts = counts + character_errors(recording.reference, answer["text"])
        pair = Aligned(recording.reference, answer["text"])
        terms += pair.terms(expected(recording.meeting)) if recording.meeting else Found()
        numbers += pair.numbers()
    return {
        "counts": counts.model_dump(),
        "cer": counts.rate,
        "characters": sum(len(answer["text"]) for answer in answers),
        "terms": str(terms),
        "numbers": str(numbers),
    }


def _ours(name: str, recordings: list[RecordingCase], answers: list[Row], out: Path) -> Row:
    """What only our own transcripts can tell, and the transcripts themselves, kept for the other benchmarks."""
    if "transcript" not in answers[0]:
        return {}
    raw, false, put_in, reference = _no_errors(), 0, 0, 0
    (out / "transcripts").mkdir(exist_ok=True)
    for recording, answer in zip(recordings, answers, strict=True):
        transcript = Transcript.model_validate_json(answer["transcript"])
        clip = f"{name}.{recording.waveform.stem}" if len(recordings) > 1 else name
        (out / "transcripts" / f"{clip}.json").write_text(transcript.model_dump_json(), encoding="utf-8")
        raw = raw + character_errors(recording.reference, "".join(word.raw for word in transcript.words))
        found = replacements(transcript, recording.reference)
        put_in += len(found)
        false += sum(one.gain < 0 for one in found)
        reference += len(normalise(recording.reference, PROFILE))
    return {
        "raw_cer": raw.rate,
        "put_in": put_in,
        "false_per_1000": 1000 * false / reference if reference else None,
        "correct_seconds": sum(answer["correct_seconds"] for answer in answers),
        "figures": {key: sum(a["figures"][key] for a in answers) for key in answers[0]["figures"]},
    }


def _no_errors() -> ErrorCounts:
    return ErrorCounts(profile=PROFILE, substitutions=0, deletions=0, insertions=0, reference=0)


def expected(meeting: Meeting) -> set[str]:
    """Agenda, roster, extra terms and the meeting's own name, with the compounds they hold; as they are counted:
    normalised, two characters or more."""
    known = [written for written, _ in meeting.terms]
    for title in (meeting.name or "", meeting.secretariat or "", *(item.title for item in meeting.agenda)):
        known += [spoken(title), *phrases(title)]
    known += [f"{item.kind}第{item.number}号" for item in meeting.agenda]
    for role in meeting.roster:
        known.append(role.role)
        for member in role.members:
            known += [spoken(member.office), *phrases(member.office), (member.name or "").split(" ")[0]]
    return {text for written in known if len(text := normalise(written, PROFILE)) >= 2}


def _table(rows: list[Row]) -> str:
    lines = [
        f"| set | system | CER ({PROFILE}) | × plain | sub / del / ins | terms found | numbers right "
        "| put in (false per 1,000) | uncovered s / removed | seconds | × plain | peak MiB |",
        "|" + "---|" * 12,
    ]
    plain = {row["set"]: row for row in rows if row["system"] == "plain"}
    for row in rows:
        base, counts, figures = plain.get(row["set"]), row["counts"], row.get("figures")
        rate = f"{row['characters']} invented" if row["cer"] is None else f"{row['cer']:.4f}"
        if row.get("raw_cer") is not None:
            rate += f" (raw {row['raw_cer']:.4f})"
        lost = f"{figures['uncovered_ms'] / 1000:.1f} / {figures['dropped_characters']}" if figures else "–"
        false = row.get("false_per_1000")
        put_in = "–" if false is None else f"{row['put_in']} ({false:.2f})"
        cells = (
            row["set"], row["system"], rate, _ratio(row, base, "cer"),
            f"{counts['substitutions']} / {counts['deletions']} / {counts['insertions']}", row["terms"],
            row["numbers"], put_in, lost, f"{row['seconds']:.1f}", _ratio(row, base, "seconds"),
            f"{row['peak_mib']:.0f}",
        )  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _ratio(row: Row, base: Row | None, key: str) -> str:
    if base is None or not base[key] or row[key] is None:
        return "–"
    return f"{row[key] / base[key]:.2f}"


if __name__ == "__main__":
    main()
