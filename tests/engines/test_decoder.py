"""Every format comes in, on its own time base and in constant memory; every bad file is told by its own error."""

import os
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from pipeline import errors
from pipeline.engines import ffmpeg, waveform
from pipeline.engines.decoder import FfmpegDecoder
from pipeline.records.recording import Recording

STEREO = ("-af", "pan=stereo|c0=c0|c1=c0")
Decode = Callable[..., tuple[Recording, Path]]


def nothing(fraction: float) -> None:
    pass


def make(target: Path, *arguments: str) -> Path:
    """An audio file by the bundled ffmpeg."""
    command = [str(ffmpeg.program()), "-v", "error", "-nostdin", "-y", *arguments, f"file:{target.absolute()}"]
    subprocess.run(command, check=True)
    return target


def tone(target: Path, *arguments: str, seconds: float = 2.0, hz: int = 440, rate: int = 16_000) -> Path:
    source = f"sine=frequency={hz}:sample_rate={rate}:duration={seconds}"
    return make(target, "-f", "lavfi", "-i", source, *arguments)


def expression(target: Path, *channels: str, seconds: float = 4.0) -> Path:
    """One formula of t per channel, full scale 1."""
    return make(target, "-f", "lavfi", "-i", f"aevalsrc='{'|'.join(channels)}':s=16000:d={seconds}")


def strength(samples: np.ndarray, hz: float) -> float:
    """Amplitude of one frequency."""
    time = np.arange(len(samples)) / 16_000
    return float(2 * abs(np.mean(samples * np.exp(-2j * np.pi * hz * time))))


@pytest.fixture
def decode(tmp_path: Path) -> Decode:
    out = tmp_path / "out"
    out.mkdir()
    decoder = FfmpegDecoder()
    decoder.open()

    def run(*sources: Path, progress: Callable[[float], None] = nothing) -> tuple[Recording, Path]:
        target = out / "waveform.wav"
        return decoder.decode(sources, target, progress), target

    return run


def left_over(tmp_path: Path) -> list[str]:
    return [path.name for path in (tmp_path / "out").iterdir()]


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


def text_file(path: Path) -> Path:
    path.write_text("これは録音ではありません。\n" * 50, encoding="utf-8")
    return path


def cut_before_index(path: Path) -> Path:
    tone(path)
    path.write_bytes(path.read_bytes()[:3000])
    return path


BAD: dict[str, tuple[Callable[[Path], Path], type[errors.KaigirokuError]]] = {
    "missing": (lambda folder: folder / "absent.wav", errors.AudioMissingError),
    "below a file": (lambda folder: tone(folder / "a.wav") / "b.wav", errors.AudioMissingError),
    "folder": (lambda folder: folder, errors.AudioFormatError),
    "empty": (lambda folder: make_empty(folder / "a.wav"), errors.AudioEmptyError),
    "text as wav": (lambda folder: text_file(folder / "a.wav"), errors.AudioFormatError),
    "text as mp3": (lambda folder: text_file(folder / "a.mp3"), errors.AudioFormatError),
    "text as aac": (lambda folder: text_file(folder / "a.aac"), errors.AudioFormatError),
    "header only": (lambda folder: cut(tone(folder / "a.flac"), 60), errors.AudioFormatError),
    "index lost": (lambda folder: cut_before_index(folder / "a.m4a"), errors.AudioFormatError),
    "picture": (lambda folder: picture(folder / "a.jpg"), errors.AudioFormatError),
    "video": (lambda folder: picture(folder / "a.mp4"), errors.AudioNoSoundError),
    "0.2 s": (lambda folder: tone(folder / "a.wav", seconds=0.2), errors.AudioTooShortError),
    "0.2 s mp3": (lambda folder: tone(folder / "a.mp3", seconds=0.2), errors.AudioTooShortError),
    "50 channels": (
        lambda folder: expression(folder / "a.wav", *["sin(t)"] * 50, seconds=1),
        errors.AudioTooManyChannelsError,
    ),
    "33 channels": (
        lambda folder: expression(folder / "a.wav", *["sin(t)"] * 33, seconds=1),
        errors.AudioTooManyChannelsError,
    ),
}


def make_empty(path: Path) -> Path:
    path.touch()
    return path


def cut(path: Path, size: int) -> Path:
    path.write_bytes(path.read_bytes()[:size])
    return path


def picture(path: Path) -> Path:
    frames = ("-frames:v", "1") if path.suffix == ".jpg" else ()
    return make(path, "-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=1", *frames)


@pytest.mark.parametrize("case", BAD)
def test_bad_input_has_its_own_error(case: str, tmp_path: Path, decode: Decode) -> None:
    build, kind = BAD[case]
    path = build(tmp_path)
    with pytest.raises(errors.KaigirokuError) as caught:
        decode(path)
    assert type(caught.value) is kind
    assert caught.value.file == str(path)
    assert "\n" not in str(caught.value)
    assert left_over(tmp_path) == []


def test_a_bad_part_among_good_ones_is_named(tmp_path: Path, decode: Decode) -> None:
    good, bad = tone(tmp_path / "good.wav"), text_file(tmp_path / "bad.wav")
    with pytest.raises(errors.AudioFormatError, match=r"bad\.wav"):
        decode(good, bad)
    with pytest.raises(errors.AudioMissingError):
        decode()


