"""The transcribe stage over scripted engines: what the recogniser misses, repeats or invents must come out right."""

import wave
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from nonspeech import SOUNDS

from pipeline.contracts import DecodeSettings, Excerpt, Fingerprint, Hypothesis, Progress
from pipeline.engines.detector import SileroDetector
from pipeline.engines.whisper import FasterWhisper
from pipeline.errors import EngineError
from pipeline.records.base import Span
from pipeline.records.speech import Speech
from pipeline.records.words import Transcript, Word
from pipeline.stages.transcribe import TranscribeSettings, figures, transcribe
from pipeline.weights.locate import locate

Engines = tuple[SileroDetector, FasterWhisper]
Script = Callable[[Excerpt, DecodeSettings], Hypothesis]
SAMPLE = Path(__file__).resolve().parents[2] / "audio_samples" / "meeting.opus"
SPEECH = Speech(spans=(Span(start_ms=1_000, end_ms=5_000), Span(start_ms=60_000, end_ms=64_000)))


def quiet(fraction: float) -> None: ...


@pytest.fixture(scope="module")
def engines() -> Engines:
    detector, whisper = SileroDetector(), FasterWhisper(locate("whisper-base"), "cpu", threads=2)
    detector.open()
    whisper.open()
    return detector, whisper


class Scripted:
    """A Transcriber that says what the script says of each window."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.asked: list[tuple[Excerpt, DecodeSettings]] = []

    def fingerprint(self) -> Fingerprint:
        return Fingerprint(name="scripted", version="1")

    def open(self) -> None: ...

    def close(self) -> None: ...

    def decode(
        self, waveform: Path, windows: Sequence[Excerpt], settings: DecodeSettings, progress: Progress
    ) -> tuple[Hypothesis, ...]:
        self.asked += [(window, settings) for window in windows]
        progress(1.0)
        return tuple(self.script(window, settings) for window in windows)


def said(
    window: Excerpt, text: str, start: int, end: int, log_probability: float = -0.2, ratio: float = 1.2
) -> Hypothesis:
    step = (end - start) / max(1, len(text))
    words = tuple(
        Word(start_ms=round(start + n * step), end_ms=round(start + (n + 1) * step), raw=c, probability=0.9)
        for n, c in enumerate(text)
    )
    return Hypothesis(
        window=window,
        words=words,
        average_log_probability=log_probability,
        no_speech_probability=0.01,
        compression_ratio=ratio,
    )


def clear(window: Excerpt, settings: DecodeSettings) -> Hypothesis:
    return said(window, "ただいまより開会いたします", window.start_ms + 200, window.end_ms - 200)


def run(script: Script, speech: Speech = SPEECH) -> tuple[Transcript, Scripted]:
    engine = Scripted(script)
    return transcribe(engine, Path("meeting.wav"), speech, TranscribeSettings(), lambda _: None), engine


def test_clear_speech_is_decoded_once_and_comes_out_whole() -> None:
    transcript, engine = run(clear)
    assert transcript.text == "ただいまより開会いたします" * 2
    assert len(engine.asked) == 2
    assert transcript.uncovered == () and transcript.dropped == ()
    assert figures(transcript, SPEECH).characters_over_silence == 0


def test_silence_asks_nobody_and_says_nothing() -> None:
    transcript, engine = run(clear, Speech(spans=()))
    assert transcript.words == () and engine.asked == []


def test_the_end_of_a_window_that_was_swallowed_is_heard_on_its_own() -> None:
    def swallows(window: Excerpt, settings: DecodeSettings) -> Hypothesis:
        if settings.prompt:
            return said(window, "報告します", window.start_ms + 200, window.start_ms + 1_700)
        ends = [said(window, "以上です", piece.start_ms + 300, piece.end_ms - 300) for piece in window.kept]
        return ends[0].model_copy(update={"words": tuple(word for end in ends for word in end.words)})

    transcript, engine = run(swallows)
    assert transcript.text == "報告します以上です" * 2
    assert len(engine.asked) == 2 + 1
    assert transcript.uncovered == ()
    starts = [word.start_ms for word in transcript.words]
    assert starts == sorted(starts)


def test_what_stays_unheard_in_a_shared_window_is_heard_on_its_own() -> None:
    def swallows(window: Excerpt, settings: DecodeSettings) -> Hypothesis:
        if settings.prompt:
            return said(window, "報告します", window.start_ms + 200, window.start_ms + 1_700)
        return said(window, "以上です" if len(window.kept) == 1 else "", window.start_ms + 300, window.end_ms - 300)

    transcript, engine = run(swallows)
    assert transcript.text == "報告します以上です" * 2
    assert len(engine.asked) == 2 + 1 + 2
    assert transcript.uncovered == ()


def test_a_sentence_hidden_under_a_stretched_word_is_heard_and_the_word_stays_single() -> None:
    speech = Speech(spans=(Span(start_ms=0, end_ms=12_000),))

    def skips(window: Excerpt, settings: DecodeSettings) -> Hypothesis:
        if window.heard_ms < 11_000:
            return said(window, "個物は世界を映すそれは", window.start_ms + 100, window.end_ms - 100)
        first, last = said(window, "考えます", 200, 2_000), said(window, "家族です", 10_000, 11_900)
        hidden = Word(start_ms=2_000, end_ms=10_000, raw="それは", probability=0.8)
        return last.model_copy(update={"words": (*first.words, hidden, *last.words)})

    transcript, _ = run(skips, speech)
    assert transcript.text == "考えます個物は世界を映すそれは家族です"


def test_a_stretched_word_that_is_not_heard_again_is_not_lost() -> None:
    speech = Speech(spans=(Span(start_ms=0, end_ms=12_000),))

    def skips(window: Excerpt, settings: DecodeSettings) -> Hypothesis:
        if window.heard_ms < 11_000:
            return said(window, "", window.start_ms, window.end_ms)
        hidden = Word(start_ms=0, end_ms=11_000, raw="それは", probability=0.8)
        return said(window, "", 0, 1).model_copy(update={"words": (hidden,)})

    transcript, _ = run(skips, speech)
    assert transcript.text == "それは" and transcript.uncovered != ()


def test_a_loop_is_tried_again_without_repetition() -> None:
    def loops(window: Excerpt, settings: DecodeSettings) -> Hypothesis:
        if settings.no_repeat_ngram_size:
            return clear(window, settings)
        return said(window, "はい" * 40, window.start_ms, window.end_ms, ratio=8.0)

    transcript, _ = run(loops)
    assert transcript.text == "ただいまより開会いたします" * 2
    assert transcript.dropped == ()


def test_a_loop_that_ends_in_halves_needs_nothing_else() -> None:
    speech = Speech(spans=tuple(Span(start_ms=n * 4_000, end_ms=n * 4_000 + 3_500) for n in range(6)))

    def loops(window: Excerpt, settings: DecodeSettings) -> Hypothesis:
        if window.heard_ms > 20_000:
            return said(window, "はい" * 40, window.start_ms, window.end_ms, ratio=8.0)
        return said(window, "以上" * round(window.heard_ms / 1_000), window.start_ms + 200, window.end_ms - 200)

    transcript, engine = run(loops, speech)
    assert set(transcript.text) == {"以", "上"} and transcript.uncovered == ()
    assert all(settings.no_repeat_ngram_size == 0 for _, settings in engine.asked)


def test_what_stays_unbelievable_is_removed_listed_and_its_speech_reported() -> None:
    def mad(window: Excerpt, settings: DecodeSettings) -> Hypothesis:
        return said(window, "はい" * 40, window.start_ms, window.end_ms, ratio=8.0)

    transcript, _ = run(mad)
    assert transcript.words == ()
    assert {text.reason for text in transcript.dropped} == {"同じ語句の繰り返し"}
    assert figures(transcript, SPEECH).uncovered_ms == SPEECH.duration_ms


def test_an_engine_that_hears_nothing_leaves_all_speech_reported() -> None:
    transcript, _ = run(lambda window, settings: said(window, "", 0, 0, log_probability=0.0))
    assert transcript.words == ()
    assert transcript.uncovered == SPEECH.spans


def test_speech_without_any_pause_is_neither_lost_nor_doubled() -> None:
    whole = "".join(chr(0x3041 + n % 80) for n in range(240))

    def reads(window: Excerpt, settings: DecodeSettings) -> Hypothesis:
        first, last = -(-window.start_ms // 500), window.end_ms // 500
        return said(window, whole[first:last], first * 500, min(last, len(whole)) * 500)

    transcript, _ = run(reads, Speech(spans=(Span(start_ms=0, end_ms=120_000),)))
    assert transcript.text == whole


def test_progress_only_grows_and_ends_at_one() -> None:
    told: list[float] = []
    transcribe(Scripted(clear), Path("meeting.wav"), SPEECH, TranscribeSettings(), told.append)
    assert told == sorted(told) and told[-1] == 1.0


def test_errors_and_interrupts_pass_through() -> None:
    def fails(window: Excerpt, settings: DecodeSettings) -> Hypothesis:
        raise EngineError("out of memory.", "Use a smaller model.")

    with pytest.raises(EngineError):
        run(fails)

    def interrupt(fraction: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transcribe(Scripted(clear), Path("meeting.wav"), SPEECH, TranscribeSettings(), interrupt)


@pytest.mark.weights
@pytest.mark.parametrize("kind", sorted(SOUNDS))
def test_real_engines_invent_nothing_where_nobody_speaks(kind: str, engines: Engines, tmp_path: Path) -> None:
    transcript = heard(written(SOUNDS[kind](20), tmp_path), engines)
    assert transcript.text == ""


@pytest.mark.weights
def test_real_engines_invent_nothing_when_the_recorder_was_forgotten(engines: Engines, tmp_path: Path) -> None:
    """A few seconds of the sample meeting, then two minutes of an empty room with claps, chairs and coughs."""
    from faster_whisper.audio import decode_audio

    speech = np.asarray(decode_audio(str(SAMPLE), sampling_rate=16_000), np.float64)[: 8 * 16_000]
    tail = 0.1 * SOUNDS["pink noise"](120) + 0.3 * SOUNDS["bursts"](120) + 0.3 * SOUNDS["coughs"](120)
    transcript = heard(written(np.concatenate([speech, tail]), tmp_path), engines)
    assert transcript.text
    assert max(word.end_ms for word in transcript.words) <= 8_500


def written(samples: "np.typing.NDArray[np.float64]", folder: Path) -> Path:
    recording = folder / "sound.wav"
    with wave.open(str(recording), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(16_000)
        writer.writeframes(np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return recording


def heard(recording: Path, engines: Engines) -> Transcript:
    detector, whisper = engines
    return transcribe(whisper, recording, detector.detect(recording, quiet), TranscribeSettings(), quiet)
