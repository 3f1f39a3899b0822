"""Every format that can be scored is read to the same turns, and what cannot be read is named."""

import json
from pathlib import Path

import pytest

from pipeline.errors import TranscriptFileError
from pipeline.evaluate.readers.read import read
from pipeline.evaluate.transcription import Transcription, turn_numbers
from pipeline.records.speakers import Diarization, SpeakerSegment
from pipeline.render.documents import render
from pipeline.render.minutes_json import read_minutes
from pipeline.render.rttm import rttm

SAMPLE = Path(__file__).parent.parent / "data" / "minutes_sample.json"


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def said(transcription: Transcription) -> str:
    return "".join(transcription.text.split())


def test_our_own_documents_are_read_alike(tmp_path: Path) -> None:
    documents = render(read_minutes(SAMPLE), tmp_path, ("json", "docx", "txt", "seglst", "vtt"))
    whole, word, text, segments, captions = map(read, documents)
    printed = whole.without_mentions()
    assert said(word) == said(text) == said(printed)
    assert said(segments) == said(whole) == said(captions).replace("【聞き取り不能】", "")
    assert (
        [u.role for u in word.utterances] == [u.role for u in printed.utterances] == [u.role for u in text.utterances]
    )
    assert [u.item for u in word.utterances] == [u.item for u in printed.utterances]
    assert (word.complete, text.complete, whole.complete) == (False, False, True)
    assert {word.source, text.source, whole.source} == {"minutes"} and segments.source == "transcript"
    assert whole.has_times and segments.has_times and captions.has_times and not word.has_times
    assert "情報政策課長" in whole.terms and "情報政策課長" in word.terms
    first = whole.utterances[0]
    assert first.pieces and first.moment_ms(0) == first.start_ms


def test_a_draft_folder_is_its_minutes(tmp_path: Path) -> None:
    written(tmp_path, "minutes.json", SAMPLE.read_bytes())
    assert read(tmp_path).name == tmp_path.name
    with pytest.raises(TranscriptFileError, match="no draft lies there"):
        read(tmp_path.parent / tmp_path.name / ".." / "..")


def test_seglst(tmp_path: Path) -> None:
    segments = [
        {"session_id": "a", "speaker": "S1", "start_time": 0.5, "end_time": 1.25, "words": "はい。", "role": "委員"},
        {"session_id": "a", "speaker": 2, "words": "会議", "verbatim": "えー会議", "in_minutes": "explained"},
    ]
    one, other = read(written(tmp_path, "a.json", json.dumps(segments))).utterances
    assert (one.speaker, one.role, one.start_ms, one.end_ms, one.printed) == ("S1", "委員", 500, 1250, True)
    assert (other.speaker, other.verbatim, other.start_ms, other.printed) == ("2", "えー会議", None, False)


def test_nist_tables(tmp_path: Path) -> None:
    stm = ";; comment\nrec 1 S1 0.50 2.00 <o,f0> 本日 の 会議\nrec 1 S2 2.0 3.5 はい\n"
    stm += "rec 1 x 4 5 IGNORE_TIME_SEGMENT_IN_SCORING\n"
    found = read(written(tmp_path, "a.stm", stm)).utterances
    assert [(u.speaker, u.text, u.start_ms, u.end_ms) for u in found] == [
        ("S1", "本日の会議", 500, 2000),
        ("S2", "はい", 2000, 3500),
    ]
    ctm = "rec 1 0.5 0.3 本日 0.9\nrec 1 0.8 0.2 は 0.9\nrec 1 3.0 0.5 はい 0.8\n"
    found = read(written(tmp_path, "a.ctm", ctm)).utterances
    assert [(u.text, u.start_ms, u.end_ms) for u in found] == [("本日は", 500, 1000), ("はい", 3000, 3500)]
    segment = SpeakerSegment(speaker="S01", start_ms=10, end_ms=2010)
    speakers = read(written(tmp_path, "a.rttm", rttm(Diarization(segments=(segment,), exclusive=()), "x")))
    assert speakers.segments() == (segment,) and speakers.source == "speakers"


