"""What the correct stage does to recognised words: error rates on and off, terms found, harm done, numbers.

    python benchmarks/lexicon.py RAW --bench ../shared/bench     figures (docs/evaluation-lexicon.md)
    python benchmarks/lexicon.py RAW --bench ../shared/bench --fit   the coefficients of correction/believing.py

RAW is a folder of Transcript records, one JSON file per recording, named as in recognition_sets.py
(toshima-clean.json …).
"""

import argparse
import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from rapidfuzz.distance import Levenshtein

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lexicon_sets import Recording, recordings

from pipeline.lexicon.lexicon import Lexicon, build_lexicon, merge
from pipeline.lexicon.terms import Term, make_term
from pipeline.records.words import Transcript
from pipeline.stages.correct import CorrectSettings, correct
from pipeline.stages.correction.believing import Features
from pipeline.stages.correction.listening import Heard
from pipeline.stages.correction.numerals import values_in
from pipeline.stages.correction.pronunciation import candidates
from pipeline.stages.correction.sheet import Sheet

OFF = CorrectSettings(lexicon=False)
ON = CorrectSettings()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("raw", type=Path)
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    parser.add_argument("--fit", action="store_true")
    arguments = parser.parse_args()
    found = recordings(arguments.raw, arguments.bench)
    if arguments.fit:
        fit(found)
    else:
        table(found)


