"""The voices commands on real weights and real speech: kept, known again, forgotten."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MAIN = "from pipeline.cli.main import main; main()"
SPEECH = Path(__file__).parents[1] / "data" / "speech" / "common_voice_ja_32510820.mp3"


def kaigiroku(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "KAIGIROKU_VOICES": str(folder), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-c", MAIN, "voices", *arguments], check=False, capture_output=True, encoding="utf-8", env=env
    )


def test_a_voice_needs_a_consent_and_one_source(tmp_path: Path) -> None:
    assert kaigiroku(tmp_path, "enroll", "森 茂", "--recording", str(SPEECH)).returncode == 2
    done = kaigiroku(tmp_path, "enroll", "森 茂", "--consent", "本人")
    assert done.returncode == 2 and "one source" in done.stderr
    assert kaigiroku(tmp_path, "forget", "森 茂").returncode == 29


@pytest.mark.weights
def test_enroll_list_forget(weights: Path, tmp_path: Path) -> None:
    voices, twice = tmp_path / "voices", tmp_path / "twice.mp3"
    twice.write_bytes(SPEECH.read_bytes() * 2)
    told = ("--office", "会長", "--consent", "本人同意 2026-11-25", "--recording")
    short = kaigiroku(voices, "enroll", "森 茂", *told, str(SPEECH))
    assert short.returncode == 29 and "speech" in short.stderr and not voices.exists()
    done = kaigiroku(voices, "enroll", "森 茂", *told, str(twice))
    assert done.returncode == 0, done.stderr
    kept = json.loads(next(voices.iterdir()).read_text(encoding="utf-8"))
    assert len(kept["embedding"]) == 192 and kept["consent"] == "本人同意 2026-11-25"
    assert "森 茂\t会長" in kaigiroku(voices, "list").stdout
    assert kaigiroku(voices, "forget", "森茂").returncode == 0
    assert list(voices.iterdir()) == []
