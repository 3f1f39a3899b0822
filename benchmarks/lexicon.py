"""What each part of the correct stage does to recognised words, and what 500 terms that nobody speaks of do to them.

python benchmarks/recognition.py --out OUT           first: keeps the transcripts in OUT/transcripts
python benchmarks/lexicon.py --kept OUT/transcripts  figures (docs/evaluation-recognition.md)
python benchmarks/lexicon.py --kept OUT/transcripts --fit   the coefficients of correction/believing.py
"""

import argparse
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lexicon_sets import Recording, recordings
from recognition import expected
from recognition_scores import PROFILE, Aligned, Found, Gain, replacements

from pipeline.evaluate.normalise import normalise
from pipeline.evaluate.rate import ErrorCounts, character_errors
from pipeline.lexicon.lexicon import Lexicon, build_lexicon, merge
from pipeline.lexicon.terms import Term, make_term
from pipeline.records.meeting import Meeting
from pipeline.stages.correct import CorrectSettings, correct
from pipeline.stages.correction.believing import Features
from pipeline.stages.correction.listening import Heard
from pipeline.stages.correction.pronunciation import candidates
from pipeline.stages.correction.sheet import Sheet

if TYPE_CHECKING:
    import numpy as np

ROOT = Path(__file__).resolve().parents[1]
NOTHING = CorrectSettings(lexicon=False, numbers=False, punctuation=False, fillers=False)
STEPS = {
    "raw": NOTHING,
    "fillers": NOTHING.model_copy(update={"fillers": True}),
    "+ numbers": NOTHING.model_copy(update={"fillers": True, "numbers": True}),
    "+ lexicon": CorrectSettings(),
}
SPEAKS_FOR = Features(
    distance=-1, relative_distance=-1, exact=1, length=0, naturalness=1, doubt=1, total_doubt=1, one_word=-1,
    known_words=-1, function_words=-1, cut=-1, own=1, weight=1, expected=1, hiragana=-1, spelled=1,
)  # fmt: skip
"""Sign that each coefficient must have; 0: either."""
NO_ERRORS = ErrorCounts(profile=PROFILE, substitutions=0, deletions=0, insertions=0, reference=0)
UNRELATED = "+ 500 unrelated terms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kept", type=Path, default=ROOT / "build" / "benchmarks" / "transcripts")
    parser.add_argument("--bench", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--made", type=Path, default=None)
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "benchmarks")
    parser.add_argument("--fit", action="store_true")
    arguments = parser.parse_args()
    found = recordings(arguments.kept, arguments.bench, arguments.work, arguments.made)
    if arguments.fit:
        fit(found)
    else:
        table(found)
        without(found)


def table(found: list[Recording]) -> None:
    """CER of each set with one layer after another put on."""
    sets: dict[str, dict[str, ErrorCounts]] = {}
    for recording in found:
        counts = sets.setdefault(recording.set_name, {})
        for step, text in texts(recording).items():
            errors = character_errors(recording.reference, text)
            counts[step] = counts[step] + errors if step in counts else errors
    columns = [*STEPS, UNRELATED]
    print(f"| set ({PROFILE}) | " + " | ".join(columns) + " |\n" + "|---" * (len(columns) + 1) + "|")
    for name, counts in sets.items():
        print(f"| {name} | " + " | ".join(f"{counts[step].rate:.4f}" for step in columns) + " |")


def without(found: list[Recording]) -> None:
    """All meetings together with one layer at a time left out."""
    print("\n| left out | CER | terms found | numbers right | false per 1,000 |\n" + "|---" * 5 + "|")
    meetings = [recording for recording in found if recording.meeting.agenda]
    for layer in ("nothing", "lexicon", "built-in lexicon", "numbers", "fillers", "punctuation"):
        settings = CorrectSettings.model_validate({layer: False} if layer in CorrectSettings.model_fields else {})
        errors, false, terms, numbers = NO_ERRORS, 0, Found(), Found()
        for one in meetings:
            lexicon = build_lexicon(one.meeting, builtin=layer != "built-in lexicon")
            corrected = correct(one.transcript, lexicon, settings)
            pair = Aligned(one.reference, corrected.text)
            errors = errors + character_errors(one.reference, corrected.text)
            terms, numbers = terms + pair.terms(expected(one.meeting)), numbers + pair.numbers()
            false += sum(put_in.gain < 0 for put_in in replacements(corrected, one.reference))
        harm = 1000 * false / max(1, errors.reference)
        print(f"| {layer} | {errors.rate:.4f} | {terms} | {numbers} | {harm:.2f} |", flush=True)


def texts(recording: Recording) -> dict[str, str]:
    lexicon, crowded = lexicons(recording.meeting.model_dump_json())
    found = {step: correct(recording.transcript, lexicon, settings).text for step, settings in STEPS.items()}
    return found | {UNRELATED: correct(recording.transcript, crowded, CorrectSettings()).text}


@cache
def lexicons(meeting: str) -> tuple[Lexicon, Lexicon]:
    """What is known, and the same among 500 terms of an office's dictionary that have nothing to do with it."""
    lexicon = build_lexicon(Meeting.model_validate_json(meeting))
    return lexicon, Lexicon(terms=merge([*lexicon.terms, *unrelated_terms()]))


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

    rows = [row for recording in found for row in labelled(recording)]
    groups = np.array([name.split("-")[0] for name, *_ in rows])
    x = np.array([features for _, _, features, _ in rows])
    gains = np.array([gain for *_, gain in rows])
    for left_out in sorted(set(groups)):
        kept = groups != left_out
        belief = x[~kept] @ (model := coefficients(x[kept], gains[kept]))[1:] + model[0]
        taken, good = belief >= 0, gains[~kept] > 0
        print(
            f"without {left_out}: {taken.sum()} believed there, {good[taken].sum()} of them right,"
            f" of {good.sum()} in all"
        )
    model = coefficients(x, gains)
    print(f"_INTERCEPT = {model[0]:.3f}")
    for name, value in zip(Features._fields, model[1:], strict=True):
        print(f"    {name}={value + 0.0:.3f},")


def coefficients(x: "np.ndarray", gains: "np.ndarray") -> "np.ndarray":
    """Intercept and coefficients. What speaks for a term may only raise the belief in it, and the other way round: a
    surer term must never be put in less."""
    import numpy as np
    from scipy.optimize import minimize

    good, weight = gains > 0, np.maximum(1, np.abs(gains))
    bounds = [(None, None), *((0 if s > 0 else None, 0 if s < 0 else None) for s in SPEAKS_FOR)]

    def loss(model: "np.ndarray") -> tuple[float, "np.ndarray"]:
        logit = model[0] + x @ model[1:]
        off = 1 / (1 + np.exp(-logit)) - good
        penalty = np.concatenate([[0.0], model[1:]]) / 0.3
        value = weight @ np.logaddexp(0, np.where(good, -logit, logit)) + 0.5 * penalty @ model
        return float(value), np.concatenate([[weight @ off], x.T @ (weight * off)]) + penalty

    return np.asarray(minimize(loss, np.zeros(1 + x.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x)


def labelled(recording: Recording) -> Iterator[tuple[str, Heard, Features, int]]:
    sheet = Sheet(recording.transcript.words)
    own, crowded = lexicons(recording.meeting.model_dump_json())
    lexicon = own if recording.meeting.agenda else crowded
    gain = Gain(sheet.text, normalise(recording.reference, PROFILE))
    for heard, features in candidates(sheet, lexicon):
        if not heard.term.contexts:
            yield recording.set_name, heard, features, gain.of(heard.start, heard.end, heard.term.written)


if __name__ == "__main__":
    main()
