"""Speaks meeting scripts with synthetic voices, so that roles can be measured from sound to print on bodies other than
the one they were developed on. All voices are synthetic: figures from these meetings say so.

Needs the environment of audio_samples/make_sample.py (audio_samples/requirements.txt), apart from kaigiroku's:

    voices/bin/python benchmarks/speak_meetings.py --scripts tests/data/role_meetings --out /tmp/spoken --seed 1

Each script becomes NAME-clean/ and NAME-room/ (reverberation and noise, from the seed) with audio.wav, reference.json
(meeting, and turns with speaker, role, text and times) and reference.rttm. The same seed gives the same voices.
"""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import resample_poly

sys.path += [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1] / "audio_samples")]
from make_meetings import RATE_HZ, Meeting, Recipe, Rng, Samples, in_a_room, trimmed, write
from make_sample import pronounce

CENTS = 220.0
"""Standard deviation of the pitch shift of a voice."""
FILLERS = ("えー、", "えーと、", "あのー、", "まあ、")
FILLED = 0.12
"""Share of sentences that begin with one."""


def voices_of(speakers: list[str], rng: Rng) -> dict[str, dict[str, Any]]:
    """A mix of two of the synthesiser's five voices for each speaker."""
    names = ["jf_alpha", "jf_gongitsune", "jf_nezumi", "jf_tebukuro", "jm_kumo"]
    chances = [0.16, 0.16, 0.16, 0.16, 0.36]
    voices = {}
    for speaker in speakers:
        main, other = rng.choice(names, 2, replace=False, p=chances)
        share = float(rng.uniform(0.6, 1.0))
        voices[speaker] = {
            "mix": {str(main): share, str(other): 1 - share},
            "cents": float(np.clip(rng.normal(0, CENTS), -450, 450)),
            "speed": float(rng.uniform(0.92, 1.12)),
        }
    return voices


def speak(script: dict[str, Any], rng: Rng) -> tuple[Meeting, list[dict[str, Any]]]:
    """The dry recording, and its turns as spoken."""
    voices = voices_of(list(dict.fromkeys(turn["speaker"] for turn in script["turns"])), rng)
    gains = {speaker: 10 ** (rng.uniform(-3, 3) / 20) for speaker in voices}
    meeting = Meeting(seconds=60 + sum(len(turn["text"]) for turn in script["turns"]) / 4)
    turns = []
    for turn in script["turns"]:
        spoken = _with_fillers(turn["text"], rng)
        start = meeting.end + int(rng.uniform(0.35, 1.1) * RATE_HZ)
        begun = start
        for sentence in re.split(r"(?<=[。?？])", spoken):
            if not sentence.strip("。、 "):
                continue
            samples = _pronounced(sentence, voices[turn["speaker"]])
            meeting.end = meeting.say(turn["speaker"], samples, start, gains[turn["speaker"]])
            start = meeting.end + int(rng.uniform(0.3, 0.7) * RATE_HZ)
        times = {"start_ms": round(1000 * begun / RATE_HZ), "end_ms": round(1000 * meeting.end / RATE_HZ)}
        turns.append({**turn, "verbatim": spoken, **times})
    return meeting, turns


def _with_fillers(text: str, rng: Rng) -> str:
    sentences = re.split(r"(?<=[。?？])", text)
    return "".join(
        (str(rng.choice(FILLERS)) if s and len(s) > 12 and rng.random() < FILLED else "") + s for s in sentences
    )


def _pronounced(sentence: str, voice: dict[str, Any]) -> Samples:
    audio = pronounce(sentence, voice)
    return trimmed(np.asarray(resample_poly(audio, 2, 3), np.float32))  # 24 kHz → 16 kHz


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scripts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="names that contain this")
    options = parser.parse_args()
    for number, path in enumerate(sorted(options.scripts.glob("*.json"))):
        if options.only not in path.stem:
            continue
        rng = np.random.default_rng([options.seed, number])
        script = json.loads(path.read_text(encoding="utf-8"))
        meeting, turns = speak(script, rng)
        dry = meeting.samples[: max(end for _, end, _ in meeting.reference) + RATE_HZ]
        rooms = {
            "clean": Recipe(0, 0, 45.0, 0.0, -24.0, 0, 0),
            "room": Recipe(0, 0, float(rng.uniform(16, 24)), float(rng.uniform(0.3, 0.6)), -28.0, 0, 0),
        }
        for name, plan in rooms.items():
            folder = options.out / f"{path.stem}-{options.seed}-{name}"
            write(folder, meeting, in_a_room(dry, plan, rng), plan)
            reference = {"meeting": {"name": script["title"], "roster": script["roster"]}, "turns": turns}
            text = json.dumps(reference, ensure_ascii=False, indent=1) + "\n"
            (folder / "reference.json").write_text(text, encoding="utf-8")
        print(path.stem, f"{len(dry) / RATE_HZ:.0f} s", flush=True)


if __name__ == "__main__":
    main()
