"""Alignments: counts that add up, and times that are found on either side."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.alignment.align import align
from pipeline.evaluate.alignment.alignment import Alignment, Mark
from pipeline.evaluate.alignment.words import stretches, words_of
from pipeline.evaluate.profiles.registry import profile
from pipeline.evaluate.transcription import Piece, Transcription, Utterance

utterances = st.lists(st.text(alphabet="会議をえー、。事ことできる出来る三3", max_size=12), max_size=5)


def transcription(*texts: str, timed: bool = False) -> Transcription:
    def one(number: int, text: str) -> Utterance:
        if not timed:
            return Utterance(text=text)
        start = 1000 * number
        pieces = tuple(
            Piece(text=sign, start_ms=start + 100 * i, end_ms=start + 100 * i + 100) for i, sign in enumerate(text)
        )
        return Utterance(text=text, start_ms=start, end_ms=start + 1000, pieces=pieces)

    found = tuple(one(number, text) for number, text in enumerate(texts))
    return Transcription(name="test", source="transcript", utterances=found)


def aligned(reference: list[str], hypothesis: list[str], name: str = "standard", timed: bool = False) -> Alignment:
    return align(transcription(*reference), transcription(*hypothesis, timed=timed), profile(name))


@given(utterances, utterances, st.sampled_from(["standard", "strict", "lenient", "verbatim"]))
def test_the_errors_of_the_utterances_are_all_errors(reference: list[str], hypothesis: list[str], name: str) -> None:
    found = aligned(reference, hypothesis, name)
    parts = found.by_utterance()
    total = found.counts()
    assert len(parts) == len(reference)
    if parts:
        assert sum(part.errors for part in parts) == total.errors
        assert sum(part.reference for part in parts) == total.reference
    assert len(list(found.insertions())) == total.insertions


@given(utterances, utterances)
def test_an_alignment_pairs_each_character_once_and_in_order(reference: list[str], hypothesis: list[str]) -> None:
    found = aligned(reference, hypothesis)
    above, beneath = found.steps
    assert (above[-1], beneath[-1]) == (len(found.reference.text), len(found.hypothesis.text))
    pairs = [(i, j) for i, j in enumerate(found.beneath) if j >= 0]
    assert pairs == sorted(pairs) == [(i, j) for j, i in enumerate(found.above) if i >= 0]
    for i, j in pairs:
        assert (found.reference.text[i] == found.hypothesis.text[j]) == (found.marks[i] == Mark.EQUAL)


@given(utterances, utterances)
def test_stretches_hold_all_errors_and_whole_words(reference: list[str], hypothesis: list[str]) -> None:
    found = aligned(reference, hypothesis)
    words, heard = words_of(found.reference), words_of(found.hypothesis)
    covered, covered_heard, reached = set(), set(), 0
    for stretch in stretches(found, words, heard):
        assert stretch.start >= reached
        reached = stretch.end
        assert words.boundary(stretch.start) and words.boundary(stretch.end)
        assert heard.boundary(stretch.heard_start) and heard.boundary(stretch.heard_end)
        covered.update(range(stretch.start, stretch.end))
        covered_heard.update(range(stretch.heard_start, stretch.heard_end))
    assert {i for i, mark in enumerate(found.marks) if mark != Mark.EQUAL} <= covered
    assert {j for j, mark in enumerate(found.heard_marks) if mark == Mark.INSERTED} <= covered_heard


def test_times_come_from_whichever_side_has_them() -> None:
    found = aligned(["会議を開く。", "異議なし"], ["会議を、開く", "異議は無し"], timed=True)
    assert [found.moment_ms(place) for place in range(5)] == [0, 100, 200, 400, 500]
    assert found.moment_ms(5) == 1000
    turned = align(transcription("会議を", timed=True), transcription("会議をを"), profile("standard"))
    assert [turned.heard_moment_ms(place) for place in range(4)] == [0, 100, 200, 200]


def test_no_times_anywhere() -> None:
    found = aligned(["会議"], ["会"])
    assert found.moment_ms(0) is None and found.heard_moment_ms(0) is None
    assert aligned([], []).counts().reference == 0
