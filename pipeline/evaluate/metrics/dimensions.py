"""What a meeting can be divided by: who speaks, about what, when, and how loud and clear it was recorded."""

from collections import Counter
from collections.abc import Mapping, Sequence

from pipeline.documents.lines import plain_role
from pipeline.evaluate.alignment.alignment import Alignment
from pipeline.evaluate.transcription import Utterance

LABELS: Mapping[str, str] = {
    "meeting": "会議",
    "role": "役職",
    "speaker": "話者",
    "item": "案件",
    "position": "時間帯",
    "level": "声の大きさ",
    "snr": "声と雑音の差",
}
"""Japanese names of the dimensions, in the order of the report."""
_PARTS = 6
_ROUND_MS = 60_000
Names = list[str | None]


def dimensions_of(alignment: Alignment, acoustic: Mapping[str, Sequence[str | None]]) -> dict[str, Names]:
    """For each dimension the group of every reference utterance. acoustic: level and snr, where audio is known."""
    utterances = alignment.reference.utterances
    found: dict[str, Names] = {
        "role": [plain_role(u.role) if u.role else None for u in utterances],
        "speaker": [u.speaker for u in utterances],
        "item": _items(alignment),
        "position": positions(alignment),
    }
    found |= {name: list(names) for name, names in acoustic.items()}
    return {name: names for name, names in found.items() if any(names)}


def _items(alignment: Alignment) -> Names:
    """The agenda item as the reference tells, else that of the hypothesis below most of the utterance."""
    told: Names = [u.item for u in alignment.reference.utterances]
    if any(told):
        return told
    return [u.item if u else None for u in (below(alignment, number) for number in range(len(told)))]


def below(alignment: Alignment, utterance: int) -> Utterance | None:
    """The hypothesis utterance that holds most of a reference utterance's characters; None when all are missing."""
    heard = alignment.hypothesis
    places = (alignment.beneath[i] for i in alignment.reference.span(utterance))
    votes = Counter(heard.utterance_at(place) for place in places if place >= 0)
    return heard.utterances[votes.most_common(1)[0][0]] if votes else None


def positions(alignment: Alignment) -> Names:
    """Sixths of the recording in whole minutes; without times, quarters of the text."""
    spans = [alignment.reference.span(n) for n in range(len(alignment.reference.utterances))]
    moments = [alignment.moment_ms(span.start) if len(span) else None for span in spans]
    known = [moment for moment in moments if moment is not None]
    if known and max(known) >= 2 * _ROUND_MS:
        size = max(_ROUND_MS, -(-max(known) // _PARTS // _ROUND_MS) * _ROUND_MS)
        return [
            None if m is None else f"{m // size * size // 60000}〜{(m // size + 1) * size // 60000}分" for m in moments
        ]
    length = max(len(alignment.reference.text), 1)
    return [f"全体の{span.start * 4 // length + 1}/4" if len(span) else None for span in spans]
