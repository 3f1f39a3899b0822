"""Composing the minutes: golden outlines of two bodies, and the promise that no word is lost, doubled or moved."""

import datetime

import compose_cases as cases
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records.base import Span
from pipeline.records.meeting import AgendaItem, Meeting, Member, RosterRole
from pipeline.records.minutes import Explanation, Inaudible, Minutes, Speech
from pipeline.records.roles import Roles
from pipeline.records.turns import Turns
from pipeline.records.words import Word
from pipeline.stages.compose import ComposeSettings

MEETING = Meeting(
    agenda=(
        AgendaItem(kind="報告", number=1, title="図書館の利用状況について"),
        AgendaItem(kind="議案", number=1, title="使用料の改定について"),
    ),
    roster=(
        RosterRole(role="会長", chairs=True, members=(Member(office="会長"),)),
        RosterRole(role="委員"),
        RosterRole(role="事務局", explains=True),
    ),
)


@pytest.mark.parametrize("name", cases.CASES)
def test_golden(name: str) -> None:
    expected = (cases.DATA / f"{name}.golden.txt").read_text(encoding="utf-8")
    assert cases.outline(cases.case(name)) == expected


def speeches(minutes: Minutes) -> list[Speech]:
    found: list[Speech] = []
    for block in minutes.body:
        if isinstance(block, Speech):
            found.append(block)
        elif isinstance(block, Explanation):
            found.extend(block.speech)
    return found


def words_of(minutes: Minutes) -> list[Word]:
    return [
        word
        for speech in speeches(minutes)
        for paragraph in speech.paragraphs
        for sentence in paragraph
        for word in sentence.words
    ]


def codes(minutes: Minutes) -> list[str]:
    return [warning.code for warning in minutes.warnings]


SAID = st.sampled_from(
    [
        "それでは、報告案件1件目、図書館の利用状況について、事務局から説明をお願いします。",
        "次に、議案第1号、使用料の改定についてを議題といたします。",
        "資料1をご覧ください。利用は増えております。説明は以上でございます。",
        "なお、補足いたします。",
        "{えー}",
        "{えー、}{あのー}",
        "はい。",
        "ご質問はございますか",
        "原案のとおり可決することにご異議ございませんか。",
        "異議なし。",
        "ご異議なしと認めます。",
        "本件は了承といたします。ありがとうございました。",
        "以上で本日の案件はすべて終了いたしました。閉会いたします。",
        "、",
        "利用者は何人ですか、   また、費用はいくらですか 教えてください",
    ]
)
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "who": st.sampled_from(["S01", "S02", "S03"]),
            "role": st.sampled_from(["会長", "委員", "事務局"]),
            "text": SAID,
            "pause_ms": st.integers(0, 4000),
            "confidence": st.floats(0.0, 1.0),
        }
    ),
    max_size=14,
)
UNCOVERED = st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 5_000)), max_size=4)


@settings(max_examples=150, deadline=None)
@given(ENTRIES, UNCOVERED, st.booleans(), st.booleans())
def test_every_word_once_and_in_order(
    entries: list[dict[str, object]], uncovered: list[tuple[int, int]], infer: bool, known: bool
) -> None:
    found, roles = cases.turns(entries)
    spans = tuple(Span(start_ms=start, end_ms=start + length) for start, length in uncovered)
    chosen = ComposeSettings(infer_decisions=infer)
    minutes = cases.composed(found, roles, MEETING if known else Meeting(), spans, chosen)

    assert words_of(minutes) == [word for turn in found.turns for word in turn.words]
    marked = sorted(block.span.start_ms for block in minutes.body if isinstance(block, Inaudible))
    assert marked == sorted(span.start_ms for span in spans if span.duration_ms >= chosen.inaudible_ms)
    numbers = [block.id for block in minutes.body] + [
        speech.id for block in minutes.body if isinstance(block, Explanation) for speech in block.speech
    ]
    assert sorted(numbers) == [f"b{number:04d}" for number in range(1, len(numbers) + 1)]
    assert Minutes.model_validate_json(minutes.model_dump_json()) == minutes


