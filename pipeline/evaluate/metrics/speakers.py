"""Words and speakers together: cpCER, tcpCER and ORC-CER by MeetEval, on characters.

Optional: MeetEval is compiled where it is installed, and offices may not have a compiler. Source: von Neumann et al.,
MeetEval: A Toolkit for Computation of Word Error Rates for Meeting Transcription Systems (CHiME 2023).
"""

import importlib.util
import logging
from collections.abc import Callable
from typing import Any, Literal

from pipeline.evaluate.alignment.sides import Side
from pipeline.records.base import Record

COLLAR_S = 5.0
"""How far a word may be from where it was said; MeetEval's recommendation for words without exact times."""
_MOST_VOICES = 20
_MOST_STREAMS_FOR_ORC = 10
"""MeetEval's own limits."""
Name = Literal["cp", "tcp", "orc"]


class SpeakerRate(Record):
    """Errors of reference characters when every voice is written by itself (cp), within its time too (tcp), or when
    only the words and their order within a stream count (orc, greedy assignment)."""

    name: Name
    errors: int
    reference: int
    note: str = ""

    @property
    def rate(self) -> float | None:
        return self.errors / self.reference if self.reference else None


def available() -> bool:
    """Whether MeetEval is installed."""
    return importlib.util.find_spec("meeteval") is not None


def speaker_rates(reference: Side, hypothesis: Side) -> tuple[SpeakerRate, ...]:
    """Those that the two sides allow: voices on both for all, times for tcp, at most 10 streams for orc. Empty without
    MeetEval."""
    told, heard = _segments(reference, by_role=False), _segments(hypothesis, by_role=True)
    if not available() or not told or not heard or max(_voices(told), _voices(heard)) > _MOST_VOICES:
        return ()
    from meeteval.wer.wer.cp import cp_word_error_rate
    from meeteval.wer.wer.orc import greedy_orc_word_error_rate
    from meeteval.wer.wer.time_constrained import time_constrained_minimum_permutation_word_error_rate

    found = [_rate("cp", cp_word_error_rate, told, heard)]
    if all("start_time" in segment for segment in (*told, *heard)):
        timed: dict[str, Any] = {
            "collar": COLLAR_S,
            "reference_pseudo_word_level_timing": "character_based",
            "hypothesis_pseudo_word_level_timing": "character_based_points",
            "reference_sort": "segment",
            "hypothesis_sort": "segment",
        }
        found.append(_rate("tcp", time_constrained_minimum_permutation_word_error_rate, told, heard, **timed))
    if _voices(heard) <= _MOST_STREAMS_FOR_ORC:
        found.append(_rate("orc", greedy_orc_word_error_rate, told, heard))
    return tuple(found)


def _voices(segments: list[dict[str, Any]]) -> int:
    return len({segment["speaker"] for segment in segments})


def _rate(name: Name, measure: Callable[..., Any], told: Any, heard: Any, **settings: Any) -> SpeakerRate:
    from meeteval.io.seglst import SegLST

    logging.getLogger("preprocess").setLevel(logging.ERROR)  # it takes long segments for a mistake in the unit
    result = measure(SegLST(told), SegLST(heard), **settings)
    return SpeakerRate(name=name, errors=int(result.errors), reference=int(result.length))


def _segments(side: Side, by_role: bool) -> list[dict[str, Any]]:
    """SegLST with every character a word; empty when a voice is not named. by_role: a name in the place of a role is a
    voice (other products' 話者1); in a reference a role may be several people."""
    found = []
    for number, utterance in enumerate(side.utterances):
        text = "".join(side.text[place] for place in side.span(number))
        if not text:
            continue
        voice = utterance.voice if by_role else utterance.speaker
        if voice is None:
            return []
        segment: dict[str, Any] = {"session_id": "meeting", "speaker": voice, "words": " ".join(text)}
        if utterance.start_ms is not None and utterance.end_ms is not None:
            end = max(utterance.end_ms, utterance.start_ms + 1)
            segment |= {"start_time": utterance.start_ms / 1000, "end_time": end / 1000}
        found.append(segment)
    return found
