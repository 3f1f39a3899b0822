"""The parts of the transcribe stage by what must hold for any speech and any words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contracts import Excerpt, Hypothesis
from pipeline.records.base import Span
from pipeline.records.speech import Speech
from pipeline.records.words import Transcript, Word
from pipeline.stages.transcription.coverage import figures, uncovered
from pipeline.stages.transcription.packing import Window, pack
from pipeline.stages.transcription.seams import joined
from pipeline.stages.transcription.settings import TranscribeSettings
from pipeline.stages.transcription.spans import minus, total_ms, union
from pipeline.stages.transcription.suspicion import disbelief, merit
from pipeline.stages.transcription.timing import fit

SETTINGS = TranscribeSettings()


def span(start: int, end: int) -> Span:
    return Span(start_ms=start, end_ms=end)


def excerpt(start: int, end: int) -> Excerpt:
    return Excerpt(start_ms=start, end_ms=end)


def word(start: int, end: int, raw: str = "会", probability: float = 0.9) -> Word:
    return Word(start_ms=start, end_ms=end, raw=raw, probability=probability)


@st.composite
def speech_spans(draw: st.DrawFn) -> tuple[Span, ...]:
    spans, at = [], 0
    for pause, length in draw(st.lists(st.tuples(st.integers(50, 6_000), st.integers(60, 90_000)), max_size=12)):
        spans.append(span(at + pause, at + pause + length))
        at += pause + length
    return tuple(spans)


@st.composite
def ordered_words(draw: st.DrawFn) -> list[Word]:
    words, at = [], 0
    for step, length in draw(st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 3_000)), max_size=40)):
        at += step
        words.append(word(at, at + length, str(len(words))))
    return words


@given(speech_spans())
def test_windows_hold_all_speech_and_are_short_enough(speech: tuple[Span, ...]) -> None:
    windows = pack(speech, SETTINGS)
    assert minus(speech, [window.span for window in windows]) == ()
    assert all(0 < window.span.heard_ms <= SETTINGS.window_ms for window in windows)
    assert minus(speech, [piece for window in windows for piece in window.span.kept]) == ()
    assert [w.span.start_ms for w in windows] == sorted(w.span.start_ms for w in windows)


@given(speech_spans())
def test_windows_share_time_only_where_speech_has_no_pause(speech: tuple[Span, ...]) -> None:
    windows = pack(speech, SETTINGS)
    for before, after in pairwise(windows):
        shared = max(0, before.span.end_ms - after.span.start_ms)
        assert shared == after.shared_ms
        if shared:
            assert any(s.start_ms <= after.span.start_ms and before.span.end_ms <= s.end_ms for s in speech)


@given(speech_spans())
def test_no_window_reaches_over_a_long_pause(speech: tuple[Span, ...]) -> None:
    for window in pack(speech, SETTINGS):
        silence = minus([window.span], speech)
        assert all(gap.duration_ms < SETTINGS.pause_ms for gap in silence)
        assert all(gap.duration_ms <= SETTINGS.silence_ms for gap in minus(window.span.kept, speech))


@given(speech_spans())
def test_times_of_what_is_heard_are_times_of_the_recording(speech: tuple[Span, ...]) -> None:
    for window in pack(speech, SETTINGS):
        heard = 0
        for piece in window.span.kept:
            assert window.span.at(heard) == piece.start_ms
            heard += piece.duration_ms
            assert window.span.at(heard, end=True) == piece.end_ms


def test_a_full_window_is_cut_at_the_longest_late_pause() -> None:
    speech = [span(0, 18_000), span(18_900, 23_000), span(23_900, 27_000), span(27_100, 40_000)]
    assert [window.span.end_ms for window in pack(speech, SETTINGS)] == [23_200, 40_200]


@given(ordered_words(), speech_spans(), st.integers(0, 500))
def test_fitting_keeps_or_drops_every_word_once(words: list[Word], speech: tuple[Span, ...], tolerance: int) -> None:
    kept, dropped = fit(words, speech, tolerance)
    texts = [w.raw for w in kept] + [text.text for text in dropped]
    assert sorted("".join(texts)) == sorted("".join(w.raw for w in words))
    assert [w.start_ms for w in kept] == sorted(w.start_ms for w in kept)
    assert all(any(s.start_ms <= w.start_ms <= w.end_ms <= s.end_ms for s in speech) for w in kept)


def test_a_word_stretched_over_a_pause_keeps_to_the_speech_it_shares_most_time_with() -> None:
    kept, dropped = fit([word(900, 4_000)], [span(0, 1_000), span(3_000, 5_000)], 300)
    assert (kept[0].start_ms, kept[0].end_ms, dropped) == (3_000, 4_000, [])


def test_text_over_silence_is_dropped_with_its_reason_and_a_misplaced_ending_is_not() -> None:
    speech = [span(0, 1_000), span(9_000, 10_000)]
    ending = [word(500, 1_350, "です"), word(1_400, 1_500, "ね")]
    invented = [word(4_000 + 100 * n, 4_100 + 100 * n, c) for n, c in enumerate("ご視聴ありがとう")]
    kept, dropped = fit([*ending, *invented, word(9_100, 9_200, "はい")], speech, 300)
    assert "".join(w.raw for w in kept) == "ですねはい"
    assert [(text.text, text.reason) for text in dropped] == [("ご視聴ありがとう", "発話のない区間の文字")]


def test_uncovered_speech_is_what_no_word_is_near() -> None:
    speech = [span(0, 5_000), span(6_000, 6_500)]
    assert uncovered(speech, [word(0, 1_000)], 300, 400) == (span(1_300, 5_000), span(6_000, 6_500))
    assert uncovered(speech, [word(0, 4_500), word(6_100, 6_200)], 300, 400) == ()


@given(speech_spans(), speech_spans())
def test_subtraction_and_union_account_for_all_time(a: tuple[Span, ...], b: tuple[Span, ...]) -> None:
    assert total_ms(minus(a, b)) + total_ms(b) == total_ms(union([*a, *b]))


def test_two_windows_are_joined_in_the_text_both_heard() -> None:
    windows = [Window(span=excerpt(0, 10_000)), Window(span=excerpt(8_000, 18_000), shared_ms=2_000)]
    first = [word(7_000, 7_500, "報告"), word(8_100, 8_600, "いた"), word(8_600, 9_400, "します"), word(9_500, 9_900)]
    second = [word(8_050, 8_200, "た"), word(8_700, 9_500, "します"), word(9_600, 9_900, "それ"), word(10_000, 10_500)]
    assert "".join(w.raw for w in joined(windows, [first, second])) == "報告いたしますそれ会"


def hypothesis(text: str, log_probability: float = -0.2, no_speech: float = 0.0, ratio: float = 1.3) -> Hypothesis:
    return Hypothesis(
        window=excerpt(0, 5_000),
        words=(word(0, 5_000, text),) if text else (),
        average_log_probability=log_probability,
        no_speech_probability=no_speech,
        compression_ratio=ratio,
    )


@pytest.mark.parametrize(
    "heard",
    [
        hypothesis("はい" * 30, ratio=3.0),
        hypothesis("ご視聴ありがとうございました", log_probability=-0.47, no_speech=0.8),
        hypothesis("あ", log_probability=-1.6),
        hypothesis("会" * 100),
    ],
)
def test_what_cannot_have_been_said_is_not_believed(heard: Hypothesis) -> None:
    assert disbelief(heard, [span(0, 5_000)]) is not None


def test_clear_speech_is_believed_whatever_it_says() -> None:
    heard = hypothesis("ご視聴ありがとうございました")
    assert disbelief(heard, [span(0, 5_000)]) is None


def test_a_decode_that_leaves_speech_without_words_is_the_worse_one() -> None:
    speech = [span(0, 5_000)]
    assert merit(hypothesis("ご視聴ありがとうございました"), speech, 300) > merit(hypothesis(""), speech, 300)


def test_figures_count_speech_without_words_and_words_without_speech() -> None:
    transcript = Transcript(
        language="ja", words=(word(0, 900, "会議"), word(5_000, 5_500, "ですね")), uncovered=(span(2_000, 3_000),)
    )
    counts = figures(transcript, Speech(spans=(span(0, 3_000),)))
    assert (counts.speech_ms, counts.uncovered_ms) == (3_000, 1_000)
    assert (counts.characters, counts.characters_over_silence) == (5, 3)
