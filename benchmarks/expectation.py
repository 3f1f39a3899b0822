"""How the recognition rate falls with noise, room, bandwidth and level: what `kaigiroku check` predicts from.

Clean speech (two minutes of each of three kinds: synthetic meeting, real speakers spliced, real read speech) is
degraded, transcribed by the product's own stages (no lexicon of the meeting), and scored (standard-1). Prints a row per
condition with what check measured there. --held-out takes other recordings, rooms and noises, from which nothing was
learned, and says whether the rate lies in the predicted band (a first such set, at --offset 4, led to a wider band).
Run: python benchmarks/expectation.py --bench DIR [--out rows.json]
"""

import argparse
import json
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt

from pipeline.evaluate.recording.acoustics import Acoustics, acoustics
from pipeline.records.speech import Speech

ROOT = Path(__file__).resolve().parents[1]

RATE = 16_000
LENGTH_S = 120
Samples = NDArray[np.float64]


def conditions() -> Iterator[tuple[str, dict[str, float]]]:
    yield "as it is", {}
    for snr in (40, 30, 25, 20, 15, 10, 5, 0):
        yield f"noise, SNR {snr} dB", {"snr": snr}
    for rt in (0.3, 0.5, 0.8):
        for drr in (10, 5, 0, -5, -10):
            yield f"room, DRR {drr} dB, RT60 {rt} s", {"drr": drr, "rt": rt}
    for drr, snr in ((0, 25), (-4, 20), (-4, 15), (-8, 10)):
        yield f"room, DRR {drr} dB, and SNR {snr} dB", {"drr": drr, "rt": 0.6, "snr": snr}
    yield "telephone band (300-3400 Hz)", {"band": 3400}
    yield "cut at 5 kHz", {"cut": 5000}
    for gain in (-20, -35):
        yield f"{gain} dB quieter (16 bit)", {"gain": gain}
    for over in (6, 15, 25):
        yield f"overdriven by {over} dB", {"over": over}


def held_out_conditions() -> Iterator[tuple[str, dict[str, float]]]:
    yield "as it is", {}
    for snr in (18, 8):
        yield f"voices behind, SNR {snr} dB", {"snr": snr, "babble": 1}
    yield "white noise, SNR 22 dB", {"snr": 22, "white": 1}
    for drr, rt in ((3, 0.65), (-3, 0.4), (-7, 0.65)):
        yield f"room, DRR {drr} dB, RT60 {rt} s", {"drr": drr, "rt": rt}
    yield "room, DRR 2 dB, RT60 0.4 s, SNR 17 dB", {"drr": 2, "rt": 0.4, "snr": 17}


def degraded(clean: Samples, how: dict[str, float]) -> Samples:
    chance = np.random.default_rng(7)
    sound = clean
    if "drr" in how:
        sound = fftconvolve(sound, _room(how["drr"], how["rt"], chance))[: len(clean)]
        sound *= _rms(clean) / _rms(sound)
    if "snr" in how:
        noise = _noise(how, clean, chance)
        sound = sound + noise * (_spoken_rms(sound) / _rms(noise)) * 10 ** (-how["snr"] / 20)
    if "band" in how:
        sound = sosfilt(butter(6, (300, how["band"]), "bandpass", fs=RATE, output="sos"), sound)
    if "cut" in how:
        sound = sosfilt(butter(10, how["cut"], fs=RATE, output="sos"), sound)
    if "over" in how:
        sound = np.clip(sound / np.abs(sound).max() * 10 ** (how["over"] / 20), -1, 1)
    return sound * 10 ** (how.get("gain", 0) / 20)


def _room(drr_db: float, rt_s: float, chance: np.random.Generator) -> Samples:
    """An impulse and an exponentially decaying tail of noise, at the ratio asked for."""
    tail = chance.standard_normal(int(rt_s * RATE)) * np.exp(-6.9 * np.arange(int(rt_s * RATE)) / (rt_s * RATE))
    tail[: RATE // 400] = 0
    tail *= 10 ** (-drr_db / 20) / np.sqrt((tail**2).sum())
    return np.concatenate([[1.0], tail])


def _noise(how: dict[str, float], clean: Samples, chance: np.random.Generator) -> Samples:
    if "white" in how:
        return chance.standard_normal(len(clean))
    if "babble" in how:  # the same voices, backwards and shifted, six at a time
        return sum((np.roll(clean[::-1], int(chance.integers(len(clean)))) for _ in range(6)), np.zeros(len(clean)))
    return _pink(len(clean), chance)


def _pink(size: int, chance: np.random.Generator) -> Samples:
    spectrum = np.fft.rfft(chance.standard_normal(size))
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 20)), size)


