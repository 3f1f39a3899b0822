"""The whole chain on the replay engine: documents, resuming after a kill anywhere, changed documents kept."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.config.meeting_file import load_meeting
from pipeline.errors import BusyError
from pipeline.lexicon.dictionary import write_dictionary
from pipeline.lexicon.terms import make_term
from pipeline.lexicon.usage import usage_of
from pipeline.records.job import DraftOptions, EngineChoice
from pipeline.records.meeting import Meeting
from pipeline.run.draft import DraftRequest, draft
from pipeline.run.execute import Silent
from pipeline.stages.chain import STAGE_NAMES
from pipeline.store import files
from pipeline.store.workspace import Workspace

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "audio_samples" / "meeting.opus"
MEETING = ROOT / "audio_samples" / "meeting.toml"
REPLAY = ROOT / "tests" / "data" / "replay"


def request(out: Path, meeting: Meeting | None = None) -> DraftRequest:
    return DraftRequest(
        sources=(SAMPLE,),
        meeting=meeting or load_meeting(MEETING),
        out_dir=out,
        options=DraftOptions(engines=EngineChoice(replay=REPLAY)),
    )


def documents(out: Path) -> dict[str, bytes]:
    """What must be identical between runs: everything but run.json (which tells seconds) and the lock."""
    files = (path for path in sorted(out.rglob("*")) if path.is_file())
    return {str(path.relative_to(out)): path.read_bytes() for path in files if path.name not in ("run.json", ".lock")}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("undisturbed")
    draft(request(out), Silent())
    return out


def test_everything_promised_lies_in_the_folder(undisturbed: Path):
    names = {path.name for path in undisturbed.iterdir()}
    assert names == {
        "minutes.docx", "minutes.html", "minutes.txt", "minutes.json", "transcript.seglst.json",
        "speakers.rttm", "captions.vtt", "run.json", "work",
    }  # fmt: skip
    run = json.loads((undisturbed / "run.json").read_text(encoding="utf-8"))
    assert run["status"] == "success"
    assert run["model"] == "whisper-base" and len(run["lexicon_sha256"]) == 64
    assert [stage["stage"] for stage in run["stages"]] == list(STAGE_NAMES)
    assert run["figures"]["turns"] > 5


@pytest.mark.skipif(os.name != "posix", reason="owner-only modes are POSIX")
def test_working_files_are_readable_by_their_owner_only(undisturbed: Path):
    for path in undisturbed.rglob("*"):
        if path.is_file() and path.name != ".lock":
            assert path.stat().st_mode & 0o077 == 0, path
    assert (undisturbed / "work").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("moment", "stage"), [("before", "ingest"), ("before", "compose"), *(("after", stage) for stage in STAGE_NAMES)]
)
def test_killed_anywhere_the_next_run_ends_in_identical_bytes(
    undisturbed: Path, tmp_path: Path, moment: str, stage: str
):
    arguments = ["draft", str(SAMPLE), "--meeting", str(MEETING), "--out", str(tmp_path), "--replay", str(REPLAY), "-q"]
    killer = [sys.executable, str(Path(__file__).with_name("kill_at.py")), moment, stage, "--", *arguments]
    assert subprocess.run(killer, check=False).returncode == 9
    finished = {path.stem for path in (tmp_path / "work").glob("*.json")}
    assert (stage in finished) == (moment == "after")
    done = draft(request(tmp_path), Silent())
    assert {run.stage for run in done.stages if run.reused} == finished
    assert documents(tmp_path) == documents(undisturbed)


def test_what_a_killed_run_had_begun_to_write_is_cleared_away(tmp_path: Path):
    (tmp_path / "work").mkdir()
    begun = [tmp_path / ".minutes.docx.x7_k.part", tmp_path / "work" / ".transcribe.json.8ppsby_l.part"]
    for path in begun:
        path.write_bytes(b"half")
    draft(request(tmp_path), Silent())
    assert [path for path in begun if path.exists()] == []


def test_another_meeting_file_does_not_transcribe_again(tmp_path: Path):
    draft(request(tmp_path), Silent())
    done = draft(request(tmp_path, Meeting(name="別の会議")), Silent())
    reused = {run.stage for run in done.stages if run.reused}
    assert {"ingest", "detect", "transcribe"} <= reused
    assert "compose" not in reused
    assert "別の会議" in (tmp_path / "minutes.txt").read_text(encoding="utf-8")


def test_a_document_somebody_changed_is_never_overwritten(tmp_path: Path):
    draft(request(tmp_path), Silent())
    (tmp_path / "minutes.txt").write_text("係が直した議事録", encoding="utf-8")
    done = draft(request(tmp_path), Silent())
    assert done.kept_aside == ("minutes.edited-1.txt",)
    assert (tmp_path / "minutes.edited-1.txt").read_text(encoding="utf-8") == "係が直した議事録"
    assert draft(request(tmp_path), Silent()).kept_aside == ()


@pytest.mark.parametrize("written", ["minutes.docx", "minutes.json", "speakers.rttm"])
def test_killed_among_the_documents_none_is_taken_for_a_persons(tmp_path: Path, written: str, monkeypatch):
    """The folder had a draft of other names before, and the run that replaces it is killed in between."""
    draft(request(tmp_path, Meeting(name="別の会議")), Silent())
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("pipeline.render.documents.write_bytes_atomic", _killed_after(written))
        draft(request(tmp_path), Silent())
    assert draft(request(tmp_path, Meeting(name="別の会議")), Silent()).kept_aside == ()
    assert draft(request(tmp_path), Silent()).kept_aside == ()


def _killed_after(name: str):
    def write(path: Path, data: bytes) -> Path:
        files.write_bytes_atomic(path, data)
        if path.name == name:
            raise KeyboardInterrupt
        return path

    return write


def test_what_was_written_by_an_older_kaigiroku_is_known_as_its_own(tmp_path: Path):
    draft(request(tmp_path), Silent())
    written = tmp_path / "work" / "written.json"
    old = {name: digests[0] for name, digests in json.loads(written.read_text(encoding="utf-8")).items()}
    written.write_text(json.dumps(old), encoding="utf-8")
    assert draft(request(tmp_path, Meeting(name="別の会議")), Silent()).kept_aside == ()


def test_two_runs_in_one_folder_do_not_meet(tmp_path: Path):
    with Workspace(tmp_path).opened(), pytest.raises(BusyError):
        draft(request(tmp_path), Silent())


def test_what_the_offices_terms_did_is_counted_once_a_run(tmp_path: Path):
    dictionary = tmp_path / "dictionary.toml"
    write_dictionary(dictionary, [term for term in [make_term("所管", None, "dictionary", 0.7)] if term])
    options = DraftOptions(engines=EngineChoice(replay=REPLAY), dictionary=dictionary)
    wanted = request(tmp_path / "out").model_copy(update={"options": options})
    for _ in range(2):
        draft(wanted, Silent())
    assert usage_of(dictionary)["所管"].meetings == 1


def test_the_form_decides_the_style_unless_the_meeting_does(tmp_path: Path):
    from pipeline.render.minutes_json import read_minutes

    chosen = request(tmp_path / "a")
    options = chosen.options.model_copy(update={"template": "youten", "formats": ("txt", "json")})
    chosen = chosen.model_copy(update={"options": options})
    draft(chosen, Silent())
    text = (tmp_path / "a" / "minutes.txt").read_text(encoding="utf-8")
    minutes = read_minutes(tmp_path / "a" / "minutes.json")
    assert "会議要点記録" in text
    assert minutes.style == "要点"
    full = chosen.model_copy(update={"meeting": chosen.meeting.model_copy(update={"style": "全文"})})
    runs = draft(full, Silent()).stages
    assert len((tmp_path / "a" / "minutes.txt").read_text(encoding="utf-8")) > len(text)
    assert [run.stage for run in runs if not run.reused] == ["assign_roles", "compose"]
