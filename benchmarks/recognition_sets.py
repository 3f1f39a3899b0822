"""The recordings of benchmarks/recognition.py: a waveform, what was said, and what was known of the meeting."""

import json
import re
import sys
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.config.meeting_file import load_meeting
from pipeline.records.meeting import AgendaItem, Meeting, Member, RosterRole

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "stages"))
from nonspeech import SOUNDS

RATE = 16_000
MEETINGS = ("toshima-clean", "toshima-room", "spliced-meeting1", "spliced-meeting2")
SETS = (*MEETINGS, "commonvoice", "nonspeech", "idle-tail")


@dataclass(frozen=True)
class RecordingCase:
    """One recording. meeting None: nothing is known beforehand."""

    waveform: Path
    reference: str
    meeting: Meeting | None = None


def made_sets(made: Path | None) -> tuple[str, ...]:
    """The meetings that benchmarks/recognition_meetings.py spoke."""
    return tuple(sorted(path.parent.name for path in made.glob("*/reference.json"))) if made else ()


def cases(name: str, bench: Path, work: Path, made: Path | None = None) -> list[RecordingCase]:
    """The recordings of one set, decoded to 16 kHz WAV under work/name (kept for the next run)."""
    if name in made_sets(made):
        return [_made(made / name)]
    folder = work / name
    folder.mkdir(parents=True, exist_ok=True)
    if name == "commonvoice":
        return _common_voice(bench / name, folder)
    if name == "nonspeech":
        return [RecordingCase(_write(folder / f"{kind}.wav", make(60)), "") for kind, make in SOUNDS.items()]
    if name == "idle-tail":
        return [_idle_tail(bench, folder)]
    kind, meeting = name.split("-")
    return [_meeting(bench / kind / meeting, folder)]


def _meeting(source: Path, folder: Path) -> RecordingCase:
    turns = json.loads((source / "reference.json").read_text(encoding="utf-8"))
    turns = turns["turns"] if isinstance(turns, dict) else turns
    audio = next(source.glob("audio.*"))
    script = source.parent / "script.json"
    known = _known(json.loads(script.read_text(encoding="utf-8"))["meeting"]) if script.is_file() else None
    return RecordingCase(_decoded(audio, folder), "".join(turn["text"] for turn in turns), known)


def _made(folder: Path) -> RecordingCase:
    turns = json.loads((folder / "reference.json").read_text(encoding="utf-8"))["turns"]
    text = "".join(turn["text"] for turn in turns)
    return RecordingCase(folder / "audio.wav", text, load_meeting(folder / "meeting.toml"))


def _common_voice(source: Path, folder: Path) -> list[RecordingCase]:
    lines = (source / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    clips = [json.loads(line) for line in lines if line.strip()]
    return [RecordingCase(_decoded(source / clip["audio"], folder), clip["text"]) for clip in clips]


def _idle_tail(bench: Path, folder: Path) -> RecordingCase:
    """The first minutes of a meeting, then ten minutes in which the recorder was forgotten."""
    clip = _common_voice(bench / "commonvoice", folder)[0]
    with wave.open(str(clip.waveform), "rb") as reader:
        speech = np.frombuffer(reader.readframes(reader.getnframes()), dtype="<i2") / 32768
    knocks = 0.3 * SOUNDS["bursts"](600) + 0.3 * SOUNDS["coughs"](600)
    knocks[: len(speech)] = 0
    tail = 0.2 * SOUNDS["pink noise"](600) + knocks
    tail[: len(speech)] += speech
    return RecordingCase(_write(folder / "idle.wav", tail), clip.reference)


def _known(meeting: dict[str, Any]) -> Meeting:
    agenda = []
    for line in meeting["agenda"]:
        match = re.fullmatch(r"(\D+?)\((\d+)\)\s*(.+)", line)
        if match is None:
            raise ValueError(f"not an agenda item: {line}")
        agenda.append(AgendaItem(kind=match[1], number=int(match[2]), title=match[3]))
    roster = tuple(
        RosterRole(role=role, members=tuple(Member(office=office) for office in offices))
        for role, offices in meeting["roster"].items()
    )
    return Meeting(
        name=meeting["name"], secretariat=meeting["secretariat"], place=meeting["place"], agenda=tuple(agenda),
        roster=roster,
    )  # fmt: skip


def _decoded(audio: Path, folder: Path) -> Path:
    from faster_whisper.audio import decode_audio

    path = folder / f"{audio.stem}.wav"
    return path if path.is_file() else _write(path, decode_audio(str(audio), sampling_rate=RATE))


def _write(path: Path, samples: NDArray[Any]) -> Path:
    if not path.is_file():
        with wave.open(str(path), "wb") as writer:
            writer.setnchannels(1)
            writer.setsampwidth(2)
            writer.setframerate(RATE)
            writer.writeframes(np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path
