"""What learning brings: terms accepted from one corpus of corrected drafts, applied to drafts of other recordings.

LEARN and TEST are folders as `kaigiroku evaluate corpus` reads them (drafts of ours beside references). Everything that
the replay calls advisable is accepted (a person would look at each), or with --all everything proposed.
Run: python benchmarks/learning.py LEARN TEST
"""

import argparse
import tempfile
from pathlib import Path

from pipeline.evaluate.alignment.align import align
from pipeline.evaluate.comparison import fair
from pipeline.evaluate.counts import ErrorCounts
from pipeline.evaluate.profiles.registry import profile
from pipeline.evaluate.transcription import Transcription, Utterance
from pipeline.lexicon.lexicon import build_lexicon
from pipeline.run.learn import Corrected, accept, corrected_in, known_of, learn, transcript_of
from pipeline.stages.correct import CorrectSettings, correct


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("learn", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("--all", action="store_true", help="accept every proposal")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        dictionary = Path(made) / "dictionary.toml"
        proposals = learn(corrected_in(given.learn), dictionary)
        taken = [proposal for proposal in proposals if given.all or proposal.advisable]
        accept(taken, dictionary)
        print(f"{len(proposals)} proposed, {len(taken)} accepted: {'、'.join(p.written for p in taken)}\n")
        print("| meeting | errors before | errors after | characters | rate before | rate after |")
        print("|---|---|---|---|---|---|")
        for meeting in corrected_in(given.test):
            before, after = errors(meeting, None), errors(meeting, dictionary)
            rates = f"{before.recognition_rate or 0:.1f} % | {after.recognition_rate or 0:.1f} %"
            print(f"| {meeting.title} | {before.errors} | {after.errors} | {after.reference} | {rates} |")


def errors(meeting: Corrected, dictionary: Path | None) -> ErrorCounts:
    """Of the draft's words corrected again with this dictionary."""
    told = meeting.corrected
    raw = transcript_of(meeting.draft, mentions=told.complete)
    text = correct(raw, build_lexicon(known_of(meeting.draft), dictionary=dictionary), CorrectSettings()).text
    heard = Transcription(name="draft", source="transcript", utterances=(Utterance(text=text),), complete=told.complete)
    compared = fair(heard, told)
    return align(compared.reference, compared.hypothesis, profile("standard")).counts()


if __name__ == "__main__":
    main()
