"""Speaks the scripts in benchmarks/meetings with synthetic voices: meetings of other bodies than the bench has.

Runs in the environment of the voices (audio_samples/make_sample.py says how to make it):

    voices/bin/python benchmarks/recognition_meetings.py --out build/meetings

Writes NAME-clean/ and NAME-room/ (reverberation, 20 dB noise), each with audio.wav (16 kHz mono), reference.json and
meeting.toml. A line of a script is `speaker: text`; {written|spoken} is written one way and spoken another, <えー、> is
spoken and not written."""

import argparse
import json
import re
import shutil
import sys
import wave
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve, lfilter, resample_poly

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "audio_samples"))
from make_sample import make

HERE = Path(__file__).resolve().parent
RATE_OUT_HZ = 16_000
REVERBERATION_S = 0.45
NOISE_DB = -20.0
_STYLES = (
    {"jm_kumo": 1.0}, {"jf_alpha": 1.0}, {"jm_kumo": 0.75, "jf_tebukuro": 0.25}, {"jf_gongitsune": 1.0},
    {"jm_kumo": 0.8, "jf_nezumi": 0.2}, {"jf_tebukuro": 1.0}, {"jm_kumo": 0.65, "jf_alpha": 0.35},
    {"jf_nezumi": 1.0}, {"jf_alpha": 0.5, "jf_gongitsune": 0.5}, {"jf_tebukuro": 0.5, "jf_nezumi": 0.5},
)  # fmt: skip

Samples = NDArray[np.float32]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("names", nargs="*", help="scripts to speak (default: all)")
    arguments = parser.parse_args()
    for name in arguments.names or sorted(path.stem for path in (HERE / "meetings").glob("*.txt")):
        script = parsed(name)
        audio, reference = make(script)
        audio = np.asarray(resample_poly(audio, 2, 3), np.float32)
        chance = np.random.default_rng(script["seed"] + 1)
        for kind, samples in (("clean", audio), ("room", in_room(audio, chance))):
            folder = arguments.out / f"{name}-{kind}"
            folder.mkdir(parents=True, exist_ok=True)
            write(folder / "audio.wav", samples)
            turns = [turn | {"text": turn["words"]} for turn in reference]
            (folder / "reference.json").write_text(
                json.dumps({"turns": turns}, ensure_ascii=False, indent=1), encoding="utf-8"
            )
            shutil.copy(HERE / "meetings" / f"{name}.toml", folder / "meeting.toml")
        print(f"{name}: {len(audio) / RATE_OUT_HZ:.0f} s", flush=True)


def parsed(name: str) -> dict[str, Any]:
    """The script in the form make_sample.make takes, its voices drawn by the meeting's name."""
    seed = zlib.crc32(name.encode())
    chance = np.random.default_rng(seed)
    lines = (HERE / "meetings" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    turns = [turn(*line.split(": ", 1)) for line in lines if line.strip()]
    order = chance.permutation(len(_STYLES))
    voices = {
        speaker: {
            "mix": _STYLES[order[number % len(_STYLES)]],
            "cents": int(chance.integers(-220, 220)),
            "speed": float(chance.uniform(0.95, 1.1)),
            "gain_db": float(chance.uniform(-6, 0)),
        }
        for number, speaker in enumerate(dict.fromkeys(turn["speaker"] for turn in turns))
    }
    for one in turns:
        one["pause_s"] = float(chance.uniform(0.3, 1.2))
    return {"session_id": name, "seed": seed, "voices": voices, "turns": turns}


def turn(speaker: str, text: str) -> dict[str, Any]:
    written = re.sub(r"\{([^|}]*)\|[^}]*\}", r"\1", re.sub(r"<[^>]*>", "", text))
    spoken = re.sub(r"\{[^|}]*\|([^}]*)\}", r"\1", re.sub(r"[<>]", "", text))
    spoken = re.sub(r"(?<=\d),(?=\d)", "", spoken)
    return {"speaker": speaker, "role": speaker, "office": speaker, "text": written, "spoken": spoken}


def in_room(audio: Samples, chance: np.random.Generator) -> Samples:
    """A hard-walled meeting room, the microphone some metres away, an air conditioner."""
    length = int(REVERBERATION_S * RATE_OUT_HZ)
    decay = chance.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
    response = np.concatenate([[1.0], 0.05 * decay])
    wet = fftconvolve(audio, response)[: len(audio)]
    loud = wet[np.abs(wet) > 1e-3]
    hum = lfilter([1.0], [1.0, -0.9], chance.standard_normal(len(wet)))
    hum *= np.sqrt(np.mean(loud**2)) / np.std(hum) * 10 ** (NOISE_DB / 20)
    return np.asarray(wet + hum, np.float32)


def write(path: Path, samples: Samples) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE_OUT_HZ, 0, "NONE", ""))
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


if __name__ == "__main__":
    main()