def test_captions(tmp_path: Path) -> None:
    srt = "1\n00:00:01,000 --> 00:00:02,500\n会長\uff1a本日<i>の</i>\n\n"
    srt += "2\n00:00:03,000 --> 00:00:04,500\n会議です &amp; 資料\n"
    found = read(written(tmp_path, "a.srt", srt)).utterances
    assert [(u.role, u.text, u.start_ms, u.end_ms) for u in found] == [
        ("会長", "本日の", 1000, 2500),
        (None, "会議です & 資料", 3000, 4500),
    ]
    voiced = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v 田中 太郎>はい。\n"
    assert read(written(tmp_path, "b.vtt", voiced)).utterances[0].role == "田中 太郎"


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("会長\uff1a始めます。\n続きです。\n委員\uff1aはい。", [("会長", "始めます。続きです。"), ("委員", "はい。")]),
        ("始めます。\nはい。", [(None, "始めます。"), (None, "はい。")]),
        ("[00:00:05] 話者1: 始めます。\n[00:00:09] 話者2: はい。", [("話者1", "始めます。"), ("話者2", "はい。")]),
        ("話者 1 00:05\n始めます。\n\n話者 2 00:09\nはい。\n", [("話者1", "始めます。"), ("話者2", "はい。")]),
        ("あ" * 300 + "。" + "い" * 300 + "。", [(None, "あ" * 300 + "。"), (None, "い" * 300 + "。")]),
    ],
)
def test_plain_text(tmp_path: Path, text: str, turns: list[tuple[str | None, str]]) -> None:
    found = read(written(tmp_path, "a.txt", text)).utterances
    assert [(u.role, u.text) for u in found] == turns
    shift_jis = read(written(tmp_path, "b.txt", text.encode("cp932")))
    assert [(u.role, u.text) for u in shift_jis.utterances] == turns


def test_times_of_plain_text(tmp_path: Path) -> None:
    found = read(written(tmp_path, "a.txt", "00:00:05 会長: 始めます。\n00:01:09 委員: はい。\n")).utterances
    assert [(u.start_ms, u.end_ms) for u in found] == [(5000, 69000), (69000, 69000)]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.xlsx", "x", "of the kind .xlsx cannot be read"),
        ("a.json", "{", "is not JSON"),
        ("a.json", '{"a": 1}', "is not kaigiroku-minutes/1"),
        ("a.json", "[1]", "segment 1 is not a SegLST segment"),
        ("a.json", '[{"speaker": "A"}]', "segment 1 is not a SegLST segment"),
        ("a.stm", "rec 1 S1 zero 2 はい", "line 1 is not STM"),
        ("a.rttm", "SPEAKER rec 1 0", "line 1 is not RTTM"),
        ("a.ctm", "rec 1 0 1", "line 1 is not CTM"),
        ("a.srt", "nothing here", "no captions"),
        ("a.txt", "  \n", "there is no text in it"),
        ("a.txt", b"\x81\xff\xfe\xff\x00\x81", "neither UTF-8"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, content: str | bytes, told: str) -> None:
    path = written(tmp_path, name, content)
    with pytest.raises(TranscriptFileError, match=told) as caught:
        read(path)
    assert caught.value.file == str(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TranscriptFileError, match="there is no such file"):
        read(tmp_path / "a.docx")


def test_utterances_of_one_voice_in_a_row_are_one_turn(tmp_path: Path) -> None:
    segments = [{"speaker": who, "words": "はい", "role": "委員"} for who in ("A", "A", "B", "A")]
    assert turn_numbers(read(written(tmp_path, "a.json", json.dumps(segments))).utterances) == [0, 0, 1, 2]
    word = read(written(tmp_path, "a.txt", "委員\uff1aはい。\n委員\uff1aいいえ。"))
    assert turn_numbers(word.utterances) == [0, 1]
