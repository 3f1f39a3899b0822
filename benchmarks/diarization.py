"""Who spoke when: our diarizer against plain pyannote.audio with the same weights, on recordings with references.

    python benchmarks/diarization.py --bench ../shared/bench --made /tmp/meetings --plain ami
        --out docs/evaluation-diarization.md

DER: collar 0, overlap scored, speech outside the reference counts; with its parts. JER: pyannote.metrics. --made is a
folder of benchmarks/make_meetings.py (optional). --plain computes the baseline at segmentation step 0.1 (slow: minutes
per minute of sound on two cores); its answers are kept in the folder of --cache and used again.
"""

import argparse
import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
from plain_pyannote import Segments, pipeline, plain
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate, JaccardErrorRate

from pipeline.contracts import SpeakerHints
from pipeline.engines.pyannote.diarizer import PyannoteDiarizer
from pipeline.engines.waveform import duration_ms
from pipeline.records.base import Span
from pipeline.records.speech import Speech
from pipeline.weights.locate import locate

THRESHOLDS = [0.5, 0.6, 0.7, 0.8]
STEP = 0.1


@dataclass(frozen=True)
class Case:
    group: str
    name: str
    waveform: Path
    reference: Annotation
    listed: int | None
    """People on the roster, where there is one."""

    @property
    def seconds(self) -> float:
        return duration_ms(self.waveform) / 1000


@dataclass(frozen=True)
class Score:
    """Seconds, which can be added up; jer is a rate of one recording."""

    missed: float
    false_alarm: float
    confusion: float
    total: float
    jer: float
    speakers: int
    found: int

    @property
    def der(self) -> float:
        return (self.missed + self.false_alarm + self.confusion) / self.total


def read_rttm(path: Path) -> Annotation:
    annotation = Annotation()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        fields = line.split()
        start, length = float(fields[3]), float(fields[4])
        annotation[Segment(start, start + length), number] = fields[7]
    return annotation


def converted(audio: Path, folder: Path, name: str) -> Path:
    """The recording as 16 kHz mono WAV."""
    target = folder / f"{name}.wav"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(audio)]
        subprocess.run([*command, "-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le", str(target)], check=True)
    return target


def cases(bench: Path, made: Path | None, cache: Path) -> list[Case]:
    roster = json.loads((bench / "toshima" / "script.json").read_text(encoding="utf-8"))["meeting"]["roster"]
    listed = sum(len(offices) for offices in roster.values())
    found = []
    for group in ("spliced", "toshima"):
        for folder in sorted(path for path in (bench / group).iterdir() if (path / "reference.rttm").exists()):
            waveform = converted(folder / "audio.flac", cache, f"{group}-{folder.name}")
            people = listed if group == "toshima" else None
            found.append(Case(group, folder.name, waveform, read_rttm(folder / "reference.rttm"), people))
    for audio in sorted((bench / "ami").glob("*.flac")):
        waveform = converted(audio, cache, f"ami-{audio.stem}")
        found.append(Case("ami", audio.stem, waveform, read_rttm(audio.with_suffix(".rttm")), None))
    for folder in sorted(made.iterdir()) if made else []:
        reference = read_rttm(folder / "reference.rttm")
        found.append(Case("made", folder.name, folder / "audio.wav", reference, None))
    return found


def score(case: Case, segments: Segments) -> Score:
    hypothesis = Annotation()
    for number, (start, end, who) in enumerate(segments):
        hypothesis[Segment(start, end), number] = who
    scored = Timeline([Segment(0, max(case.seconds, case.reference.get_timeline().extent().end))])
    parts = DiarizationErrorRate()(case.reference, hypothesis, uem=scored, detailed=True)
    return Score(
        missed=parts["missed detection"],
        false_alarm=parts["false alarm"],
        confusion=parts["confusion"],
        total=parts["total"],
        jer=JaccardErrorRate()(case.reference, hypothesis, uem=scored),
        speakers=len(case.reference.labels()),
        found=len(hypothesis.labels()),
    )


def ours(engine: PyannoteDiarizer, case: Case) -> tuple[Segments, float]:
    speech = Speech(spans=(Span(start_ms=0, end_ms=duration_ms(case.waveform)),))
    begun = time.perf_counter()
    found = engine.diarize(case.waveform, speech, SpeakerHints(expected=case.listed), lambda _: None)
    seconds = time.perf_counter() - begun
    return [(s.start_ms / 1000, s.end_ms / 1000, s.speaker) for s in found.segments], seconds


def baseline(pipe: object, case: Case, cache: Path) -> tuple[dict[float, Segments], float]:
    kept = cache / f"{case.group}-{case.name}.plain.json"
    if kept.exists():
        answers, seconds = json.loads(kept.read_text(encoding="utf-8"))
    else:
        answers, seconds = plain(pipe, case.waveform, THRESHOLDS)
        kept.write_text(json.dumps([answers, seconds]), encoding="utf-8")
    return {float(threshold): [tuple(s) for s in segments] for threshold, segments in answers.items()}, seconds


