"""Attribution keeps every word, repairs boundaries, and keeps short answers."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records.speakers import Diarization, SpeakerSegment
from pipeline.records.words import Layer, Transcript, Word
from pipeline.stages.attribute import ONLY_VOICE, attribute

PIECES = ["はい", "、", "です。", "でしょうか。", "資料", "ま", "す", "", "ご説明", "。", "abc", "2", "えー"]


@st.composite
def transcripts(draw):
    words = []
    clock = 0
    run = 0
    for index in range(draw(st.integers(0, 40))):
        start = max(0, clock + draw(st.integers(-200, 3_000)))
        end = start + draw(st.sampled_from([0, 40, 180, 400, 5_000]))
        clock = max(clock, start)
        layers = ()
        if draw(st.integers(0, 3)) == 0:
            run += draw(st.integers(0, 1))
            layers = (Layer(by="lexicon", before="x", after=draw(st.sampled_from(PIECES)), reason="r", run=f"r{run}"),)
        raw = draw(st.sampled_from(PIECES)) + str(index)
        words.append(Word(start_ms=start, end_ms=end, raw=raw, probability=0.5, layers=layers))
    return Transcript(language="ja", words=tuple(words))


@st.composite
def segments(draw):
    start = draw(st.integers(0, 150_000))
    length = draw(st.integers(0, 20_000))
    return SpeakerSegment(start_ms=start, end_ms=start + length, speaker=f"S{draw(st.integers(1, 6)):02}")


@st.composite
def diarizations(draw):
    return Diarization(
        segments=tuple(draw(st.lists(segments(), max_size=12))),
        exclusive=tuple(draw(st.lists(segments(), max_size=12))),
    )


@settings(max_examples=80, deadline=None)
@given(transcripts(), diarizations())
def test_every_word_exactly_once_and_in_order(transcript, diarization):
    turns = attribute(transcript, diarization).turns
    assert tuple(word for turn in turns for word in turn.words) == transcript.words
    assert [turn.number for turn in turns] == list(range(1, len(turns) + 1))
    assert all(turn.words and 0.0 <= turn.speaker_confidence <= 1.0 for turn in turns)
    assert all(a.speaker != b.speaker for a, b in pairwise(turns))


@settings(max_examples=50, deadline=None)
@given(transcripts(), diarizations())
def test_a_lexicon_run_is_not_torn_apart(transcript, diarization):
    turns_of_run: dict[str, set[int]] = {}
    for turn in attribute(transcript, diarization).turns:
        for word in turn.words:
            for layer in word.layers:
                turns_of_run.setdefault(layer.run, set()).add(turn.number)
    assert all(len(turns) == 1 for turns in turns_of_run.values())


def said(*pieces: tuple[str, int, int]) -> Transcript:
    words = tuple(Word(start_ms=a, end_ms=b, raw=text, probability=0.9) for text, a, b in pieces)
    return Transcript(language="ja", words=words)


def voices(*pieces: tuple[str, int, int]) -> Diarization:
    found = tuple(SpeakerSegment(speaker=speaker, start_ms=a, end_ms=b) for speaker, a, b in pieces)
    return Diarization(segments=found, exclusive=found)


def texts(transcript: Transcript, diarization: Diarization) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in attribute(transcript, diarization).turns]


def test_nobody_found_gives_one_voice():
    transcript = said(("開会", 0, 400), ("します。", 400, 900))
    assert texts(transcript, voices()) == [(ONLY_VOICE, "開会します。")]


def test_a_late_change_moves_to_the_sentence_end():
    transcript = said(
        ("含まれて", 0, 600),
        ("いますか。", 600, 1200),
        ("はい、", 1250, 1500),
        ("含まれて", 1500, 2000),
        ("ございます。", 2000, 2600),
        ("続きまして", 2700, 3300),
    )
    diarization = voices(("S01", 0, 1480), ("S02", 1480, 2650), ("S01", 2650, 3300))
    assert texts(transcript, diarization) == [
        ("S01", "含まれていますか。"),
        ("S02", "はい、含まれてございます。"),
        ("S01", "続きまして"),
    ]


def test_a_short_answer_after_a_question_is_its_own_turn():
    transcript = said(("よろしいですか。", 0, 1000), ("はい。", 1100, 1400), ("では次に", 1500, 2200))
    diarization = voices(("S01", 0, 1050), ("S02", 1100, 1450), ("S01", 1480, 2200))
    assert [text for _, text in texts(transcript, diarization)] == ["よろしいですか。", "はい。", "では次に"]


def test_a_backchannel_inside_a_sentence_does_not_cut_it():
    transcript = said(("この件", 0, 500), ("はい", 500, 760), ("については", 760, 1400), ("検討します。", 1400, 2200))
    diarization = voices(("S01", 0, 500), ("S02", 500, 760), ("S01", 760, 2200))
    assert len(texts(transcript, diarization)) == 1


def test_a_real_interruption_cuts_the_sentence():
    transcript = said(
        ("この件については", 0, 1500), ("待ってください", 1500, 3200), ("資料が違うのではないですか。", 3200, 5600)
    )
    diarization = voices(("S01", 0, 1500), ("S02", 1500, 5600))
    assert [speaker for speaker, _ in texts(transcript, diarization)] == ["S01", "S02"]


def test_words_stretched_over_a_pause_stay_where_they_were_said():
    transcript = said(("お願いし", 0, 800), ("ます。", 800, 4800), ("資料", 4800, 5300), ("1です。", 5300, 6000))
    diarization = voices(("S01", 0, 1300), ("S02", 3000, 6000))
    assert texts(transcript, diarization) == [("S01", "お願いします。"), ("S02", "資料1です。")]


def test_words_in_no_segment_go_to_the_nearest_voice():
    transcript = said(("本日は。", 0, 900), ("異議なし。", 9_000, 9_700))
    diarization = voices(("S01", 0, 900), ("S02", 10_000, 12_000))
    assert [speaker for speaker, _ in texts(transcript, diarization)] == ["S01", "S02"]
