"""Recognised words with what was really said: the sets of benchmarks/lexicon.py and benchmarks/review_priority.py."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from recognition_sets import _known

from pipeline.records.meeting import Meeting
from pipeline.records.words import Transcript


@dataclass(frozen=True)
class Recording:
    """One recording, its raw words and its reference. An empty meeting: nothing is known beforehand."""

    set_name: str
    transcript: Transcript
    reference: str
    meeting: Meeting


def recordings(raw: Path, bench: Path) -> list[Recording]:
    """All recordings of which raw holds a transcript: FOLDER-NAME.json for meetings, cv-CLIP.json for single clips, and
    NAME.json with NAME.reference.txt and NAME.toml beside it for others."""
    return [_recording(path, bench) for path in sorted(raw.glob("*.json")) if path.name.count(".") == 1]


def _recording(path: Path, bench: Path) -> Recording:
    transcript = Transcript.model_validate_json(path.read_text(encoding="utf-8"))
    kind, _, name = path.stem.partition("-")
    if path.with_suffix(".reference.txt").is_file():
        from pipeline.config.meeting_file import load_meeting

        text = path.with_suffix(".reference.txt").read_text(encoding="utf-8")
        return Recording(path.stem, transcript, text, load_meeting(path.with_suffix(".toml")))
    if kind == "cv":
        return Recording("commonvoice", transcript, _clips(bench)[name], Meeting())
    turns = json.loads((bench / kind / name / "reference.json").read_text(encoding="utf-8"))["turns"]
    script = bench / kind / "script.json"
    known = _known(json.loads(script.read_text(encoding="utf-8"))["meeting"]) if script.is_file() else Meeting()
    return Recording(path.stem, transcript, "".join(turn["text"] for turn in turns), known)


def _clips(bench: Path) -> dict[str, str]:
    lines = (bench / "commonvoice" / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    clips = [json.loads(line) for line in lines if line.strip()]
    return {Path(clip["audio"]).stem: clip["text"] for clip in clips}
