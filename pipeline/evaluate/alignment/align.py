"""Laying two transcriptions side by side.

The alignment is the one with the fewest edits (Levenshtein 1966, by RapidFuzz) between the whole texts, so its counts
are those of any other tool; turns, roles and times only decide where a count is entered.
"""

from array import array

from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.alignment.alignment import Alignment, Mark
from pipeline.evaluate.alignment.sides import Side
from pipeline.evaluate.alignment.variants import forgive_variants
from pipeline.evaluate.profiles.registry import Profile
from pipeline.evaluate.transcription import Transcription

_MARKS = {
    "equal": Mark.EQUAL, "replace": Mark.SUBSTITUTED, "delete": Mark.DELETED, "insert": Mark.INSERTED,
}  # fmt: skip


def align(reference: Transcription, hypothesis: Transcription, profile: Profile) -> Alignment:
    """Lay them side by side. Time grows with length × errors; 60 minutes take a tenth of a second."""
    return align_sides(Side.of(reference.utterances, profile), Side.of(hypothesis.utterances, profile), profile)


def align_sides(reference: Side, hypothesis: Side, profile: Profile) -> Alignment:
    """The same for sides already normalised."""
    beneath, above = array("l"), array("l")
    marks, heard = bytearray(), bytearray()
    for step in Levenshtein.opcodes(reference.text, hypothesis.text):
        told, written = range(step.src_start, step.src_end), range(step.dest_start, step.dest_end)
        paired = step.tag in ("equal", "replace")
        beneath.extend(written if paired else [-1] * len(told))
        above.extend(told if paired else [-1] * len(written))
        marks.extend([_MARKS[step.tag]] * len(told))
        heard.extend([_MARKS[step.tag]] * len(written))
    made = Alignment(profile, reference, hypothesis, beneath, above, marks, heard)
    if profile.variants:
        forgive_variants(made)
    return made
