"""要点: whole sentences of what was said, in order, and nothing else; questions and their answers stay together."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records.minutes import Minutes, Sentence, Speech
from pipeline.render.digest import IN_EXCHANGE, digest
from pipeline.render.documents import make
from pipeline.render.form_folder import form_folder
from pipeline.render.minutes_json import minutes_json, read_minutes

DATA = Path(__file__).parent.parent / "data"


def speech(number: int, role: str, *texts: str) -> Speech:
    sentences = tuple(Sentence(text=text, start_ms=n, end_ms=n + 1, words=()) for n, text in enumerate(texts))
    return Speech(
        id=f"b{number}", role=role, speaker="S01", confidence=1, paragraphs=(sentences,), start_ms=0, end_ms=1
    )


def printed(minutes: Minutes) -> list[str]:
    return [
        block.role + ":" + "".join(s.text for p in block.paragraphs for s in p) if isinstance(block, Speech) else "-"
        for block in digest(minutes).body
    ]


def test_questions_and_answers_stay_and_courtesies_go(short: Minutes) -> None:
    said = [
        speech(1, "会長", "ありがとうございました。", "ただいまの説明につきまして、ご質問はございませんか。"),
        speech(2, "委員", "説明ありがとうございます。", "資料を拝見しました。", "試験期間はどのくらいかかりますか。"),
        speech(
            3, "事務局", "お答えいたします。", "試験期間は1か月を予定しています。", "場所は本庁舎です。", "以上です。"
        ),
        speech(4, "委員", "分かりました。"),
        speech(5, "会長", "金額は含まれていますか。"),
        speech(6, "事務局", "はい。"),
        speech(7, "会長", "それでは次の議題に移ります。"),
    ]
    assert printed(short.model_copy(update={"body": tuple(said)})) == [
        "委員:資料を拝見しました。試験期間はどのくらいかかりますか。",
        "事務局:試験期間は1か月を予定しています。場所は本庁舎です。",
        "会長:金額は含まれていますか。",
        "事務局:はい。",
    ]


@pytest.mark.parametrize("name", ["source/minutes.json", "minutes_sample.json"])
def test_whole_sentences_in_order_and_every_heading_and_decision(name: str) -> None:
    minutes = read_minutes(DATA / name)
    short = digest(minutes)
    kinds = ("heading", "explanation", "decision", "inaudible")
    assert [b for b in short.body if b.kind in kinds] == [b for b in minutes.body if b.kind in kinds]
    before = {b.id: [s for p in b.paragraphs for s in p] for b in minutes.body if isinstance(b, Speech)}
    length = {True: 0, False: 0}
    for block in short.body:
        if isinstance(block, Speech):
            kept = [s for p in block.paragraphs for s in p]
            rest = iter(before[block.id])
            assert all(sentence in rest for sentence in kept)
            assert 1 <= len(kept) <= IN_EXCHANGE
            length[True] += sum(len(s.text) for s in kept)
    length[False] = sum(len(s.text) for sentences in before.values() for s in sentences)
    assert 0.3 < length[True] / length[False] < 0.7


@given(st.lists(st.lists(st.text("あいか。?", max_size=6), min_size=1, max_size=4), max_size=5))
@settings(max_examples=40, deadline=None)
def test_nothing_is_ever_written_that_was_not_said(said: list[list[str]]) -> None:
    base = read_minutes(DATA / "minutes_short.json")
    body = tuple(speech(number, "委員", *texts) for number, texts in enumerate(said))
    for block in digest(base.model_copy(update={"body": body})).body:
        assert isinstance(block, Speech)
        assert {s.text for s in itertools.chain(*block.paragraphs)} <= set(said[int(block.id[1:])])


def test_the_record_keeps_everything_and_the_form_may_ask_for_it(sample: Minutes) -> None:
    short = sample.model_copy(update={"style": "要点"})
    text, record = (document.data.decode() for document in make(short, ["txt", "json"], final=True))
    assert len(text) < len(make(sample, ["txt"], final=True)[0].data.decode())
    assert record == minutes_json(short)
    (table,) = make(sample, ["txt"], folder=form_folder("youten"))
    assert "来庁しないで済む窓口" not in table.data.decode()
    (full,) = make(sample.model_copy(update={"style": "全文"}), ["txt"], folder=form_folder("youten"))
    assert "来庁しないで済む窓口" in full.data.decode()
