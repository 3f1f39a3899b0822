"""kaigiroku evaluate, as the information section uses it."""

import datetime
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli.main import app
from pipeline.editing.desk import Desk, Submission
from pipeline.evaluate.corpus import CorpusEvaluation
from pipeline.evaluate.results import Evaluation
from pipeline.records.edits import Splice
from pipeline.records.meeting import Meeting
from pipeline.render.documents import render
from pipeline.render.minutes_json import read_minutes
from pipeline.run import history
from pipeline.store.artifacts import write_artifact
from pipeline.store.library import Library
from pipeline.store.notes import Notes
from pipeline.store.tables.meetings import State

SAMPLES = Path(__file__).parent.parent.parent / "audio_samples"
REFERENCE = SAMPLES / "reference.seglst.json"
MINUTES = Path(__file__).parent.parent / "data" / "minutes_sample.json"


@pytest.fixture(autouse=True)
def _history_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "mine"
    monkeypatch.setattr(history.platformdirs, "user_data_path", lambda *_, **__: folder)


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
    assert sum(errors for errors, _ in system.main.turns) == system.main.counts.errors


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


def corpus_of(folder: Path, drafted: Path) -> Path:
    """Two meetings: both with two products, one also corrected by a person."""
    for name in ("a", "b"):
        place = folder / name
        (place / "draft").mkdir(parents=True)
        segments = json.loads(REFERENCE.read_text(encoding="utf-8"))[: 20 if name == "a" else 15]
        (place / "reference.json").write_text(json.dumps(segments), encoding="utf-8")
        (place / "A社.json").write_text((drafted / "bad.json").read_text(encoding="utf-8"), encoding="utf-8")
        (place / "draft" / "minutes.json").write_text(MINUTES.read_text(encoding="utf-8"), encoding="utf-8")
    render(read_minutes(MINUTES), folder / "a", ["docx"])
    (folder / "a" / "minutes.docx").rename(folder / "a" / "corrected.docx")
    return folder


def test_a_corpus_is_measured_as_one_and_remembered(drafted: Path, tmp_path: Path) -> None:
    folder = corpus_of(tmp_path / "corpus", drafted)
    done = run("corpus", folder, "--claim", 95, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "A社, 2 meetings" in done.output and "kaigiroku, 2 meetings" in done.output
    names = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert names >= {"corpus.html", "corpus.json", "meetings.csv", "001/report.html", "002/summary.docx"}
    assert "会議ごとの数字" in (tmp_path / "out" / "corpus.html").read_text(encoding="utf-8")
    found = CorpusEvaluation.model_validate_json((tmp_path / "out" / "corpus.json").read_text(encoding="utf-8"))
    (ours,) = [total for total in found.totals if total.name == "A社"]
    parts = [system.main for meeting in found.meetings for system in meeting.systems if system.name == "A社"]
    assert ours.rates[0].counts.errors == sum(part.counts.errors for part in parts if part)
    assert ours.rates[0].counts.reference == sum(part.counts.reference for part in parts if part)
    assert run("history").output.count("A社") == 1


def test_a_corpus_without_meetings_says_what_it_wants(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run("corpus", tmp_path / "empty")
    assert (done.exit_code, "no meeting to measure" in done.output) == (2, True)


def test_history_shows_the_trend_per_model_and_dictionary(drafted: Path, tmp_path: Path) -> None:
    segments = json.loads((drafted / "bad.json").read_text(encoding="utf-8"))
    for number, dictionary in enumerate(("a" * 64, "b" * 64)):
        folder = tmp_path / f"draft-{number}"
        folder.mkdir()
        stage = {"stage": "transcribe", "fingerprint": json.dumps({"name": "faster-whisper", "weights_sha256": "0"})}
        made = {"kaigiroku": "0.1", "stages": [stage], "model": "whisper-base", "lexicon_sha256": dictionary}
        (folder / "run.json").write_text(json.dumps(made), encoding="utf-8")
        if number:
            segments = [s | {"words": s["words"].replace("都庶館", "図書館")} for s in segments]
        (folder / "heard.json").write_text(json.dumps(segments), encoding="utf-8")
        assert run(f"kaigiroku={folder / 'heard.json'}", "-r", REFERENCE).exit_code == 0
    assert run(drafted / "bad.json", "-r", REFERENCE, "--no-history").exit_code == 0
    versions = json.loads(run("history", "--json", "--out", tmp_path / "trend.html").stdout)
    assert [(v["system"], v["model"], v["dictionary"][0], v["recordings"]) for v in versions] == [
        ("kaigiroku", "whisper-base", "a", 1),
        ("kaigiroku", "whisper-base", "b", 1),
    ]
    assert versions[0]["against_previous"] is None and versions[1]["against_previous"] > 0.5
    assert "認識率の推移" in (tmp_path / "trend.html").read_text(encoding="utf-8")
    assert "bbbbbbbb" in run("history").output


def test_a_history_that_is_empty_says_how_to_begin() -> None:
    assert "Nothing was measured yet" in run("history").output


def test_what_people_did_in_a_library_is_measured_with_the_time_it_took(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "library", create=True)
    recording = tmp_path / "a.wav"
    recording.write_bytes(b"sound")
    row = library.add(Meeting(name="第1回会議"), [(recording, "a.wav")])
    workspace = library.workspace(row.id)
    workspace.work_dir.mkdir(parents=True)
    minutes = read_minutes(MINUTES)
    write_artifact(workspace.artifact("compose"), "1" * 64, minutes)
    first = minutes.body[0]
    desk = Desk(library, row.id)
    desk.submit(
        Submission(key="k", operations=(Splice(id=first.id, at=0, removed="ただいま", inserted="只今"),)), "鈴木"
    )
    Notes(library, row.id).work("鈴木", datetime.date(2026, 11, 25), 600)
    library.change(row.id, state=State.CHECKED)
    done = run("--library", library.folder, "--meeting", row.id)
    assert done.exit_code == 0, done.output
    assert "Turns changed" in done.output and "10 min," in done.output
    pooled = run("corpus", library.folder, "--library", library.folder, "--json")
    found = CorpusEvaluation.model_validate_json(pooled.stdout)
    effort = found.totals[0].effort
    assert effort is not None and (effort.turns_changed, effort.characters.errors, effort.clerk_ms) == (1, 4, 600_000)
    assert "第1回会議" in found.meetings[0].title
    assert "kaigiroku" in run("history", "--library", library.folder).output


def test_it_must_be_clear_what_to_measure(tmp_path: Path) -> None:
    assert run("--meeting", "x").exit_code == 2


def test_terms_of_the_dictionary_are_critical(drafted: Path, tmp_path: Path) -> None:
    (tmp_path / "d.toml").write_text(
        '[[terms]]\nwritten = "電子図書館"\nreading = "デンシトショカン"\n', encoding="utf-8"
    )
    done = run(drafted / "bad.json", "-r", REFERENCE, "--dictionary", tmp_path / "d.toml", "--json")
    critical = Evaluation.model_validate_json(done.stdout).systems[0].critical
    assert critical is not None
    (terms,) = [kind for kind in critical.kinds if kind.kind == "term"]
    assert terms.total == terms.wrong > 0
