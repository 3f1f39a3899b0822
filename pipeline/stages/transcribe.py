"""Words from speech: one pass over everything, another over what ran in a loop or was left out, and an account of what
stayed unheard.

Windows are cut at pauses; whatever text comes back is held against the detected speech, so that nothing is lost in
silence and nothing is invented over it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.contracts import DecodeSettings, Excerpt, Hypothesis, Progress, Transcriber
from pipeline.records.base import Span
from pipeline.records.speech import Speech
from pipeline.records.words import DroppedText, Transcript, Word
from pipeline.stages.transcription.coverage import Figures, figures, neighbours, uncovered
from pipeline.stages.transcription.echo import echoed
from pipeline.stages.transcription.packing import Window, pack
from pipeline.stages.transcription.retry import halves, merged
from pipeline.stages.transcription.seams import joined
from pipeline.stages.transcription.settings import TranscribeSettings
from pipeline.stages.transcription.spans import within
from pipeline.stages.transcription.suspicion import LOOP_RATIO, disbelief, merit
from pipeline.stages.transcription.timing import dropped_text, filled, fit, stretched

__all__ = ["VERSION", "Figures", "TranscribeSettings", "figures", "transcribe"]

VERSION = 6
_LOOP_NGRAM = 4
"""Tokens that may not come twice when a window ran in a loop: about two words of Japanese."""
_NO_END, _AROUND_GAPS_MS = 24 * 3_600_000, 400
"""Stretches that were left out share windows however far apart they are; of what lies between, this much is heard."""
_FIRST, _SECOND, _THIRD, _LAST = (0.0, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.0)
"""Shares of progress of the passes."""


def transcribe(
    transcriber: Transcriber, waveform: Path, speech: Speech, settings: TranscribeSettings, progress: Progress
) -> Transcript:
    """All words of the recording, each inside detected speech, starts never going back; what speech stayed without
    words and what text was removed is in the transcript too. Engine errors pass through."""
    run = _Run(transcriber, waveform, speech.spans, settings, progress)
    windows = pack(speech.spans, settings)
    hypotheses = run.believed(run.unlooped(run.first(windows)))
    words = joined(windows, [hypothesis.words for hypothesis in hypotheses])
    words, strays = fit(words, speech.spans, settings.tolerance_ms)
    run.dropped.extend(strays)
    words = run.rescued(run.rescued(words, together=True), together=False)
    progress(1.0)
    return Transcript(
        language=settings.language,
        words=tuple(words),
        uncovered=uncovered(speech.spans, words, settings.tolerance_ms, settings.uncovered_ms),
        dropped=tuple(sorted(run.dropped, key=lambda text: text.span.start_ms)),
    )


@dataclass
class _Run:
    """The passes over one recording, and the text they removed."""

    transcriber: Transcriber
    waveform: Path
    speech: Sequence[Span]
    settings: TranscribeSettings
    progress: Progress
    dropped: list[DroppedText] = field(default_factory=list)

    def first(self, windows: Sequence[Window]) -> list[Hypothesis]:
        settings = self.settings
        return self._decode([window.span for window in windows], settings.beam_size, _FIRST, prompt=settings.prompt)

    def unlooped(self, hypotheses: list[Hypothesis]) -> list[Hypothesis]:
        """Looping windows again in halves and, if that does not end the loop, without repetition; the better decode
        stays."""
        found = {(h.window.start_ms, h.window.end_ms): h for h in hypotheses}
        looping = [h.window for h in hypotheses if h.compression_ratio > LOOP_RATIO]
        self._improve(found, self._in_halves(looping))
        still = [w for w in looping if found[w.start_ms, w.end_ms].compression_ratio > LOOP_RATIO]
        again = self._decode(still, self.settings.careful_beam_size, (_SECOND[1], _SECOND[1]), _LOOP_NGRAM)
        self._improve(found, again)
        return list(found.values())

    def _improve(self, found: dict[tuple[int, int], Hypothesis], again: Sequence[Hypothesis]) -> None:
        for new in again:
            key = (new.window.start_ms, new.window.end_ms)
            spoken = self._spoken(new.window)
            found[key] = max(found[key], new, key=lambda h: merit(h, spoken, self.settings.tolerance_ms))

    def _in_halves(self, windows: Sequence[Excerpt]) -> list[Hypothesis]:
        parts = [halves(window, self._spoken(window), self.settings) for window in windows]
        pieces = [piece.span for each in parts for piece in each]
        heard = iter(self._decode(pieces, self.settings.beam_size, (_SECOND[1], _SECOND[1])))
        return [merged(window, each, [next(heard) for _ in each]) for window, each in zip(windows, parts, strict=True)]

    def believed(self, hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
        """The same with the words of unbelievable ones moved to the dropped texts."""
        return [self._believed(hypothesis) for hypothesis in hypotheses]

    def _believed(self, hypothesis: Hypothesis) -> Hypothesis:
        reason = disbelief(hypothesis, self._spoken(hypothesis.window))
        if reason is None:
            return hypothesis
        self.dropped.append(dropped_text(hypothesis.words, reason))
        return hypothesis.model_copy(update={"words": ()})

    def rescued(self, words: list[Word], together: bool) -> list[Word]:
        """With what was heard in stretches of speech that had no words: together, which takes fewer windows, or each on
        its own. A word that was stretched over such speech is heard again with it."""
        settings = self.settings
        unsure = [word for word in words if stretched(word)]
        words = [word for word in words if not stretched(word)]
        gaps = uncovered(self.speech, words, settings.tolerance_ms, settings.uncovered_ms)
        if together:
            shared = settings.model_copy(update={"pause_ms": _NO_END, "silence_ms": _AROUND_GAPS_MS})
            windows = pack(gaps, shared)
        else:
            windows = tuple(window for near in neighbours(gaps, words) for window in pack(near, settings))
        spans, share = [window.span for window in windows], _THIRD if together else _LAST
        heard = self.believed(self._decode(spans, settings.careful_beam_size, share))
        found: list[Word] = []
        for hypothesis in heard:
            own = within(gaps, hypothesis.window)
            inside = [word for word in hypothesis.words if any(_centred(word, gap) for gap in own)]
            new = fit(inside, own, settings.tolerance_ms)[0]
            if (word := echoed(words, new)) is None:
                found.extend(new)
                continue
            self.dropped.append(dropped_text(new, "echo"))
            words[words.index(word)] = word.model_copy(update={"end_ms": max(word.end_ms, new[-1].end_ms)})
        kept = [word.model_copy(update={"end_ms": filled(word).end_ms}) for word in unsure if not _among(word, found)]
        return sorted([*words, *found, *kept], key=lambda word: word.start_ms)

    def _spoken(self, window: Excerpt) -> tuple[Span, ...]:
        return tuple(span for piece in window.kept for span in within(self.speech, piece))

    def _decode(
        self,
        windows: Sequence[Excerpt],
        beam_size: int,
        share: tuple[float, float],
        no_repeat: int = 0,
        prompt: str | None = None,
    ) -> list[Hypothesis]:
        if not windows:
            return []
        settings = DecodeSettings(
            language=self.settings.language,
            beam_size=beam_size,
            prompt=prompt,
            no_repeat_ngram_size=no_repeat,
        )
        return list(self.transcriber.decode(self.waveform, windows, settings, _part(self.progress, *share)))


def _among(word: Word, found: Sequence[Word]) -> bool:
    """Whether a stretched word was heard again in its time."""
    again = "".join(other.raw for other in found if other.span.overlap_ms(word.span) > 0)
    return word.raw.strip("、。") in again


def _centred(word: Word, gap: Span) -> bool:
    return gap.start_ms <= (word.start_ms + word.end_ms) // 2 <= gap.end_ms


def _part(progress: Progress, start: float, end: float) -> Callable[[float], None]:
    return lambda fraction: progress(start + fraction * (end - start))