def senko(python: Path, case: Case, cache: Path) -> tuple[Segments, float]:
    """As it is installed, beside ours in the same run; kept as the baseline's answers are."""
    kept = cache / f"{case.group}-{case.name}.senko.json"
    if not kept.exists():
        command = [str(python), str(Path(__file__).with_name("senko_worker.py")), str(case.waveform.resolve())]
        done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", env={"PATH": ""})
        kept.write_text(done.stdout.strip().splitlines()[-1], encoding="utf-8")
    segments, seconds = json.loads(kept.read_text(encoding="utf-8"))
    return [tuple(s) for s in segments], seconds


def row(label: str, value: Score, ratio: float | None) -> str:
    rates = [value.der, *(part / value.total for part in (value.missed, value.false_alarm, value.confusion)), value.jer]
    time_ratio = "–" if ratio is None else f"{ratio:.3f}"
    return (
        f"| {label} | " + " | ".join(f"{r:.3f}" for r in rates) + f" | {value.found}/{value.speakers} | {time_ratio} |"
    )


def summed(scores: list[Score]) -> Score:
    """Errors added up; JER and speakers as plain sums over recordings (JER: mean)."""
    return Score(
        missed=sum(s.missed for s in scores),
        false_alarm=sum(s.false_alarm for s in scores),
        confusion=sum(s.confusion for s in scores),
        total=sum(s.total for s in scores),
        jer=sum(s.jer for s in scores) / len(scores),
        speakers=sum(s.speakers for s in scores),
        found=sum(s.found for s in scores),
    )


HEAD = (
    "| recording | DER | missed | false alarm | confusion | JER | speakers found/true | time / recording |\n|"
    + "---|" * 8
)


def tables(
    everything: list[Case],
    engine: PyannoteDiarizer,
    pipe: object | None,
    plain_groups: str,
    cache: Path,
    senkos: Path | None,
) -> list[str]:
    lines = []
    for group in dict.fromkeys(case.group for case in everything):
        members = [case for case in everything if case.group == group]
        lines += ["", f"### {group}", "", HEAD]
        mine, theirs, count_errors = [], {t: [] for t in THRESHOLDS}, []
        spent, plain_spent, senko_spent = 0.0, 0.0, 0.0
        others: list[Score] = []
        for case in members:
            segments, seconds = ours(engine, case)
            mine.append(score(case, segments))
            count_errors.append(abs(mine[-1].found - mine[-1].speakers) / mine[-1].speakers)
            spent += seconds
            lines.append(row(f"{case.name}, ours", mine[-1], seconds / case.seconds))
            if pipe is not None and group in plain_groups.split(","):
                answers, seconds = baseline(pipe, case, cache)
                plain_spent += seconds
                for threshold, found in answers.items():
                    theirs[threshold].append(score(case, found))
            if senkos is not None:
                segments, seconds = senko(senkos, case, cache)
                others.append(score(case, segments))
                senko_spent += seconds
            print(lines[-1], flush=True)
        length = sum(case.seconds for case in members)
        lines.append(row("**all, ours**", summed(mine), spent / length))
        if others:
            lines.append(row("all, senko", summed(others), senko_spent / length))
        for threshold, scores in theirs.items():
            if scores:
                lines.append(row(f"all, plain pyannote at {threshold}", summed(scores), plain_spent / length))
        lines += ["", f"Mean error of the number of speakers: {sum(count_errors) / len(count_errors):.2f}."]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    parser.add_argument("--made", type=Path)
    parser.add_argument("--cache", type=Path, default=Path(".cache/diarization"))
    parser.add_argument("--plain", default="", help="groups to compare with plain pyannote at step 0.1 (slow)")
    parser.add_argument("--senko", type=Path, help="python of an environment with senko (see senko_worker.py)")
    parser.add_argument("--groups", default="spliced,toshima,ami,made")
    parser.add_argument("--out", type=Path, help="rewrite the tables of this file, below its line '## Figures'")
    options = parser.parse_args()
    segmentation, embedding = locate("segmentation-3.0"), locate("campplus")
    engine = PyannoteDiarizer(segmentation, embedding, "cpu")
    engine.open()
    pipe = (
        pipeline(segmentation / "pytorch_model.bin", embedding / "campplus_cn_en_common.pt", STEP)
        if options.plain
        else None
    )
    chosen = [c for c in cases(options.bench, options.made, options.cache) if c.group in options.groups.split(",")]
    text = "\n".join(tables(chosen, engine, pipe, options.plain, options.cache, options.senko))
    print(text)
    if options.out:
        kept = options.out.read_text(encoding="utf-8").split("## Figures")[0]
        options.out.write_text(f"{kept}## Figures\n{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