def normalised(text: str) -> str:
    """Profile ja-cer-1: NFKC, letters, digits and marks only."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] in "LNM")


@dataclass
class Counts:
    """Of one set; rates are derived."""

    characters: int = 0
    raw: int = 0
    off: int = 0
    on: int = 0
    unrelated: int = 0
    changed: int = 0
    false: int = 0
    terms: int = 0
    terms_raw: int = 0
    terms_on: int = 0
    numbers: int = 0
    numbers_raw: int = 0
    numbers_on: int = 0


def table(found: list[Recording]) -> None:
    strangers = unrelated_terms()
    sets: dict[str, Counts] = {}
    for recording in found:
        count(recording, strangers, sets.setdefault(recording.set_name, Counts()))
    print("set | characters | CER raw | lexicon off | all on | ratio | with 500 unrelated | replacements |"
          " false per 1,000 | term recall raw → on | numbers raw → on")  # fmt: skip
    for name, c in sets.items():
        n = c.characters
        print(
            f"{name} | {n} | {c.raw / n:.4f} | {c.off / n:.4f} | {c.on / n:.4f} | {c.on / c.raw:.3f}"
            f" | {c.unrelated / n:.4f} | {c.changed} | {1000 * c.false / n:.2f}"
            f" | {share(c.terms_raw, c.terms)} → {share(c.terms_on, c.terms)}"
            f" | {share(c.numbers_raw, c.numbers)} → {share(c.numbers_on, c.numbers)}"
        )


def share(part: int, whole: int) -> str:
    return f"{part}/{whole}" if whole else "–"


def count(recording: Recording, strangers: list[Term], into: Counts) -> None:
    reference = normalised(recording.reference)
    lexicon = build_lexicon(recording.meeting)
    crowded = Lexicon(terms=merge([*lexicon.terms, *strangers]))
    on = correct(recording.transcript, lexicon, ON)
    into.characters += len(reference)
    for field, text in (
        ("raw", recording.transcript.text),
        ("off", correct(recording.transcript, lexicon, OFF).text),
        ("on", on.text),
        ("unrelated", correct(recording.transcript, crowded, ON).text),
    ):
        setattr(into, field, getattr(into, field) + Levenshtein.distance(reference, normalised(text)))
    changed, false = judged(recording.transcript, on, reference)
    into.changed += changed
    into.false += false
    own = {normalised(term.written) for term in lexicon.from_source("meeting") if len(term.written) >= 2}
    for field, text in (("terms_raw", recording.transcript.text), ("terms_on", on.text)):
        said, got = heard_terms(reference, normalised(text), own)
        into.terms += said if field == "terms_raw" else 0
        setattr(into, field, getattr(into, field) + got)
    wanted = Counter(values_in(recording.reference))
    into.numbers += sum(wanted.values())
    into.numbers_raw += sum((wanted & Counter(values_in(recording.transcript.text))).values())
    into.numbers_on += sum((wanted & Counter(values_in(on.text))).values())


def heard_terms(reference: str, text: str, terms: set[str]) -> tuple[int, int]:
    """(occurrences of terms in the reference, of them found): longest first, each place once, by aligned place."""
    places = aligned(reference, text)
    taken: set[int] = set()
    said = got = 0
    for term in sorted(terms, key=len, reverse=True):
        for match in re.finditer(re.escape(term), reference):
            if taken.isdisjoint(range(*match.span())):
                taken.update(range(*match.span()))
                said += 1
                low, high = places[match.start()], places[match.end() - 1] + 1
                got += term in text[max(0, low - 2) : high + 2]
    return said, got


def aligned(one: str, other: str) -> list[int]:
    """For each character of one its place in other."""
    places = [0] * (len(one) + 1)
    for block in Levenshtein.opcodes(one, other):
        for i in range(block.src_start, block.src_end):
            places[i] = min(block.dest_start + i - block.src_start, max(block.dest_start, block.dest_end - 1))
    places[-1] = len(other)
    return places


def judged(raw: Transcript, done: Transcript, reference: str) -> tuple[int, int]:
    """(replacements of the lexicon, of them those that made the text worse)."""
    sheet = Sheet(raw.words)
    runs: dict[str, list[int]] = {}
    for index, word in enumerate(done.words):
        for layer in word.layers:
            if layer.by == "lexicon":
                runs.setdefault(layer.run, []).append(index)
    worse = 0
    gain = Gain(sheet.text, reference)
    for indices in runs.values():
        start, end = sheet.start_of(indices[0]), sheet.start_of(indices[-1]) + len(raw.words[indices[-1]].text)
        after = next(layer.after for layer in done.words[indices[0]].layers if layer.by == "lexicon")
        worse += gain.of(start, end, after) < 0
    return len(runs), worse


class Gain:
    """How many errors fewer a replacement leaves, measured in its surroundings."""

    def __init__(self, text: str, reference: str) -> None:
        self._text, self._reference = text, reference
        self._places = aligned(normalised(text), reference)
        self._before = [0]
        for sign in text:
            self._before.append(self._before[-1] + len(normalised(sign)))

    def of(self, start: int, end: int, after: str) -> int:
        low, high = max(0, start - 25), min(len(self._text), end + 25)
        meant = self._reference[self._places[self._before[low]] : self._places[self._before[high]]]
        now = normalised(self._text[low:start] + after + self._text[end:high])
        return int(Levenshtein.distance(meant, normalised(self._text[low:high])) - Levenshtein.distance(meant, now))


def unrelated_terms(size: int = 500) -> list[Term]:
    """Nouns drawn by chance from the dictionary: mostly names of people, places and things nobody speaks of here."""
    from sudachipy import Dictionary

    entries = Dictionary(dict="core").entries()
    nouns = sorted({e.surface() for e in entries if e.part_of_speech()[0] == "名詞" and 3 <= len(e.surface()) <= 7})
    drawn = random.Random(11).sample([noun for noun in nouns if re.fullmatch("[一-鿿ァ-ヴー]+", noun)], size * 2)
    return [term for noun in drawn if (term := make_term(noun, None, "dictionary", 0.7))][:size]


def fit(found: list[Recording]) -> None:
    """Logistic regression over all candidates: each set left out once (how well it carries over), then over all."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    rows = [row for recording in found for row in labelled(recording)]
    names = [field.name for field in fields(Features)]
    groups = np.array([name.split("-")[0] for name, *_ in rows])
    x = np.array([astuple(features) for _, _, features, _ in rows])
    gains = np.array([gain for *_, gain in rows])

    def trained(chosen: "np.ndarray") -> LogisticRegression:
        model = LogisticRegression(C=0.3, max_iter=3000)
        return model.fit(x[chosen], gains[chosen] > 0, sample_weight=np.maximum(1, abs(gains[chosen])))

    for left_out in sorted(set(groups)):
        belief = trained(groups != left_out).predict_proba(x[groups == left_out])[:, 1]
        good = gains[groups == left_out] > 0
        taken = belief >= 0.5
        print(
            f"without {left_out}: {taken.sum()} believed there, {good[taken].sum()} of them right,"
            f" of {good.sum()} in all"
        )
    model = trained(np.ones(len(rows), bool))
    print(f"_INTERCEPT = {model.intercept_[0]:.3f}")
    for name, value in zip(names, model.coef_[0], strict=True):
        print(f"    {name}={value:.3f},")


def labelled(recording: Recording) -> Iterator[tuple[str, Heard, Features, int]]:
    sheet = Sheet(recording.transcript.words)
    lexicon = build_lexicon(recording.meeting)
    if not recording.meeting.agenda:
        lexicon = Lexicon(terms=merge([*lexicon.terms, *unrelated_terms()]))
    gain = Gain(sheet.text, normalised(recording.reference))
    for heard, features in candidates(sheet, lexicon):
        if not heard.term.contexts:
            yield recording.set_name, heard, features, gain.of(heard.start, heard.end, heard.term.written)


if __name__ == "__main__":
    main()
