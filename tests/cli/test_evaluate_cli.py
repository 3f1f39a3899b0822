"""kaigiroku evaluate, as the information section uses it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli.main import app
from pipeline.evaluate.results import Evaluation
from pipeline.render.documents import render
from pipeline.render.minutes_json import read_minutes

SAMPLES = Path(__file__).parent.parent.parent / "audio_samples"
REFERENCE = SAMPLES / "reference.seglst.json"
MINUTES = Path(__file__).parent.parent / "data" / "minutes_sample.json"


@pytest.fixture
def drafted(tmp_path: Path) -> Path:
    """The reference as two products might have heard it: one lost the fillers, one also garbles every 委員."""
    segments = json.loads(REFERENCE.read_text(encoding="utf-8"))
    (tmp_path / "good.json").write_text(json.dumps(segments), encoding="utf-8")
    for segment in segments:
        segment["words"] = segment["words"].replace("ございます", "ごさいます").replace("図書館", "都庶館")
    (tmp_path / "bad.json").write_text(json.dumps(segments), encoding="utf-8")
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


def test_two_products_on_one_recording(drafted: Path) -> None:
    done = run(f"A社={drafted / 'good.json'}", f"B社={drafted / 'bad.json'}", "-r", REFERENCE, "--claim", 95)
    assert done.exit_code == 0, done.output
    assert "standard-1" in done.output and "lenient-1" in done.output
    assert "A社 is better" in " ".join(done.output.split())
    assert "too small to say anything" in done.output


def test_json(drafted: Path) -> None:
    done = run(drafted / "bad.json", "--reference", REFERENCE, "--profile", "lenient", "--json")
    found = Evaluation.model_validate_json(done.stdout)
    assert found.profile == "lenient-1"
    (system,) = found.systems
    assert system.main is not None and 90 < (system.main.percent or 0) < 99
    assert system.turns and sum(errors for errors, _ in system.turns) == system.main.counts.errors


def test_edit_effort_of_a_corrected_word_file(tmp_path: Path) -> None:
    render(read_minutes(MINUTES), tmp_path, ["docx", "json"])
    done = run(tmp_path, "--corrected", tmp_path / "minutes.docx")
    assert done.exit_code == 0, done.output
    assert "Recognition rate" not in done.output
    assert "0.0 % of characters changed" in done.output


def test_minutes_are_no_reference_for_a_recognition_rate(tmp_path: Path) -> None:
    (word,) = render(read_minutes(MINUTES), tmp_path, ["docx"])
    refused = run(MINUTES, "--reference", word)
    assert refused.exit_code == 2
    assert "minutes are written to be read" in refused.output
    assert run(MINUTES, "--reference", word, "--as-spoken").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((MINUTES,), 2, "nothing to measure against"),
        ((MINUTES, "-r", "none.docx"), 25, "there is no such file"),
        ((MINUTES, "-r", REFERENCE, "--profile", "whisper"), 2, "no such normalisation profile"),
        ((MINUTES, MINUTES, "-r", REFERENCE), 2, "named twice"),
    ],
)
def test_mistakes_are_told_in_one_line(arguments: tuple[object, ...], code: int, told: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, told in done.output) == (code, True), done.output
    assert "Traceback" not in done.output


def test_an_empty_reference_is_explained(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text('[{"speaker": "A", "words": "。"}]', encoding="utf-8")
    done = run(MINUTES, "-r", tmp_path / "r.json")
    assert done.exit_code == 0
    assert "the reference is empty" in " ".join(done.output.split())


def test_help_names_the_default() -> None:
    assert "score" in run("--help").output
    assert "--reference" in run("score", "--help").output
