"""Recognised words with what was really said, from the transcripts that benchmarks/recognition.py kept."""

from dataclasses import dataclass
from pathlib import Path

from recognition_sets import SETS, cases, made_sets

from pipeline.records.meeting import Meeting
from pipeline.records.words import Transcript


@dataclass(frozen=True)
class Recording:
    """One recording, its raw words and its reference. An empty meeting: nothing is known beforehand."""

    set_name: str
    transcript: Transcript
    reference: str
    meeting: Meeting


def recordings(kept: Path, bench: Path, work: Path, made: Path | None) -> list[Recording]:
    """All recordings of which kept holds a transcript: SET.json, or SET.CLIP.json where a set has several."""
    found: list[Recording] = []
    for name in sorted({path.name.split(".")[0] for path in kept.glob("*.json")}):
        recorded = cases(name, bench, work, made) if name in made_sets(made) or name in SETS else []
        for case in recorded:
            path = kept / (f"{name}.{case.waveform.stem}.json" if len(recorded) > 1 else f"{name}.json")
            if case.reference and path.is_file():
                found.append(Recording(name, raw(path), case.reference, case.meeting or Meeting()))
    if not found:
        print(f"No transcripts in {kept}: run benchmarks/recognition.py first.")
    return found


def raw(path: Path) -> Transcript:
    """The transcript without what the correct stage did to it."""
    transcript = Transcript.model_validate_json(path.read_text(encoding="utf-8"))
    words = tuple(word.model_copy(update={"layers": (), "review": None}) for word in transcript.words)
    return transcript.model_copy(update={"words": words})
