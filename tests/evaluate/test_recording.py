"""What a recording is like, measured on sound whose properties are known."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from made import transcription, turn

from pipeline.evaluate.alignment.align import align
from pipeline.evaluate.profiles.registry import profile
from pipeline.evaluate.recording.acoustics import Acoustics, acoustics
from pipeline.evaluate.recording.bands import bands
from pipeline.evaluate.recording.preflight import Preflight, preflight
from pipeline.evaluate.recording.sound import Sound, listen
from pipeline.records.base import Span
from pipeline.records.recording import RecordingPart
from pipeline.records.speech import Speech

RATE = 16_000
PART = RecordingPart(name="a", sha256="0", start_ms=0, duration_ms=1, sample_rate_hz=RATE, channels=1, codec="pcm")


def voice(seconds: int, level_db: float = -25.0, top_hz: int = 8000) -> tuple[np.ndarray, Speech]:
    """Syllables of noise, 200 ms long and 120 ms apart, four seconds of them and two of pause in turn."""
    chance = np.random.default_rng(1)
    sound = chance.standard_normal(seconds * RATE)
    spectrum = np.fft.rfft(sound)
    spectrum[int(top_hz / RATE * len(sound)) :] = 0
    sound = np.fft.irfft(spectrum, len(sound))
    time = np.arange(len(sound)) / RATE
    sound *= ((time % 0.32) < 0.2) & ((time % 6) < 4)
    spans = tuple(Span(start_ms=s * 1000, end_ms=s * 1000 + 4000) for s in range(0, seconds - 3, 6))
    spoken = sound[sound != 0]
    return sound * 10 ** (level_db / 20) / np.sqrt((spoken**2).mean()), Speech(spans=spans)


def heard(sound: np.ndarray, speech: Speech, block: int = 100_000) -> Sound:
    def blocks() -> Iterator[np.ndarray]:
        for start in range(0, len(sound), block):
            yield np.clip(sound[start : start + block], -1, 1).astype(np.float32)

    return listen(blocks(), speech)


def measured(sound: np.ndarray, speech: Speech) -> Acoustics:
    return acoustics(heard(sound, speech))


def reverberant(sound: np.ndarray, drr_db: float, rt_s: float) -> np.ndarray:
    chance = np.random.default_rng(2)
    time = np.arange(int(rt_s * RATE)) / RATE
    tail = chance.standard_normal(len(time)) * np.exp(-6.9 * time / rt_s)
    tail *= 10 ** (-drr_db / 20) / np.sqrt((tail**2).sum())
    tail[0] = 1
    size = len(sound) + len(tail)
    return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)[: len(sound)]


@pytest.mark.parametrize("snr", [30, 20, 10])
def test_noise_and_level(snr: int) -> None:
    sound, speech = voice(30)
    syllables = 10 * np.log10(0.2 / 0.32)  # the pauses between syllables count as speech
    noisy = sound + np.random.default_rng(3).standard_normal(len(sound)) * 10 ** ((-25 + syllables - snr) / 20)
    found = measured(noisy, speech)
    assert found.snr_db == pytest.approx(snr, abs=1)
    assert found.speech_dbfs == pytest.approx(-25 + syllables, abs=0.7)


def test_pieces_do_not_matter() -> None:
    sound, speech = voice(20)
    one, other = heard(sound, speech, 100_000), heard(sound, speech, 777)
    assert np.array_equal(one.level_db, other.level_db)
    assert acoustics(one).model_dump(exclude={"bandwidth_hz"}) == acoustics(other).model_dump(exclude={"bandwidth_hz"})


def test_clipping_share_and_idle() -> None:
    sound, speech = voice(30, level_db=-3)
    found = measured(np.concatenate([np.zeros(RATE * 5), sound, np.zeros(RATE * 90)]), _later(speech, 5000))
    assert found.clipped_share > 0.3
    assert (found.idle_head_ms, found.idle_tail_ms) == (5000, 92_000)
    assert found.speech_share == pytest.approx(20 / 125, abs=0.01)


def _later(speech: Speech, by_ms: int) -> Speech:
    return Speech(spans=tuple(Span(start_ms=s.start_ms + by_ms, end_ms=s.end_ms + by_ms) for s in speech.spans))


@pytest.mark.parametrize("top_hz", [3400, 5000, 8000])
def test_bandwidth(top_hz: int) -> None:
    sound, speech = voice(30, top_hz=top_hz)
    noisy = sound + np.random.default_rng(3).standard_normal(len(sound)) * 1e-4
    assert measured(noisy, speech).bandwidth_hz == pytest.approx(top_hz, abs=500)


@pytest.mark.parametrize("rt_s", [0.3, 0.5, 0.8])
def test_the_room_rings_as_long_as_it_does(rt_s: float) -> None:
    sound, speech = voice(60)
    found = measured(reverberant(sound, -5, rt_s), speech).falls
    assert found is not None and found.decay_s == pytest.approx(rt_s, rel=0.3)


def test_the_farther_the_microphone_the_smaller_the_early_fall() -> None:
    sound, speech = voice(60)
    found = [preflight((PART,), measured(reverberant(sound, drr, 0.4), speech)) for drr in (30, 5, -8)]
    early = [one.acoustics.falls.early_db for one in found if one.acoustics.falls]
    assert early == sorted(early, reverse=True) and len(early) == 3
    assert [one.distance for one in found] == ["near", "middle", "far"]
    bands = [one.expected for one in found]
    assert all(band for band in bands)
    assert [band.low for band in bands if band] == sorted((band.low for band in bands if band), reverse=True)


def states(found: Preflight) -> dict[str, str]:
    return {finding.name: finding.state for finding in found.findings}


def test_findings_and_advice() -> None:
    sound, speech = voice(30, level_db=-60)
    noise = np.random.default_rng(3).standard_normal(len(sound)) * 10 ** (-70 / 20)
    found = preflight((PART,), measured(sound + noise, speech))
    assert states(found)["声の大きさ"] == "bad" and states(found)["声と雑音の差"] == "bad"
    assert all(finding.advice for finding in found.findings if finding.state == "bad")
    assert found.expected is not None and found.expected.low < 60
    narrow = preflight((PART.model_copy(update={"sample_rate_hz": 8000}),), measured(*voice(30, top_hz=3400)))
    assert "電話" in next(finding.text for finding in narrow.findings if finding.name == "音の帯域")
    masked = preflight((PART,), found.acoustics.model_copy(update={"bandwidth_hz": 2500}))
    assert "雑音に隠れて" in next(finding.text for finding in masked.findings if finding.name == "音の帯域")


def test_silence_is_told() -> None:
    found = preflight((PART,), measured(np.zeros(RATE * 5), Speech(spans=())))
    assert [finding.text for finding in found.findings] == ["声が見つかりません。"]
    assert found.expected is None and found.distance is None
    assert measured(np.zeros(0), Speech(spans=())).duration_ms == 0


def test_bands_of_utterances() -> None:
    loud, speech = voice(12, level_db=-20)
    sound = np.concatenate([loud, loud * 10 ** (-22 / 20)])
    sound += np.random.default_rng(4).standard_normal(len(sound)) * 10 ** (-58 / 20)
    told = transcription(
        turn("会長", "大きい声です", 0, 4), turn("委員", "小さい声です", 12, 16), turn("委員", "時刻なし")
    )
    found = bands(heard(sound, speech), align(told, told, profile("standard")))
    assert [name[:2] if name else None for name in found["level"]] == ["大き", "小さ", None]
    assert [name[:2] if name else None for name in found["snr"]] == ["良い", "悪い", None]


def test_check_on_the_command_line(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from pipeline.cli.main import app

    sample = Path(__file__).parent.parent.parent / "audio_samples" / "meeting.opus"
    shown = CliRunner().invoke(app, ["check", str(sample)])
    assert shown.exit_code == 0, shown.output
    assert "静かな録音です" in shown.output and "認識率はおよそ" in shown.output.replace("\n", "")
    found = Preflight.model_validate_json(CliRunner().invoke(app, ["check", str(sample), "--json"]).stdout)
    assert found.distance == "near" and found.parts[0].name == "meeting.opus"
    (tmp_path / "empty.wav").write_bytes(b"")
    assert CliRunner().invoke(app, ["check", str(tmp_path / "empty.wav")]).exit_code == 13