@settings(max_examples=60, deadline=None)
@given(ENTRIES)
def test_what_is_printed_is_what_the_words_say(entries: list[dict[str, object]]) -> None:
    found, roles = cases.turns(entries)
    for speech in speeches(cases.composed(found, roles, MEETING)):
        for paragraph in speech.paragraphs:
            for sentence in paragraph:
                said = "".join(word.text for word in sentence.words)
                assert sentence.text.rstrip("。") == said.strip("、。") or sentence.text == said.lstrip("、")


def test_silence_gives_a_valid_empty_draft() -> None:
    minutes = cases.composed(Turns(turns=()), Roles(assignments=()), MEETING)
    assert minutes.body == ()
    assert "no-speech" in codes(minutes)
    assert "heading-missing" not in codes(minutes)


def test_unheard_speech_alone_is_still_marked() -> None:
    minutes = cases.composed(Turns(turns=()), Roles(assignments=()), MEETING, (Span(start_ms=0, end_ms=9_000),))
    assert [block.kind for block in minutes.body] == ["inaudible"]


def test_unheard_speech_stands_between_the_sentences_it_fell_between() -> None:
    found, roles = cases.turns([{"who": "S01", "role": "委員", "text": "賛成です。      理由を述べます。"}])
    at = found.turns[0].words[1].end_ms
    minutes = cases.composed(found, roles, Meeting(), (Span(start_ms=at + 200, end_ms=at + 2_200),))
    assert [block.kind for block in minutes.body] == ["speech", "inaudible", "speech"]


def test_one_role_of_two_people_stays_two_turns_and_one_person_is_one() -> None:
    found, roles = cases.turns(
        [
            {"who": "S01", "role": "委員", "text": "賛成です。"},
            {"who": "S02", "role": "委員", "text": "私もです。", "confidence": 1.0},
            {"who": "S02", "role": "委員", "text": "急いでください。", "confidence": 0.0},
        ]
    )
    minutes = cases.composed(found, roles, MEETING)
    assert [speech.speaker for speech in speeches(minutes)] == ["S01", "S02"]
    assert 0 < speeches(minutes)[1].confidence < 1


def test_a_turn_without_an_assignment_is_printed_as_unknown() -> None:
    found, _ = cases.turns([{"who": "S01", "role": "委員", "text": "賛成です。"}])
    speech = speeches(cases.composed(found, Roles(assignments=()), MEETING))[0]
    assert (speech.role, speech.flagged) == ("【要確認】", True)


@pytest.mark.parametrize(
    ("opens", "closes", "expected", "estimated"),
    [
        (datetime.time(13, 30), datetime.time(15, 0), datetime.time(15, 0), False),
        (datetime.time(13, 30), None, datetime.time(13, 32), True),
        (None, datetime.time(15, 0), datetime.time(15, 0), False),
        (None, None, None, False),
        (datetime.time(23, 59), None, datetime.time(0, 1), True),
    ],
)
def test_closing_time(
    opens: datetime.time | None, closes: datetime.time | None, expected: datetime.time | None, estimated: bool
) -> None:
    entries: list[dict[str, object]] = [{"who": "S01", "role": "会長", "text": "閉会です。", "pause_ms": 125_000}]
    found, roles = cases.turns(entries)
    minutes = cases.composed(found, roles, Meeting(opens=opens, closes=closes))
    assert (minutes.closes, minutes.closes_estimated) == (expected, estimated)
    assert ("closes-estimated" in codes(minutes)) == estimated


def test_unknown_fields_are_named() -> None:
    minutes = cases.composed(Turns(turns=()), Roles(assignments=()), Meeting(opens=datetime.time(0, 0)))
    unknown = [warning.text for warning in minutes.warnings if warning.code == "unknown-field"]
    assert len(unknown) == 9
    assert not any("開会時刻" in text for text in unknown)
