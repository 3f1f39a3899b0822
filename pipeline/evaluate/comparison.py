"""Two transcriptions made fit to be compared: the same stretch of the meeting on both sides."""

from typing import NamedTuple

from pipeline.evaluate.transcription import Transcription

_PERHAPS = (
    "片方は会議録の形をしており、印字しない案件説明を含みません。もう片方にその区別がないため、"
    "案件説明があれば、その分も違いとして数えています。"
)


class Comparison(NamedTuple):
    """A hypothesis and a reference that cover the same; notes (Japanese) tell what was left out for it."""

    hypothesis: Transcription
    reference: Transcription
    notes: tuple[str, ...]


def fair(hypothesis: Transcription, reference: Transcription) -> Comparison:
    """Explanations that minutes only mention (〔…を説明〕) are compared only where both sides have them."""
    if hypothesis.complete == reference.complete:
        return Comparison(hypothesis, reference, ())
    whole = reference if reference.complete else hypothesis
    marked = whole.without_mentions()
    if len(marked.utterances) == len(whole.utterances):
        return Comparison(hypothesis, reference, (_PERHAPS,))
    left_out = sum(len(u.text) for u in whole.utterances) - sum(len(u.text) for u in marked.utterances)
    note = f"会議録に印字しない案件説明（{left_out:,}字）は、片方にしかないため比較から除きました。"
    if reference.complete:
        return Comparison(hypothesis, marked, (note,))
    return Comparison(marked, reference, (note,))
