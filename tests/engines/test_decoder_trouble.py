"""Bad files, full disks, interruptions and programs that die: each told by its own error, nothing left behind."""

import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from decoder_cases import STEREO, Decode, expression, left_over, make, nothing, tone

from pipeline import errors
from pipeline.engines import ffmpeg
from pipeline.engines.decoder import FfmpegDecoder


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
