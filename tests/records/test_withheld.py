"""Marks of what is withheld stay on their words while the text around them is edited, cut and joined."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.records.minutes import Sentence
from pipeline.records.withheld import WithheldPassage, Withholding, carried, cut, shifted

TEXT = "担当は田中太郎でございます。"


def mark(start: int, end: int) -> WithheldPassage:
    return WithheldPassage(start=start, end=end, ground="条例第7条第2号", by="事務局")


def marked(text: str, passages: tuple[WithheldPassage, ...]) -> list[str]:
    return [text[passage.start : passage.end] for passage in passages]


NAME = (mark(3, 7),)


@pytest.mark.parametrize(
    ("after", "withheld"),
    [
        (TEXT, ["田中太郎"]),
        ("窓口の担当は田中太郎です。", ["田中太郎"]),
        ("担当は田中次郎でございます。", ["田中次郎"]),
        ("担当は田中でございます。", ["田中"]),
        ("担当は係長の田中太郎でございます。", ["係長の田中太郎"]),  # written at its edge: may say the same
        ("担当は佐藤花子でございます。", ["佐藤花子"]),
        ("担当はでございます。", []),
        ("でございます。担当は田中太郎", ["田中太郎"]),
        ("田中太郎が担当でございます。", ["田中太郎が担当"]),
        ("担当は田中太郎でございます。田中太郎です。", ["田中太郎", "田中太郎"]),
    ],
)
def test_a_mark_follows_its_words(after: str, withheld: list[str]) -> None:
    assert marked(after, carried(NAME, TEXT, after)) == withheld


texts = st.text(alphabet="あいう。", max_size=12)


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, tuple[WithheldPassage, ...]]:
    text = draw(texts.filter(bool))
    starts = draw(st.lists(st.integers(0, len(text) - 1), max_size=3))
    return text, tuple(mark(start, draw(st.integers(start + 1, len(text)))) for start in starts)


@given(sentences(), texts)
@settings(deadline=None)
def test_withheld_words_never_come_into_the_open_by_an_edit(
    sentence: tuple[str, tuple[WithheldPassage, ...]], after: str
) -> None:
    before, passages = sentence
    kept = carried(passages, before, after)
    Sentence(text=after, start_ms=0, end_ms=0, words=(), withheld=kept)

    def in_the_open(text: str, marks: tuple[WithheldPassage, ...], words: str) -> bool:
        places = (at for at in range(len(text)) if text[at : at + len(words)] == words)
        return any(not any(m.start <= at and at + len(words) <= m.end for m in marks) for at in places)

    for words in marked(before, passages):
        assert in_the_open(before, passages, words) or not in_the_open(after, kept, words)


@given(sentences(), st.data())
@settings(deadline=None)
def test_cut_and_joined_again_the_same_characters_are_withheld(
    sentence: tuple[str, tuple[WithheldPassage, ...]], data: st.DataObject
) -> None:
    text, passages = sentence
    at = data.draw(st.integers(0, len(text)))
    left, right = cut(passages, at)
    Sentence(text=text[:at], start_ms=0, end_ms=0, words=(), withheld=left)
    Sentence(text=text[at:], start_ms=0, end_ms=0, words=(), withheld=right)
    covered = {place for passage in passages for place in range(passage.start, passage.end)}
    again = {place for passage in (*left, *shifted(right, at)) for place in range(passage.start, passage.end)}
    assert covered == again


@pytest.mark.parametrize(("start", "end"), [(3, 3), (5, 2), (-1, 2), (3, len(TEXT) + 1)])
def test_a_mark_must_lie_in_its_sentence(start: int, end: int) -> None:
    with pytest.raises(ValidationError):
        Sentence(text=TEXT, start_ms=0, end_ms=0, words=(), withheld=(mark(start, end),))


@pytest.mark.parametrize(("ground", "by"), [("", "事務局"), (" ", "事務局"), ("条例第7条", "")])
def test_a_ground_and_a_person_are_required(ground: str, by: str) -> None:
    with pytest.raises(ValidationError):
        Withholding(ground=ground, by=by)
