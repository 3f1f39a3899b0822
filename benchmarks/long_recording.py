"""Time and memory of the diarizer on a recording of hours, and whether people who speak twice in it are found.

    python benchmarks/long_recording.py --meetings /tmp/meetings --guests ../shared/bench/toshima/clean --hours 4

The recording is the meetings of benchmarks/make_meetings.py one after the other, again and again, with two turns of
each of two other people (guests: a folder with audio.flac and reference.json) early and late in it.
"""

import argparse
import json
import tempfile
import threading
import time
import wave
from pathlib import Path

import numpy as np
import psutil
from diarization import converted

from pipeline.contracts import SpeakerHints
from pipeline.engines.pyannote.diarizer import PyannoteDiarizer
from pipeline.engines.waveform import read
from pipeline.records.base import Span
from pipeline.records.speakers import Diarization
from pipeline.records.speech import Speech
from pipeline.weights.locate import locate

LEAST_MS = 15_000
Spoken = dict[str, list[Span]]


def recording(meetings: Path, guests: Path, hours: float, target: Path) -> Spoken:
    """Writes the recording; when the guests speak in it."""
    turns: dict[str, list[dict]] = {}
    for turn in json.loads((guests / "reference.json").read_text(encoding="utf-8"))["turns"]:
        if turn["end_ms"] - turn["start_ms"] >= LEAST_MS:
            turns.setdefault(turn["speaker"], []).append(turn)
    names = [name for name, spoken in turns.items() if len(spoken) == 2][:2]
    sound = converted(guests / "audio.flac", target.parent, "guests")
    places = {f"{name}{number}": turns[name][number] for number in (0, 1) for name in names}
    due = dict(zip(places, np.array([0.1, 0.15, 0.8, 0.85]) * hours * 3_600_000, strict=True))
    found: Spoken = {name: [] for name in names}
    with wave.open(str(target), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        at = 0
        while at < hours * 3_600_000:
            for folder in sorted(meetings.iterdir()):
                for key in [key for key, when in due.items() if at >= when]:
                    del due[key]
                    turn = places[key]
                    at = _append(file, read(sound, turn["start_ms"], turn["end_ms"]), at)
                    found[key[:-1]].append(Span(start_ms=at - turn["end_ms"] + turn["start_ms"], end_ms=at))
                at = _append(file, read(folder / "audio.wav"), at)
    return found


def _append(file: wave.Wave_write, samples: np.ndarray, at: int) -> int:
    level = np.sqrt((samples**2).mean())
    file.writeframes((np.clip(samples * 0.05 / level, -1, 1) * 32767).astype("<i2").tobytes())
    return at + len(samples) // 16


class Memory:
    """The most memory this process held while it is entered, in MB above what it held before."""

    def __enter__(self) -> "Memory":
        self._process, self._running = psutil.Process(), True
        self._before = self._most = self._process.memory_info().rss
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._running = False
        self._thread.join()

    def _watch(self) -> None:
        while self._running:
            self._most = max(self._most, self._process.memory_info().rss)
            time.sleep(0.2)

    @property
    def megabytes(self) -> float:
        return (self._most - self._before) / 1e6


def voices_in(found: Diarization, spans: list[Span]) -> list[str]:
    """The voice with most speech in each span."""
    return [max({s.speaker for s in found.segments}, key=lambda v: _common(found, v, span)) for span in spans]


def _common(found: Diarization, voice: str, span: Span) -> int:
    return sum(s.overlap_ms(span) for s in found.segments if s.speaker == voice)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--meetings", type=Path, required=True)
    parser.add_argument("--guests", type=Path, required=True)
    parser.add_argument("--hours", type=float, nargs="+", default=[1.0, 4.0])
    options = parser.parse_args()
    engine = PyannoteDiarizer(locate("segmentation-3.0"), locate("campplus"), "cpu")
    engine.open()
    print("| hours | time / recording | MB above the models | voices | guests: voice of each turn (its speech) |")
    print("|---|---|---|---|---|")
    for hours in options.hours:
        with tempfile.TemporaryDirectory() as place:
            target = Path(place) / "long.wav"
            guests = recording(options.meetings, options.guests, hours, target)
            total_ms = target.stat().st_size / 32
            with Memory() as memory:
                begun = time.perf_counter()
                found = engine.diarize(
                    target, Speech(spans=(Span(start_ms=0, end_ms=1),)), SpeakerHints(), lambda _: None
                )
                seconds = time.perf_counter() - begun
        length = {voice.speaker: voice.speech_ms / 1000 for voice in found.voices}
        told = [", ".join(f"{v} ({length[v]:.0f} s)" for v in voices_in(found, spans)) for spans in guests.values()]
        figures = f"{1000 * seconds / total_ms:.3f} | {memory.megabytes:.0f} | {len(length)}"
        print(f"| {hours} | {figures} | {'; '.join(told)} |", flush=True)


if __name__ == "__main__":
    main()
