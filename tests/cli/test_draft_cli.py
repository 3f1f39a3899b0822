"""`kaigiroku` as its user meets it: exit codes, one line of cause and one of remedy, nothing left behind."""

import json
import os
import subprocess
import sys
import time
import wave
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "audio_samples" / "meeting.opus"
REPLAY = ROOT / "tests" / "data" / "replay"


def kaigiroku(*arguments: object, **options) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from pipeline.cli.main import main; main()", *map(str, arguments)]
    return subprocess.run(
        command, check=False, capture_output=True, encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", **options},
    )  # fmt: skip


def silence(path: Path, seconds: float, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(int(seconds * 16_000) * 2 * channels))
    return path


def test_help_names_every_command():
    done = kaigiroku("--help")
    assert done.returncode == 0
    for command in ("draft", "init", "doctor", "models", "lexicon"):
        assert command in done.stdout


def test_nothing_heavy_is_imported_before_it_is_needed():
    script = (
        "import sys; from pipeline.cli import main; "
        "heavy = {'torch', 'numpy', 'ctranslate2', 'faster_whisper', 'pyannote', 'sudachipy', 'docxtpl', 'pydantic'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("missing.wav", None, 11),
        ("empty.wav", b"", 13),
        ("letter.wav", "拝啓 これは録音ではありません。".encode() * 40, 14),
    ],
)
def test_a_bad_recording_is_told_in_two_lines_and_leaves_nothing(tmp_path, name, content, code):
    audio = tmp_path / name
    if content is not None:
        audio.write_bytes(content)
    done = kaigiroku("draft", audio, "--out", tmp_path / "out", "--replay", REPLAY)
    assert done.returncode == code, done.stderr
    told = [line for line in done.stderr.splitlines() if line.startswith(("error:", "  next:"))]
    assert len(told) == 2
    assert name in told[0]
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_short_many_channels_and_silence(tmp_path: Path):
    assert kaigiroku("draft", silence(tmp_path / "s.wav", 0.2), "--out", tmp_path / "a").returncode == 16
    many = silence(tmp_path / "m.wav", 2, channels=50)
    assert kaigiroku("draft", many, "--out", tmp_path / "a").returncode == 17


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--device", "tpu"], 2),
        (["--format", "docx,doc"], 2),
        (["--speakers", "many"], 2),
        (["--from", "lunch"], 2),
        (["--meeting", "nowhere.toml"], 10),
        (["--model", "whisper-gigantic"], 30),
        (["--replay", "nowhere"], 40),
    ],
)
def test_a_bad_option_says_what_is_allowed(tmp_path: Path, arguments: list[str], code: int):
    done = kaigiroku("draft", SAMPLE, "--out", tmp_path / "out", *arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out" / "run.json").exists()


def test_an_out_that_is_a_file(tmp_path: Path):
    (tmp_path / "out").write_text("x", encoding="utf-8")
    assert kaigiroku("draft", SAMPLE, "--out", tmp_path / "out", "--replay", REPLAY).returncode == 20


def test_json_on_stdout_is_the_run_report(tmp_path: Path):
    done = kaigiroku("draft", SAMPLE, "--out", tmp_path, "--replay", REPLAY, "--json", "--format", "txt")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["documents"] == ["minutes.txt", "speakers.rttm"]


def test_without_a_meeting_file_unknown_fields_are_marked(tmp_path: Path):
    done = kaigiroku("draft", SAMPLE, "--out", tmp_path, "--replay", REPLAY, "--format", "txt")
    assert done.returncode == 0, done.stderr
    assert "【要確認】" in (tmp_path / "minutes.txt").read_text(encoding="utf-8")
    assert "Warnings:" in done.stdout


def test_init_writes_once(tmp_path: Path):
    assert kaigiroku("init", tmp_path / "new").returncode == 0
    assert kaigiroku("init", tmp_path / "new").returncode == 20


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_ctrl_c_ends_with_130_and_keeps_what_was_done(tmp_path: Path):
    for attempt in range(3):  # on a busy machine the draft may be done before it can be stopped
        process, out = _interrupted(tmp_path / f"out{attempt}")
        if process.returncode != 0:
            break
    told = process.stderr.read()
    assert process.returncode == 130, told
    assert "run the same command to go on" in told
    assert (out / "work" / "ingest.json").exists()


def _interrupted(out: Path) -> tuple[subprocess.Popen[str], Path]:
    """A draft that was sent Ctrl-C once its first stage was done."""
    script = "from pipeline.cli.main import main; main()"
    arguments = ["draft", str(SAMPLE), "--out", str(out), "--replay", str(REPLAY)]
    process = subprocess.Popen([sys.executable, "-c", script, *arguments], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (out / "work" / "ingest.json").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(2)
    process.wait(timeout=60)
    return process, out
