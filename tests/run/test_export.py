"""`kaigiroku export` from a draft folder, as its user meets it."""

import json
import wave
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from typer.testing import CliRunner

from pipeline.cli.main import app
from pipeline.engines.decoder import FfmpegDecoder
from pipeline.engines.waveform import read
from pipeline.records.minutes import Block, Minutes, Sentence, Speech
from pipeline.records.withheld import WithheldPassage
from pipeline.render.minutes_json import minutes_json, read_minutes

DATA = Path(__file__).parent.parent / "data"
SECRET = "全体の配点1,000点"
RUN = CliRunner()


def marked(minutes: Minutes) -> Minutes:
    """The sample with one passage withheld, 一部非公開."""

    def with_mark(sentence: Sentence) -> Sentence:
        at = sentence.text.find(SECRET)
        mark = WithheldPassage(start=max(at, 0), end=max(at, 0) + len(SECRET), ground="条例第7条", by="田所")
        return sentence if at < 0 else sentence.model_copy(update={"withheld": (mark,)})

    def changed(block: Block) -> Block:
        if not isinstance(block, Speech):
            return block
        paragraphs = tuple(tuple(map(with_mark, paragraph)) for paragraph in block.paragraphs)
        return block.model_copy(update={"paragraphs": paragraphs})

    openness = minutes.minutes_openness.model_copy(update={"state": "一部非公開", "reason": "検討中の内容を含むため"})
    return minutes.model_copy(update={"body": tuple(map(changed, minutes.body)), "minutes_openness": openness})


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A folder as `kaigiroku draft` leaves it, with a recording in which every sample tells its time."""
    folder = tmp_path / "draft"
    (folder / "work").mkdir(parents=True)
    minutes = marked(read_minutes(DATA / "minutes_sample.json"))
    (folder / "minutes.json").write_text(minutes_json(minutes), encoding="utf-8")
    with wave.open(str(folder / "work" / "waveform-0123456789abcdef.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        samples = 8_000 * np.sin(np.arange(minutes.duration_ms * 16) * (2 * np.pi * 300 / 16_000))
        file.writeframes(samples.astype("<i2").tobytes())
    return folder


def export(*arguments: object) -> tuple[int, str]:
    done = RUN.invoke(app, ["export", *map(str, arguments)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def test_working_copies_and_the_final_one(draft: Path, tmp_path: Path) -> None:
    code, told = export(draft, "--out", tmp_path / "a", "--format", "docx,txt,json")
    assert code == 0, told
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["minutes.docx", "minutes.json", "minutes.txt"]
    assert "※" in (tmp_path / "a" / "minutes.txt").read_text(encoding="utf-8")
    code, told = export(draft / "minutes.json", "--out", tmp_path / "b", "--format", "txt", "--final")
    assert code == 0, told
    text = (tmp_path / "b" / "minutes.txt").read_text(encoding="utf-8")
    assert "※" not in text
    assert SECRET in text  # the full copy stays inside the office
    assert "役職又は決定を確かめていない箇所が3か所あります" in told
    assert "閉会時刻は録音の長さからの推定です" in told


def test_the_public_copy_and_its_register(draft: Path, tmp_path: Path) -> None:
    out = tmp_path / "公開用"
    code, told = export(draft, "--out", out, "--public", "--format", "docx,html,txt", "--mask", "blocks")
    assert code == 0, told
    assert sorted(path.name for path in out.iterdir()) == ["minutes.docx", "minutes.html", "minutes.txt"]
    text = (out / "minutes.txt").read_text(encoding="utf-8")
    assert "はい、含まれております。■■■のうち、200点を価格点といたしました。" in text
    sheet = openpyxl.load_workbook(draft / "非公開箇所一覧.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[3]][4:7] == [SECRET, "条例第7条", "田所"]


def test_a_leak_ends_it_with_a_code_of_its_own_and_writes_nothing(draft: Path, tmp_path: Path) -> None:
    given = json.loads((draft / "minutes.json").read_text(encoding="utf-8"))
    given["handouts"][0] = f"採点表({SECRET})"
    (draft / "minutes.json").write_text(json.dumps(given), encoding="utf-8")
    code, told = export(draft, "--out", tmp_path / "out", "--public")
    assert code == 27
    assert SECRET in told
    assert "提出された資料等" in told
    assert not (tmp_path / "out").exists()
    assert not (draft / "非公開箇所一覧.xlsx").exists()


def test_boxes_that_do_not_fit_are_asked_about(draft: Path, tmp_path: Path) -> None:
    given = json.loads((draft / "minutes.json").read_text(encoding="utf-8"))
    given["minutes_openness"] = {"state": "公開", "reason": None}
    (draft / "minutes.json").write_text(json.dumps(given), encoding="utf-8")
    code, told = export(draft, "--out", tmp_path / "out", "--public", "--format", "txt")
    assert (code, "非公開の箇所が指定されています" in told) == (27, True)
    assert not (tmp_path / "out").exists()
    code, told = export(draft, "--out", tmp_path / "out", "--public", "--format", "txt", "--yes")
    assert code == 0, told


def test_a_public_copy_stands_alone(draft: Path, tmp_path: Path) -> None:
    assert export(draft, "--out", draft, "--public")[0] == 2
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "全文.docx").write_bytes(b"")
    code, told = export(draft, "--out", tmp_path / "out", "--public")
    assert (code, "全文.docx" in told) == (2, True)
    assert export(draft, "--out", tmp_path / "p", "--public", "--format", "json")[0] == 2
    assert export(draft, "--out", tmp_path / "p", "--public", "--register", tmp_path / "p" / "r")[0] == 2
    assert not (tmp_path / "p").exists()


def test_a_copy_for_correcting_has_a_name_of_its_own(draft: Path, tmp_path: Path) -> None:
    code, told = export(draft, "--out", tmp_path / "a", "--doubtful")
    assert code == 0, told
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["minutes-校正用.docx"]
    assert export(draft, "--out", tmp_path / "b", "--doubtful", "--format", "pdf")[0] == 2
    assert export(draft, "--out", tmp_path / "b", "--doubtful", "--final")[0] == 2
    assert export(draft, "--out", tmp_path / "b", "--doubtful", "--public")[0] == 2


def test_what_is_there_is_kept_unless_told_otherwise(draft: Path, tmp_path: Path) -> None:
    assert export(draft, "--out", tmp_path / "a", "--format", "txt")[0] == 0
    assert export(draft, "--out", tmp_path / "a", "--format", "txt")[0] == 20
    assert export(draft, "--out", tmp_path / "a", "--format", "txt", "--force")[0] == 0


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--format", "odt"], 2),
        (["--public", "--final"], 2),
        (["--beep"], 2),
        (["--public", "--mask", "stars"], 2),
        (["--public", "--audio", "ogg"], 2),
        (["--template", "form9"], 2),
    ],
)
def test_options_that_make_no_sense(draft: Path, tmp_path: Path, options: list[str], code: int) -> None:
    assert export(draft, "--out", tmp_path / "a", *options)[0] == code


@pytest.mark.parametrize(("kind", "beep"), [("wav", False), ("flac", True), ("mp3", False)])
def test_the_public_recording_is_silent_where_it_must_be_and_nowhere_else(
    draft: Path, tmp_path: Path, kind: str, beep: bool
) -> None:
    options = ["--beep"] if beep else []
    code, told = export(draft, "--out", tmp_path / "p", "--public", "--format", "txt", "--audio", kind, *options)
    assert code == 0, told
    decoded = tmp_path / "decoded.wav"
    decoder = FfmpegDecoder()
    decoder.open()
    decoder.decode((tmp_path / "p" / f"recording-public.{kind}",), decoded, lambda fraction: None)
    start, end = _withheld_ms(draft)
    quiet = read(decoded, start, end)
    loud = read(decoded, end + 400, end + 1_400)
    assert float(np.abs(loud).max()) > 0.2
    if beep:
        spectrum = np.abs(np.fft.rfft(quiet))
        assert np.argmax(spectrum) / len(quiet) * 16_000 == pytest.approx(1_000, abs=5)
        assert spectrum[round(300 * len(quiet) / 16_000)] < 0.01 * spectrum.max()
    else:
        assert float(np.abs(quiet).max()) < 0.001
    minutes = read_minutes(draft / "minutes.json")
    assert abs(len(read(decoded)) / 16 - minutes.duration_ms) < 60


def test_an_excerpt_of_the_public_recording_is_as_silent(draft: Path, tmp_path: Path) -> None:
    start, end = _withheld_ms(draft)
    part = f"00:00:{start // 1000:02d}-00:00:{end // 1000 + 2:02d}"
    code, told = export(
        draft, "--out", tmp_path / "p", "--public", "--format", "txt", "--audio", "wav", "--excerpt", part
    )
    assert code == 0, told
    excerpt = tmp_path / "p" / "recording-public.wav"
    begins = start // 1000 * 1000
    assert len(read(excerpt)) == (end // 1000 + 2 - start // 1000) * 16_000
    assert float(np.abs(read(excerpt, start - begins, end - begins)).max()) == 0.0
    assert float(np.abs(read(excerpt, end - begins + 200, end - begins + 900)).max()) > 0.2
    for wrong in ("10", "00:02:00-00:01:00"):
        assert export(draft, "--out", tmp_path / "q", "--public", "--audio", "wav", "--excerpt", wrong)[0] == 2
    assert export(draft, "--out", tmp_path / "q", "--public", "--excerpt", part)[0] == 2


def _withheld_ms(draft: Path) -> tuple[int, int]:
    from pipeline.publication.withheld_words import withheld_words

    (words,) = withheld_words(read_minutes(draft / "minutes.json"))
    assert words.span is not None
    return words.span.start_ms, words.span.end_ms
