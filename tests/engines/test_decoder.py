"""Every format comes in, on its own time base and in constant memory; every bad file is told by its own error."""

import os
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from decoder_cases import STEREO, Decode, expression, left_over, make, strength, tone

from pipeline import errors
from pipeline.engines import waveform

FORMATS = {
    "a.wav": ("pcm_s16le", ()),
    "u8.wav": ("pcm_u8", ("-c:a", "pcm_u8")),
    "float.wav": ("pcm_f32le", ("-c:a", "pcm_f32le")),
    "a.mp3": ("mp3", ()),
    "a.m4a": ("aac", ()),
    "a.aac": ("aac", ()),
    "a.flac": ("flac", ()),
    "a.ogg": ("vorbis", ("-c:a", "libvorbis")),
    "a.opus": ("opus", ("-c:a", "libopus")),
    "a.wma": ("wmav2", ("-c:a", "wmav2")),
    "a.webm": ("opus", ("-c:a", "libopus")),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_read(name: str, tmp_path: Path, decode: Decode) -> None:
    codec, arguments = FORMATS[name]
    recording, target = decode(tone(tmp_path / name, *arguments))
    assert recording.parts[0].codec == codec
    assert recording.parts[0].name == name
    assert recording.warnings == ()
    assert abs(recording.duration_ms - 2000) <= 130  # codecs without a length pad the last frames
    assert waveform.duration_ms(target) == recording.duration_ms
    assert strength(waveform.read(target, 500, 1500), 440) == pytest.approx(0.125, rel=0.1)


@pytest.mark.parametrize("name", ["a.mp4", "a.mov"])
def test_sound_of_a_video_keeps_its_late_start(name: str, tmp_path: Path, decode: Decode) -> None:
    sound = tone(tmp_path / "sound.wav")
    picture = ("-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=3")
    video = make(tmp_path / name, *picture, "-itsoffset", "1", "-i", str(sound), "-c:a", "aac")
    recording, target = decode(video)
    assert abs(recording.duration_ms - 3000) < 100
    assert strength(waveform.read(target, 0, 900), 440) < 0.01
    assert strength(waveform.read(target, 1200, 2800), 440) == pytest.approx(0.125, rel=0.1)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 96_000])
def test_every_rate_keeps_time_and_pitch(rate: int, tmp_path: Path, decode: Decode) -> None:
    recording, target = decode(tone(tmp_path / "a.wav", rate=rate))
    assert recording.parts[0].sample_rate_hz == rate
    assert recording.duration_ms in (2000, 2001)
    assert strength(waveform.read(target, 500, 1500), 440) == pytest.approx(0.125, rel=0.05)


@pytest.mark.parametrize("channels", [2, 6, 32])
def test_the_one_live_microphone_keeps_its_level(channels: int, tmp_path: Path, decode: Decode) -> None:
    quiet = ["0.001*(random(1)-0.5)"] * (channels - 1)
    recording, target = decode(expression(tmp_path / "a.wav", *quiet, "0.5*sin(2*PI*300*t)", seconds=2))
    assert recording.parts[0].channels == channels
    assert strength(waveform.read(target, 500, 1500), 300) == pytest.approx(0.5, rel=0.05)


def test_a_louder_but_steady_hum_does_not_bury_the_voice(tmp_path: Path, decode: Decode) -> None:
    voice = "0.1*sin(2*PI*300*t)*lt(mod(t,1),0.6)"
    _, target = decode(expression(tmp_path / "a.wav", "0.3*sin(2*PI*50*t)", voice, seconds=8))
    middle = waveform.read(target, 3100, 3500)
    assert strength(middle, 300) == pytest.approx(0.1, rel=0.1)
    assert strength(middle, 50) < 0.01


def test_opposite_polarity_does_not_cancel(tmp_path: Path, decode: Decode) -> None:
    _, target = decode(expression(tmp_path / "a.wav", "0.4*sin(2*PI*300*t)", "-0.4*sin(2*PI*300*t)"))
    assert strength(waveform.read(target, 500, 3500), 300) == pytest.approx(0.4, rel=0.02)


def test_identical_channels_give_the_channel(tmp_path: Path, decode: Decode) -> None:
    formula = "0.3*sin(2*PI*300*t)+0.1*(random(1)-0.5)"
    mono = expression(tmp_path / "mono.wav", formula)
    _, target = decode(mono)
    expected = waveform.read(target)
    _, target = decode(make(tmp_path / "stereo.wav", "-i", str(mono), *STEREO))
    np.testing.assert_allclose(waveform.read(target), expected, atol=2 / 32768)


