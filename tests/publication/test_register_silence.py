"""The register lists every decision to withhold; the public recording is silent exactly where it should be."""

import datetime
import io

import openpyxl
from withheld_cases import GROUND, ITEMS, minutes_of, sentence, speech

from pipeline.publication.register import entries, register
from pipeline.publication.silence import silent_spans
from pipeline.records.base import Span
from pipeline.records.minutes import Heading, Minutes
from pipeline.records.withheld import WithheldItem, WithheldName, WithheldPassage
from pipeline.records.words import Layer


def heading(number: int, start_ms: int, **fields: object) -> Heading:
    return Heading.model_validate(
        {"id": f"b{number}", "item": ITEMS[0], "text": "報告案件(1)", "start_ms": start_ms, **fields}
    )


def test_every_decision_is_listed_with_ground_person_place_and_time(meeting: Minutes) -> None:
    first, *rest = meeting.body[1].paragraphs[0]
    passage = WithheldPassage(start=3, end=7, ground="第2号", by="甲", on=datetime.date(2026, 7, 20))
    item = WithheldItem(**GROUND.model_dump())
    body = list(meeting.body)
    body[1] = body[1].model_copy(update={"paragraphs": ((first.model_copy(update={"withheld": (passage,)}), *rest),)})
    body[3] = body[3].model_copy(update={"withheld": item})
    name = WithheldName(text="西村", ground="第3号", by="乙")
    listed = list(entries(meeting.model_copy(update={"body": tuple(body), "withheld_names": (name,)})))
    assert [(entry.scope, entry.where, entry.ground, entry.by) for entry in listed] == [
        ("語句", "委員", "第2号", "甲"),
        ("案件", "報告(2)", "条例第7条第2号", "事務局"),
        ("氏名等", "全体", "第3号", "乙"),
    ]
    assert listed[0].text == "田中太郎"
    assert listed[0].times == "00:00:01-00:00:01"
    assert listed[0].on == datetime.date(2026, 7, 20)
    assert "二億三千万円" in listed[1].text
    assert listed[1].times == "00:00:08-00:00:10、00:00:12-00:00:13"


def test_the_workbook_reads_as_text_and_is_the_same_every_time(meeting: Minutes) -> None:
    formula = meeting.model_copy(update={"withheld_names": (WithheldName(text="=1+1", ground="+g", by="@b"),)})
    assert register(formula) == register(formula)
    sheet = openpyxl.load_workbook(io.BytesIO(register(formula))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:2] == ["番号", "区分"]
    assert [cell.value for cell in sheet[3]][4:7] == ["=1+1", "+g", "@b"]
    assert {cell.data_type for cell in sheet[3] if cell.value} == {"s"}


def test_words_are_silent_with_a_margin() -> None:
    passage = WithheldPassage(**GROUND.model_dump(), start=3, end=7)
    given = minutes_of(speech(1, sentence("計画は田中太郎氏の提案です。", 10_000, withheld=(passage,))))
    assert silent_spans(given) == (Span(start_ms=10_150, end_ms=10_850),)


def test_a_sentence_edited_away_from_its_words_is_silent_as_a_whole() -> None:
    passage = WithheldPassage(**GROUND.model_dump(), start=0, end=2)
    edited = sentence("計画は中太郎", 10_000).model_copy(update={"text": "田中の計画です。", "withheld": (passage,)})
    assert silent_spans(minutes_of(speech(1, edited))) == (Span(start_ms=9_850, end_ms=10_750),)


def test_a_corrected_word_is_silent_as_long_as_the_words_it_replaced() -> None:
    given = sentence("担当は多中", 1_000)
    first, second = given.words[3:]
    layers = [Layer(by="clerk", before=w.raw, after=a, reason="", run="r1") for w, a in ((first, "田中"), (second, ""))]
    words = (
        *given.words[:3],
        first.model_copy(update={"layers": (layers[0],)}),
        second.model_copy(update={"layers": (layers[1],)}),
    )
    passage = WithheldPassage(**GROUND.model_dump(), start=3, end=5)
    corrected = given.model_copy(update={"text": "担当は田中", "words": words, "withheld": (passage,)})
    assert silent_spans(minutes_of(speech(1, corrected))) == (Span(start_ms=1_150, end_ms=1_650),)


def test_an_item_is_silent_to_the_next_heading_whatever_is_heard_there() -> None:
    withheld = WithheldItem(**GROUND.model_dump())
    given = minutes_of(
        speech(1, sentence("開会します。", 1_000)),
        heading(2, 5_000, withheld=withheld),
        speech(3, sentence("用地です。", 6_000)),
        heading(4, 20_000),
        speech(5, sentence("次です。", 20_500)),
        heading(6, 40_000, withheld=withheld),
    )
    assert silent_spans(given) == (Span(start_ms=4_850, end_ms=20_150), Span(start_ms=39_850, end_ms=60_000))


def test_marks_inside_an_explanation_that_is_not_printed_count_too(meeting: Minutes) -> None:
    body = list(meeting.body)
    (said,) = body[4].speech
    passage = WithheldPassage(**GROUND.model_dump(), start=6, end=12)
    (sentence_,) = said.paragraphs[0]
    inside = said.model_copy(update={"paragraphs": ((sentence_.model_copy(update={"withheld": (passage,)}),),)})
    body[4] = body[4].model_copy(update={"speech": (inside,)})
    marked = meeting.model_copy(update={"body": tuple(body)})
    assert [entry.text for entry in entries(marked)] == ["二億三千万円"]
    assert silent_spans(marked) == (Span(start_ms=8_450, end_ms=9_350),)
    body[4] = body[4].model_copy(update={"speech": (said.model_copy(update={"withheld": GROUND}),)})
    whole = meeting.model_copy(update={"body": tuple(body)})
    assert [entry.scope for entry in entries(whole)] == ["発言"]
    assert silent_spans(whole) == (Span(start_ms=7_850, end_ms=10_250),)


def test_a_name_is_silent_in_explanations_that_are_not_printed(meeting: Minutes) -> None:
    name = WithheldName(text="二億三千万円", ground="g", by="b")
    named = meeting.model_copy(update={"withheld_names": (name,)})
    assert silent_spans(named) == (Span(start_ms=8_450, end_ms=9_350),)