def test_forbidden_file(tmp_path: Path, decode: Decode, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tone(tmp_path / "a.wav")
    if os.name == "posix" and os.geteuid() != 0:
        path.chmod(0)
    else:  # nothing is forbidden to root
        monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(errors.AudioUnreadableError):
        decode(path)


def refuse(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_too_long_is_refused_by_header_and_by_sound(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    decoder = FfmpegDecoder(longest_ms=1500)
    decoder.open()
    for name in ("a.wav", "a.aac"):  # ADTS says no length: it shows while decoding
        with pytest.raises(errors.AudioTooLongError):
            decoder.decode([tone(tmp_path / name)], tmp_path / "out" / "w.wav", nothing)
    halves = [tone(tmp_path / "1.wav", seconds=1), tone(tmp_path / "2.wav", seconds=1)]
    with pytest.raises(errors.AudioTooLongError):
        decoder.decode(halves, tmp_path / "out" / "w.wav", nothing)
    assert left_over(tmp_path) == []


def test_nine_hours_are_too_long(tmp_path: Path, decode: Decode) -> None:
    path = tone(tmp_path / "a.flac", rate=8_000, seconds=1)
    data = bytearray(path.read_bytes())
    data[22:26] = (9 * 3600 * 8_000).to_bytes(4, "big")  # STREAMINFO: low 32 bits of the number of samples
    path.write_bytes(data)
    with pytest.raises(errors.AudioTooLongError, match="8 hours"):
        decode(path)


@pytest.mark.skipif(os.name != "posix", reason="needs a file size limit")
def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    """A real failing write: the process may write files of 100 kB at most (EFBIG, as a full disk gives ENOSPC)."""
    source = tone(tmp_path / "a.wav", seconds=10)
    (tmp_path / "out").mkdir()
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from pipeline.engines.decoder import FfmpegDecoder; from pipeline.errors import DiskFullError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "decoder = FfmpegDecoder(); decoder.open()\n"
        "try: decoder.decode([Path(sys.argv[1])], Path(sys.argv[2]), lambda _: None)\n"
        "except DiskFullError as error: sys.exit(error.exit_code)\n"
    )
    command = [sys.executable, "-c", script, str(source), str(tmp_path / "out" / "waveform.wav")]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == errors.DiskFullError.exit_code, done.stderr
    assert done.stderr == ""
    assert left_over(tmp_path) == []


def test_an_impossible_folder_is_an_output_error(tmp_path: Path, decode: Decode) -> None:
    decoder = FfmpegDecoder()
    decoder.open()
    source = tone(tmp_path / "a.wav")
    for target in (tmp_path / "absent" / "w.wav", source / "w.wav"):
        with pytest.raises(errors.OutputError):
            decoder.decode([source], target, nothing)


def test_interruption_ends_the_child_and_removes_the_file(
    tmp_path: Path, decode: Decode, monkeypatch: pytest.MonkeyPatch
) -> None:
    children: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def watched(*arguments: object, **named: object) -> object:
        children.append(popen(*arguments, **named))  # type: ignore[call-overload]
        return children[-1]

    def interrupt(fraction: float) -> None:
        if fraction > 0:
            raise KeyboardInterrupt

    source = tone(tmp_path / "a.wav", *STEREO, seconds=60)
    monkeypatch.setattr(subprocess, "Popen", watched)
    with pytest.raises(KeyboardInterrupt):
        decode(source, progress=interrupt)
    assert children
    assert all(child.returncode is not None for child in children)
    assert left_over(tmp_path) == []


def test_a_killed_ffmpeg_is_not_taken_for_the_end(
    tmp_path: Path, decode: Decode, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tone(tmp_path / "a.wav", seconds=60)
    read = ffmpeg.PcmStream._read

    def kill_after_header(self: ffmpeg.PcmStream, size: int) -> bytes:
        if size > 1000:
            self._process.kill()
        return read(self, size)

    monkeypatch.setattr(ffmpeg.PcmStream, "_read", kill_after_header)
    with pytest.raises(errors.EngineError, match="stopped"):
        decode(source)
    assert left_over(tmp_path) == []


@pytest.mark.skipif(os.name != "posix", reason="needs a shell script as program")
def test_a_hanging_ffmpeg_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setattr(ffmpeg, "STALL_S", 0.3)
    with pytest.raises(errors.EngineError, match="no sound"):
        ffmpeg.probe(tmp_path / "a.wav", program)
    with pytest.raises(errors.EngineError, match="no sound"), ffmpeg.PcmStream(tmp_path / "a.wav", program):
        pass


def test_a_long_recording_needs_no_more_memory_than_a_short_one(tmp_path: Path, decode: Decode) -> None:
    tone(tmp_path / "a.flac", rate=8_000, seconds=1800)
    tracemalloc.start()
    try:
        recording, target = decode(tmp_path / "a.flac")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert recording.duration_ms == 1_800_000
    assert target.stat().st_size == 44 + 2 * 16 * 1_800_000
    assert peak < 8_000_000  # half an hour is 58 MB as 16-bit samples


def test_pydub_is_loaded_without_a_word() -> None:
    script = (
        "from pipeline.engines.decoder import FfmpegDecoder as D; d = D(); d.open(); print(d.fingerprint().version)"
    )
    command = [sys.executable, "-W", "error", "-c", script]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("pydub ")
