"""Of the words that the review priority ranks first, what share of all errors do they hold? Against raw probability.

python benchmarks/recognition.py --out OUT                   first: keeps the transcripts in OUT/transcripts
python benchmarks/review_priority.py --kept OUT/transcripts  figures; with --fit also the model's coefficients
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from lexicon_sets import Recording, recordings
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from recognition_scores import PROFILE

from pipeline.evaluate.normalise import normalise
from pipeline.lexicon.lexicon import build_lexicon
from pipeline.records.words import Word
from pipeline.stages.correct import CorrectSettings, correct
from pipeline.stages.correction.review import Clues, clues, priority

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parents[1]
Row = tuple[Clues, int]
"""Clues of a word, and how many errors it holds."""
Rank = Callable[[Clues], float]
SHARES = (0.1, 0.2, 0.3)
Floats = NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kept", type=Path, default=ROOT / "build" / "benchmarks" / "transcripts")
    parser.add_argument("--bench", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--made", type=Path, default=None)
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "benchmarks")
    parser.add_argument("--fit", nargs="*", help="print coefficients fitted on sets whose names begin so (none: all)")
    arguments = parser.parse_args()
    sets: dict[str, list[Row]] = {}
    for recording in recordings(arguments.kept, arguments.bench, arguments.work, arguments.made):
        sets.setdefault(recording.set_name, []).extend(labelled(recording))
    if arguments.fit is not None:
        chosen = {name: rows for name, rows in sets.items() if name.startswith(tuple(arguments.fit) or "")}
        show(fit([row for rows in chosen.values() for row in rows]))
        crossed(chosen)
    elif sets:
        table(sets)


def labelled(recording: Recording) -> list[Row]:
    """Clues of each word that has text, and how many errors it holds."""
    words = correct(recording.transcript, build_lexicon(recording.meeting), CorrectSettings()).words
    held = errors_of(words, recording.reference)
    return [(clue, count) for clue, count in zip(clues(words), held, strict=True) if clue is not None]


def errors_of(words: Sequence[Word], reference: str) -> list[int]:
    """Errors each word holds; what is missing counts for the word before it."""
    owners = [index for index, word in enumerate(words) for _ in normalise(word.text, PROFILE)]
    text = "".join(normalise(word.text, PROFILE) for word in words)
    held = [0] * len(words)
    for edit in Levenshtein.editops(text, normalise(reference, PROFILE)):
        place = edit.src_pos - 1 if edit.tag == "insert" else edit.src_pos
        if owners:
            held[owners[min(max(place, 0), len(owners) - 1)]] += 1
    return held


def share_held(rows: Sequence[Row], rank: Rank, part: float) -> float:
    """Share of all errors held by the first part of the words."""
    ordered = sorted(rows, key=lambda row: -rank(row[0]))
    return sum(count for _, count in ordered[: round(part * len(ordered))]) / max(1, sum(count for _, count in rows))


def table(sets: dict[str, list[Row]]) -> None:
    print("| set | words | wrong | " + " | ".join(f"first {100 * p:.0f} %: ours / probability" for p in SHARES) + " |")
    print("|" + "---|" * (3 + len(SHARES)))
    every = [row for rows in sets.values() for row in rows]
    for name, rows in [*sets.items(), ("all", every)]:
        cells = (
            f"{100 * share_held(rows, priority, p):.0f} % / {100 * share_held(rows, lambda c: c.doubt, p):.0f} %"
            for p in SHARES
        )
        print(f"| {name} | {len(rows)} | {sum(count > 0 for _, count in rows)} | " + " | ".join(cells) + " |")
    print("\n| stated | words | wrong |\n|---|---|---|")
    for low, high in ((0, 0.02), (0.02, 0.05), (0.05, 0.1), (0.1, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 1.01)):
        inside = [count > 0 for clue, count in every if low <= priority(clue) < high]
        print(f"| {low:.2f}–{min(high, 1):.2f} | {len(inside)} | {100 * sum(inside) / max(1, len(inside)):.0f} % |")


def crossed(sets: dict[str, list[Row]]) -> None:
    """Each body's recordings ranked by a model that was fitted without them: share of errors, of wrong words."""
    from sklearn.linear_model import LogisticRegression

    ranked: list[Row] = []
    scores: dict[int, float] = {}
    for body in sorted({name.split("-")[0] for name in sets}):
        rest = [row for name, rows in sets.items() if name.split("-")[0] != body for row in rows]
        own = [row for name, rows in sets.items() if name.split("-")[0] == body for row in rows]
        model: LogisticRegression = fit(rest)
        rated = model.predict_proba(np.array([clue for clue, _ in own]))[:, 1]
        scores |= {id(clue): score for (clue, _), score in zip(own, rated, strict=True)}
        ranked += own
    for name, rank in (("ours", lambda clue: scores[id(clue)]), ("probability", lambda clue: clue.doubt)):
        shares = (f"{100 * share_held(ranked, rank, part):.1f} %" for part in SHARES)
        print(f"cross-validated by body, {name}: {' '.join(shares)} of all errors in the first 10, 20, 30 %")


def fit(rows: Sequence[Row]) -> "LogisticRegression":
    from sklearn.linear_model import LogisticRegression

    x: Floats = np.array([clue for clue, _ in rows])
    return LogisticRegression(C=1.0, max_iter=5000).fit(x, [count > 0 for _, count in rows])


def show(model: "LogisticRegression") -> None:
    print(f"_INTERCEPT = {model.intercept_[0]:.3f}\n_COEFFICIENTS = Clues(")
    for name, value in zip(Clues._fields, model.coef_[0], strict=True):
        print(f"    {name}={value:.3f},")
    print(")\n")


if __name__ == "__main__":
    main()
