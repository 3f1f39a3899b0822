"""Judging a decoded window by acoustic evidence and decoding statistics: is it beyond belief, which of two is better?

Phrases are no evidence: what Whisper says on silence varies, and people do say ご視聴ありがとうございました."""

from collections.abc import Sequence

from pipeline.contracts import Hypothesis
from pipeline.records.base import Span
from pipeline.stages.transcription.spans import minus, total_ms, widened
from pipeline.stages.transcription.timing import filled

LOOP_RATIO = 2.4
"""Compression above which text repeats itself; OpenAI's value for Whisper."""
_BEYOND_BELIEF = -1.3
_NO_SPEECH = 0.6
"""OpenAI's threshold of the no-speech token. Noises measured 0.67 to 0.95 (claps 0.45 to 0.81), meeting speech 0.00 to
0.03 a window and up to 0.3 for a lone えっと, once windows are filled up with silence."""
_CERTAIN = -0.25
"""Log-probability that outweighs the no-speech token; phrases invented over noise reached -0.47."""
_FASTEST_PER_S = 14.0
"""Written characters a second. Fast Japanese speech stays below ten."""
_SHORT_S = 0.5
"""Added to the length of speech before dividing: detected spans are a little short."""


def characters(hypothesis: Hypothesis) -> int:
    return sum(len(word.raw.strip("、。，．！？!?,. ")) for word in hypothesis.words)


def disbelief(hypothesis: Hypothesis, speech: Sequence[Span]) -> str | None:
    """Why this text cannot have been said (Japanese, for the report), or None."""
    if not hypothesis.words:
        return None
    if hypothesis.compression_ratio > LOOP_RATIO:
        return "同じ語句の繰り返し"
    if _too_fast(hypothesis, speech):
        return "話せない速さ"
    if hypothesis.average_log_probability < _BEYOND_BELIEF:
        return "確からしさが低すぎる"
    if hypothesis.no_speech_probability > _NO_SPEECH and hypothesis.average_log_probability < _CERTAIN:
        return "音声でない可能性が高い"
    return None


def merit(hypothesis: Hypothesis, speech: Sequence[Span], tolerance_ms: int) -> tuple[bool, float]:
    """Order of preference between two decodes of one window: believable first, then log-probability, less what share of
    the speech it leaves without words."""
    believable = disbelief(hypothesis, speech) is None and (bool(hypothesis.words) or not speech)
    return believable, hypothesis.average_log_probability - 2 * _missed_share(hypothesis, speech, tolerance_ms)


def _missed_share(hypothesis: Hypothesis, speech: Sequence[Span], tolerance_ms: int) -> float:
    spoken = total_ms(speech)
    missed = total_ms(minus(speech, [widened(filled(word), tolerance_ms) for word in hypothesis.words]))
    return missed / spoken if spoken else 0.0


def _too_fast(hypothesis: Hypothesis, speech: Sequence[Span]) -> bool:
    return characters(hypothesis) / (total_ms(speech) / 1000 + _SHORT_S) > _FASTEST_PER_S
