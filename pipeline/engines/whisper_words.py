"""From aligned token groups to words on the recording's time base, and the joining of a window decoded in parts."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.contracts import Excerpt, Hypothesis
from pipeline.records.words import Word


@dataclass(frozen=True)
class Heard:
    """What one decode gave. cut_off: the token limit was reached before the text ended. last_stamp_ms: the last
    timestamp token, relative to the window."""

    hypothesis: Hypothesis
    cut_off: bool
    last_stamp_ms: int | None


def compression_ratio(text: str) -> float:
    """Bytes by deflated bytes, as OpenAI's decoding counts it; 1 for empty text."""
    data = text.encode("utf-8")
    return len(data) / len(zlib.compress(data)) if data else 1.0


def words_of(aligned: Sequence[dict[str, Any]], window: Excerpt) -> tuple[Word, ...]:
    """Words with text, inside the window, their starts never going back.

    aligned: faster-whisper's dicts (word, start and end in seconds of what is heard, probability). Spaces are
    kept only between Latin letters or digits; what is left of a character cut in half (U+FFFD) is taken off.
    """
    words: list[Word] = []
    earliest = window.start_ms
    spaced = False
    for item in aligned:
        text = str(item["word"]).replace("\ufffd", "")
        bare = text.strip()
        if not bare:
            spaced = spaced or bool(text)
            continue
        latin = bool(words) and _is_latin(words[-1].raw[-1]) and _is_latin(bare[0])
        raw = " " + bare if latin and (spaced or text[0].isspace()) else bare
        spaced = text[-1].isspace()
        start = min(max(window.at(round(float(item["start"]) * 1000)), earliest), window.end_ms)
        end = min(max(window.at(round(float(item["end"]) * 1000), end=True), start), window.end_ms)
        probability = min(1.0, max(0.0, float(item["probability"])))
        words.append(Word(start_ms=start, end_ms=end, raw=raw, probability=probability))
        earliest = start
    return tuple(words)


def joined(window: Excerpt, parts: Sequence[Hypothesis]) -> Hypothesis:
    """One hypothesis of a window decoded in consecutive parts; averages weigh the parts by their words."""
    words = tuple(word for part in parts for word in part.words)
    weight = sum(max(1, len(part.words)) for part in parts)
    return Hypothesis(
        window=window,
        words=words,
        average_log_probability=sum(p.average_log_probability * max(1, len(p.words)) for p in parts) / weight,
        no_speech_probability=min(part.no_speech_probability for part in parts),
        compression_ratio=max(part.compression_ratio for part in parts),
    )


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