def _rms(sound: Samples) -> float:
    return float(np.sqrt(np.mean(sound**2))) or 1.0


def _spoken_rms(sound: Samples) -> float:
    frames = sound[: len(sound) // 320 * 320].reshape(-1, 320)
    levels = np.sqrt((frames**2).mean(axis=1))
    return float(np.sqrt((levels[levels > np.percentile(levels, 40)] ** 2).mean()))


def sources(bench: Path, folder: Path, held_out: int) -> Iterator[tuple[str, Samples, str]]:
    """Name, samples and what was said of two minutes each. held_out: which others than those learned from; 0: those."""
    for name, start_s in (
        (("toshima/room", 75 * held_out), ("spliced/meeting1", 60))
        if held_out
        else (
            ("toshima/clean", 0),
            ("spliced/meeting2", 0),
        )
    ):
        told = json.loads((bench / name / "reference.json").read_text(encoding="utf-8"))
        turns = told["turns"] if isinstance(told, dict) else told
        kept = [t for t in turns if start_s * 1000 <= t["start_ms"] and t["end_ms"] <= (start_s + LENGTH_S) * 1000]
        sound = _decoded(next((bench / name).glob("audio.*")), folder)
        yield name, sound[kept[0]["start_ms"] * 16 : kept[-1]["end_ms"] * 16], "".join(turn["text"] for turn in kept)
    lines = (bench / "commonvoice/manifest.jsonl").read_text(encoding="utf-8").splitlines()
    clips = [json.loads(line) for line in lines][held_out::9]
    parts = [(_decoded(bench / "commonvoice" / clip["audio"], folder), np.zeros(RATE // 2)) for clip in clips]
    yield "commonvoice", np.concatenate([part for pair in parts for part in pair]), "".join(c["text"] for c in clips)


def _decoded(path: Path, folder: Path) -> Samples:
    from pipeline.engines.decoder import FfmpegDecoder
    from pipeline.engines.waveform import read

    decoder = FfmpegDecoder()
    decoder.open()
    decoder.decode([path], folder / "decoded.wav", lambda _: None)
    return read(folder / "decoded.wav").astype(np.float64)


def _write(sound: Samples, path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((np.clip(sound, -1, 1 - 1 / 32768) * 32768).astype("<i2").tobytes())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--model", default="whisper-base")
    parser.add_argument("--only", default="", help="conditions that begin with this")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--offset", type=int, default=7, help="of the held-out clips and minutes")
    given = parser.parse_args()
    from pipeline.engines.detector import SileroDetector
    from pipeline.engines.whisper import FasterWhisper
    from pipeline.evaluate.rate import character_errors
    from pipeline.stages.transcribe import TranscribeSettings, transcribe
    from pipeline.weights.locate import locate

    detector, whisper = SileroDetector(), FasterWhisper(locate(given.model))
    detector.open()
    whisper.open()
    with tempfile.TemporaryDirectory() as made:
        heard = Path(made) / "heard.wav"
        for name, clean, told in sources(given.bench, Path(made), given.offset if given.held_out else 0):
            for condition, how in held_out_conditions() if given.held_out else conditions():
                if not condition.startswith(given.only):
                    continue
                _write(degraded(clean, how), heard)
                speech = detector.detect(heard, lambda _: None)
                text = transcribe(whisper, heard, speech, TranscribeSettings(), lambda _: None).text
                counts = character_errors(told, text, "standard")
                _tell(name, condition, counts.recognition_rate or 0.0, _listened(heard, speech))


def _listened(path: Path, speech: Speech) -> Acoustics:
    from pipeline.engines.waveform import blocks
    from pipeline.evaluate.recording.sound import listen

    return acoustics(listen(blocks(path, 30 * RATE), speech))


def _tell(name: str, condition: str, rate: float, found: Acoustics) -> None:
    from pipeline.evaluate.recording.expectation import expectation

    band = expectation(found)
    row = {"set": name, "condition": condition, "rate": round(rate, 1), "snr_db": found.snr_db}
    row |= found.falls.model_dump() if found.falls else {}
    row |= {"bandwidth_hz": found.bandwidth_hz, "speech_dbfs": found.speech_dbfs, "clipped": found.clipped_share}
    row |= {"band": [band.low, band.high], "inside": band.low <= rate <= band.high} if band else {}
    print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
