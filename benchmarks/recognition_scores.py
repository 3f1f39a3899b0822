"""Scores of recognised words beside the error rate: terms found, numbers right, replacements that did harm."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.normalise import normalise
from pipeline.records.words import Transcript, Word
from pipeline.stages.correction.numerals import KANJI, value_of

PROFILE = "ja-cer-1"
_NUMERAL = re.compile(rf"[\d{KANJI}]+")
_COUNTED_IN_KANJI = re.compile("[一二三四五六七八九十]+(?=[点件つ]|品目)")
_REACH = 2
"""Characters around the aligned place in which a term or number is looked for."""


@dataclass(frozen=True)
class Found:
    """How many were said and how many of them are there: counts that can be added."""

    said: int = 0
    found: int = 0

    def __add__(self, other: "Found") -> "Found":
        return Found(self.said + other.said, self.found + other.found)

    def __str__(self) -> str:
        return f"{self.found}/{self.said} = {100 * self.found / self.said:.1f} %" if self.said else "–"


class Aligned:
    """A reference and a hypothesis, both normalised, and where each place of the one is in the other."""

    def __init__(self, reference: str, text: str) -> None:
        self.reference, self.text = normalise(reference, PROFILE), normalise(text, PROFILE)
        self._places = aligned(self.reference, self.text)

    def around(self, start: int, end: int, reach: int = _REACH) -> str:
        """The hypothesis where the reference has [start, end), and a little more."""
        low, high = self._places[start], self._places[end - 1] + 1
        return self.text[max(0, low - reach) : high + reach]

    def terms(self, terms: set[str]) -> Found:
        """Occurrences of (normalised) terms, longest first, each place of the reference once."""
        taken: set[int] = set()
        said = got = 0
        for term in sorted(terms, key=lambda term: (-len(term), term)):
            for match in re.finditer(re.escape(term), self.reference):
                if taken.isdisjoint(range(*match.span())):
                    taken.update(range(*match.span()))
                    said += 1
                    got += term in self.around(*match.span())
        return Found(said, got)

    def numbers(self) -> Found:
        """Numbers of the reference written in digits, and counts in kanji (二点, 三件): the same value at the place."""
        spans = [m.span() for m in _NUMERAL.finditer(self.reference) if re.search(r"\d", m.group())]
        spans += [m.span() for m in _COUNTED_IN_KANJI.finditer(self.reference)]
        said = [(value_of(self.reference[start:end]), start, end) for start, end in spans]
        return Found(len(said), sum(value in self._values(start, end) for value, start, end in said))

    def _values(self, start: int, end: int) -> set[int | None]:
        near = self.around(start, end, 12)
        return {value_of(match.group()) for match in _NUMERAL.finditer(near)}


def aligned(one: str, other: str) -> list[int]:
    """For each character of one its place in other."""
    places = [0] * (len(one) + 1)
    for block in Levenshtein.opcodes(one, other):
        for i in range(block.src_start, block.src_end):
            places[i] = min(block.dest_start + i - block.src_start, max(block.dest_start, block.dest_end - 1))
    places[-1] = len(other)
    return places


@dataclass(frozen=True)
class Replacement:
    """What the lexicon put in, and how many errors fewer it left (negative: it did harm)."""

    before: str
    after: str
    gain: int


def replacements(transcript: Transcript, reference: str) -> list[Replacement]:
    """Every run of lexicon layers of a corrected transcript, judged in its surroundings."""
    runs: dict[str, list[int]] = {}
    for index, word in enumerate(transcript.words):
        for layer in word.layers:
            if layer.by == "lexicon":
                runs.setdefault(layer.run, []).append(index)
    raw = [word.raw for word in transcript.words]
    gain = Gain("".join(raw), normalise(reference, PROFILE))
    found = []
    for indices in runs.values():
        start, end = sum(map(len, raw[: indices[0]])), sum(map(len, raw[: indices[-1] + 1]))
        after = "".join(_after(transcript.words[index]) for index in indices)
        found.append(Replacement("".join(raw[indices[0] : indices[-1] + 1]), after, gain.of(start, end, after)))
    return found


def _after(word: Word) -> str:
    return next(layer.after for layer in word.layers if layer.by == "lexicon")


class Gain:
    """How many errors fewer a replacement in a text leaves, measured in its surroundings. reference: normalised."""

    def __init__(self, text: str, reference: str) -> None:
        self._text, self._reference = text, reference
        self._places = aligned(normalise(text, PROFILE), reference)
        self._before = [0]
        for sign in text:
            self._before.append(self._before[-1] + len(normalise(sign, PROFILE)))

    def of(self, start: int, end: int, after: str) -> int:
        low, high = max(0, start - 25), min(len(self._text), end + 25)
        meant = self._reference[self._places[self._before[low]] : self._places[self._before[high]]]
        then = normalise(self._text[low:high], PROFILE)
        now = normalise(self._text[low:start] + after + self._text[end:high], PROFILE)
        return int(Levenshtein.distance(meant, then) - Levenshtein.distance(meant, now))
