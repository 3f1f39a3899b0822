"""The main job on real weights and the synthetic sample meeting: one run, looked at from all sides, with no network."""

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import docx
import pytest

ROOT = Path(__file__).parents[1]
MAIN = "from pipeline.cli.main import main; main()"
SAMPLE = ROOT / "audio_samples"

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def drafted(weights: Path, no_network_in_module, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sample")
    arguments = ["draft", SAMPLE / "meeting.opus", "--meeting", SAMPLE / "meeting.toml", "--out", out, "--json"]
    done = subprocess.run(
        [*no_network_in_module.prefix, sys.executable, "-c", MAIN, *map(str, arguments)],
        check=False, capture_output=True, encoding="utf-8", env=no_network_in_module.env,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "success"
    return out


def folded(text: str) -> str:
    """Full-width and half-width signs as one."""
    return unicodedata.normalize("NFKC", text)


def characters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def test_the_words_are_nearly_right(drafted: Path):
    import jiwer

    reference = json.loads((SAMPLE / "reference.seglst.json").read_text(encoding="utf-8"))
    heard = json.loads((drafted / "transcript.seglst.json").read_text(encoding="utf-8"))
    truth, draft = (characters("".join(segment["words"] for segment in each)) for each in (reference, heard))
    assert jiwer.cer(truth, draft) < 0.2


def spoken_role(reference: list[dict], segment: dict) -> str:
    """The role of the turn that overlaps the segment most."""

    def common(turn: dict) -> float:
        return min(turn["end_time"], segment["end_time"]) - max(turn["start_time"], segment["start_time"])

    return max(reference, key=common)["role"]


def test_the_roles_are_right(drafted: Path):
    reference = json.loads((SAMPLE / "reference.seglst.json").read_text(encoding="utf-8"))
    heard = json.loads((drafted / "transcript.seglst.json").read_text(encoding="utf-8"))
    right = sum(len(each["words"]) for each in heard if spoken_role(reference, each) == each["role"])
    assert right / sum(len(each["words"]) for each in heard) > 0.9


def test_the_form_says_what_was_decided(drafted: Path):
    text = folded((drafted / "minutes.txt").read_text(encoding="utf-8"))
    for expected in (
        "令和8年度 第2回若葉市図書館協議会",
        "令和8年7月14日(火)午後1時30分",
        "[午後1時30分 開会]",
        "報告案件(1) 電子図書館サービスの利用状況について",
        "〔事務局:「報告(1)電子図書館サービスの利用状況について」を説明〕",
        "―了承―",
        "可決―",
    ):
        assert folded(expected) in text


def test_the_word_file_opens_and_holds_the_form(drafted: Path):
    document = docx.Document(str(drafted / "minutes.docx"))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert "令和8年度 第2回若葉市図書館協議会" in cells
