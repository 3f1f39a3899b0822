"""What a term would have done to a past meeting: two corrections of the same words against what a person wrote."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.alignment.align import align
from pipeline.evaluate.alignment.alignment import Alignment
from pipeline.evaluate.profiles.registry import profile
from pipeline.evaluate.transcription import Transcription, Utterance
from pipeline.records.words import Transcript

_EXAMPLES = 4
_AROUND = 4
"""Characters to both sides that are compared too."""


class Change(NamedTuple):
    """One place that came out otherwise: terms that were put in there, texts before and after, and how many characters
    nearer to the corrected text it came (negative: farther)."""

    terms: tuple[str, ...]
    before: str
    after: str
    gain: int


def changes(without: Transcript, having: Transcript, corrected: Transcription, written: Sequence[str]) -> list[Change]:
    """Places where the second correction of the same words differs from the first because of one of the terms, which
    the layer's reason names in 「」.

    Raises ValueError when the words are not the same."""
    if [word.raw for word in without.words] != [word.raw for word in having.words]:
        raise ValueError("two corrections of the same words are needed")
    alignment = align(corrected, _as_said(without), profile("standard"))
    found = []
    for first, last in _differing(without, having):
        before = "".join(word.text for word in without.words[first:last])
        after = "".join(word.text for word in having.words[first:last])
        reasons = "".join(layer.reason for word in having.words[first:last] for layer in word.layers)
        terms = tuple(term for term in written if f"「{term}」" in reasons)
        if terms:
            found.append(Change(terms, before, after, _gain(alignment, without, first, last, after)))
    return found


def _as_said(transcript: Transcript) -> Transcription:
    """One utterance, so that places of words are places of text."""
    return Transcription(name="draft", source="transcript", utterances=(Utterance(text=transcript.text),))


def _differing(without: Transcript, having: Transcript) -> Iterator[tuple[int, int]]:
    """Runs of words [first, last) whose texts differ, with what stands between two that are one replacement."""
    pairs = [(one.text, other.text) for one, other in zip(without.words, having.words, strict=True)]
    place = 0
    while place < len(pairs):
        if pairs[place][0] == pairs[place][1]:
            place += 1
            continue
        last = place + 1
        while last < len(pairs) and (pairs[last][0] != pairs[last][1] or not pairs[last][1]):
            last += 1
        yield place, last
        place = last


def _gain(alignment: Alignment, without: Transcript, first: int, last: int, after: str) -> int:
    """Errors of the place before minus after, against the corrected text that stands above it."""
    begin = sum(len(word.text) for word in without.words[:first])
    end = begin + sum(len(word.text) for word in without.words[first:last])
    origin = alignment.hypothesis.origin
    start, stop = bisect_left(origin, begin), bisect_left(origin, end)
    above, beneath = alignment.steps
    told_start = above[bisect_left(beneath, max(0, start - _AROUND))]
    told_stop = above[bisect_left(beneath, min(len(origin), stop + _AROUND))]
    told = alignment.reference.text[told_start:told_stop]
    heard = alignment.hypothesis.text
    left, right = heard[max(0, start - _AROUND) : start], heard[stop : stop + _AROUND]
    instead = alignment.profile.apply(after).text
    return Levenshtein.distance(told, left + heard[start:stop] + right) - Levenshtein.distance(
        told, left + instead + right
    )
