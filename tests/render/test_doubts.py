"""A Word copy for correcting: what was heard badly stands out, each place with its time; it is never the final one."""

import io

import docx as python_docx
import pytest
from docx.oxml.ns import qn

from pipeline.records.minutes import Minutes, Sentence, Speech
from pipeline.records.words import Layer, Word
from pipeline.render.context import form_of
from pipeline.render.documents import make
from pipeline.render.doubts import CLOSE, OPEN


def word(text: str, at: int, probability: float, **fields: object) -> Word:
    return Word.model_validate({"start_ms": at, "end_ms": at + 100, "raw": text, "probability": probability, **fields})


def corrected(by: str) -> tuple[Layer, ...]:
    return (Layer.model_validate({"by": by, "before": "長内", "after": "庁内", "reason": ""}),)


def said(minutes: Minutes, *words: Word, text: str | None = None) -> Minutes:
    whole = "".join(one.text for one in words) if text is None else text
    sentence = Sentence(text=whole, start_ms=0, end_ms=1000, words=words)
    speech = Speech(
        id="b1", role="委員", speaker="S01", confidence=1.0, paragraphs=((sentence,),), start_ms=0, end_ms=1000
    )
    return minutes.model_copy(update={"body": (speech,)})


def copy(minutes: Minutes) -> tuple[list[str], list[str], str]:
    """Texts that stand out in the body, comments, and the whole text of a copy for correcting."""
    (document,) = make(minutes, ["docx"], doubtful=True)
    word_file = python_docx.Document(io.BytesIO(document.data))
    runs = [python_docx.text.run.Run(run, word_file._body) for run in word_file.element.body.iter(qn("w:r"))]
    marked = [run.text for run in runs if run.style.name == "会議録 要確認" and "要確認" not in run.text]
    notes = [comment.text for comment in word_file.comments if "録音" in comment.text]
    return marked, notes, "".join(node.text or "" for node in word_file.element.body.iter(qn("w:t")))


def test_each_place_stands_out_with_its_time_and_what_was_heard(short: Minutes) -> None:
    given = said(
        short,
        word("この", 0, 0.9),
        word("長内", 61_000, 0.3, layers=corrected("lexicon")),
        word("LAN", 61_200, 0.4),
        word("の件", 62_000, 0.9),
        word("です。", 63_000, 0.1, review=0.2),
        word("はい。", 64_000, 0.9, review=0.8),
    )
    marked, notes, text = copy(given)
    assert marked == ["庁内LAN", "はい。"]
    assert notes == [
        "00:01:01 聞き取りの確からしさ30%。認識では「長内LAN」。録音をお聞きください。",
        "00:01:04 聞き取りの確からしさ20%。録音をお聞きください。",
    ]
    assert "委員\uff1aこの庁内LANの件です。はい。" in text
    assert OPEN not in text and CLOSE not in text


def test_what_a_person_wrote_or_confirmed_is_not_doubted(short: Minutes) -> None:
    confirmed = said(short, word("長内", 0, 0.1, layers=corrected("clerk")), word("です。", 200, 0.9))
    rewritten = said(short, word("長内", 0, 0.1), word("です。", 200, 0.9), text="庁内です。")
    for given in (confirmed, rewritten):
        marked, notes, text = copy(given)
        assert (marked, notes) == ([], [])
        assert "委員\uff1a庁内です。" in text


def test_the_same_minutes_give_the_same_bytes_and_say_what_they_are(sample: Minutes) -> None:
    (first,), (second,) = make(sample, ["docx"], doubtful=True), make(sample, ["docx"], doubtful=True)
    assert first == second
    document = python_docx.Document(io.BytesIO(first.data))
    assert document.core_properties.title.startswith("【校正用】")
    assert "【校正用】" in document.sections[0].header.paragraphs[0].text


def test_it_is_never_the_final_document(sample: Minutes) -> None:
    with pytest.raises(ValueError, match="never the final"):
        form_of(sample, final=True, doubtful=True)
    (final,) = make(sample, ["docx"], final=True)
    assert "聞き取りの確からしさ" not in final.data.decode("utf-8", "ignore")


def test_signs_of_its_own_in_what_was_said_do_no_harm(short: Minutes) -> None:
    given = said(short, word(f"あ{OPEN}い{CLOSE}", 0, 0.9), word("う。", 200, 0.1))
    assert "委員\uff1aあいう。" in copy(given)[2]