def test_changing_microphones_makes_no_clicks(tmp_path: Path, decode: Decode) -> None:
    first, second = "lt(mod(t,2),1)", "gte(mod(t,2),1)"
    noise = "0.002*(random(1)-0.5)"
    tones = [f"0.4*sin(2*PI*200*t)*{part}*lt(mod(t,1),0.8)+{noise}" for part in (first, second)]
    _, target = decode(expression(tmp_path / "a.wav", *tones, seconds=6))
    samples = waveform.read(target)
    steepest = 0.4 * 2 * np.pi * 200 / 16_000
    assert float(np.abs(np.diff(samples)).max()) < 2 * steepest
    for change_ms in (2000, 3000, 4000):  # after the 200 ms in which the other microphone lets go
        heard = waveform.read(target, change_ms + 300, change_ms + 700)
        assert strength(heard, 200) == pytest.approx(0.4, rel=0.05)


def test_parts_are_joined_on_one_time_base(tmp_path: Path, decode: Decode) -> None:
    seen: list[float] = []
    parts = [
        tone(tmp_path / "1.wav", hz=300, seconds=1.00003, rate=44_100),
        tone(tmp_path / "2.mp3", *STEREO, hz=500, seconds=1.5),
        tone(tmp_path / "3.flac", hz=700, seconds=0.3),
    ]
    recording, target = decode(*parts, progress=seen.append)
    starts = [part.start_ms for part in recording.parts]
    assert starts[0] == 0
    for before, after in pairwise(recording.parts):
        assert after.start_ms == before.start_ms + before.duration_ms
    assert recording.duration_ms == sum(part.duration_ms for part in recording.parts)
    for start, hz in zip(starts, (300, 500, 700), strict=True):
        assert strength(waveform.read(target, start + 60, start + 260), hz) > 0.11
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0.0, 1.0)


def test_the_same_input_gives_the_same_bytes_for_the_owner_only(tmp_path: Path, decode: Decode) -> None:
    source = tone(tmp_path / "a.ogg", *STEREO, "-c:a", "libvorbis")
    first, target = decode(source)
    second, _ = decode(source)
    assert first == second
    assert first.peak_dbfs == pytest.approx(-18.06, abs=0.5)
    assert left_over(tmp_path) == ["waveform.wav"]
    if os.name == "posix":
        assert target.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "name", ["-y.wav", "http:a.wav", "concat:a|b.wav", "pipe:0.wav", "会議 録音;$(x)'.wav", "%d.wav"]
)
def test_a_name_is_only_a_name(name: str, tmp_path: Path, decode: Decode, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.name == "nt" and re.search(r"[:|]", name):
        pytest.skip("not a file name here")
    monkeypatch.chdir(tmp_path)
    tone(Path(name), seconds=1)
    recording, _ = decode(Path(name))
    assert recording.parts[0].name == name
    assert recording.duration_ms == 1000


def test_a_playlist_reads_no_other_file(tmp_path: Path, decode: Decode) -> None:
    tone(tmp_path / "secret.wav")
    for name, text in (
        ("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nsecret.wav\n#EXT-X-ENDLIST\n"),
        ("list.wav", "ffconcat version 1.0\nfile secret.wav\n"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(errors.AudioFormatError):
            decode(tmp_path / name)


def test_digital_silence_is_a_recording(tmp_path: Path, decode: Decode) -> None:
    for channels in ("0", "0|0"):
        recording, target = decode(expression(tmp_path / "a.wav", channels))
        assert recording.peak_dbfs is None
        assert not waveform.read(target).any()


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("a.wav", ()),
        ("a.flac", ()),
        ("a.mp3", ()),
        ("a.m4a", ("-movflags", "+faststart")),
        ("a.webm", ("-c:a", "libopus")),
    ],
)
def test_a_file_cut_off_gives_what_is_there(
    name: str, arguments: tuple[str, ...], tmp_path: Path, decode: Decode
) -> None:
    whole = tone(tmp_path / name, *arguments, seconds=20)
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    recording, _ = decode(whole)
    assert 9_000 < recording.duration_ms < 14_000
    (warning,) = recording.warnings
    assert f"読み取れた音声は{recording.duration_ms / 1000:.1f}秒" in warning
    assert "20." in warning


def test_damage_inside_is_told(tmp_path: Path, decode: Decode) -> None:
    path = tone(tmp_path / "a.flac", seconds=20)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2000] = bytes(2000)
    path.write_bytes(data)
    recording, _ = decode(path)
    assert recording.warnings


def test_several_sound_tracks_are_told(tmp_path: Path, decode: Decode) -> None:
    one, two = tone(tmp_path / "1.wav", hz=300), tone(tmp_path / "2.wav", hz=500)
    both = make(tmp_path / "a.mp4", "-i", str(one), "-i", str(two), "-map", "0", "-map", "1")
    recording, target = decode(both)
    assert "音声トラックが2本" in recording.warnings[0]
    assert strength(waveform.read(target, 500, 1500), 300) > 0.1
