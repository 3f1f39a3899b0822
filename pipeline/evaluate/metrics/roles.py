"""Whether what was said stands under the right role."""

from collections import Counter

from pipeline.documents.lines import plain_role
from pipeline.evaluate.alignment.alignment import Alignment
from pipeline.evaluate.transcription import turn_numbers
from pipeline.records.base import Record


class RoleConfusion(Record):
    """Characters said by one role that stand under another."""

    reference: str
    hypothesis: str
    characters: int


class RoleAccuracy(Record):
    """By characters: share of the reference characters present on both sides (hit or substituted) whose role agrees.
    By turns: share of the reference turns of which most present characters stand under their role; turns lost whole
    are left to the recognition rate. The definition is ours: no library scores roles."""

    characters: int
    characters_right: int
    turns: int
    turns_right: int
    confusions: tuple[RoleConfusion, ...]

    @property
    def by_characters(self) -> float | None:
        return self.characters_right / self.characters if self.characters else None

    @property
    def by_turns(self) -> float | None:
        return self.turns_right / self.turns if self.turns else None


def role_accuracy(alignment: Alignment) -> RoleAccuracy | None:
    """None where a side names no roles, or only voices (話者1): then nothing could agree."""
    told = [plain_role(u.role) if u.role else "" for u in alignment.reference.utterances]
    heard = [plain_role(u.role) if u.role else "" for u in alignment.hypothesis.utterances]
    if not set(filter(None, told)) & set(filter(None, heard)):
        return None
    turns = turn_numbers(alignment.reference.utterances)
    pairs: Counter[tuple[str, str]] = Counter()
    votes: dict[int, Counter[bool]] = {}
    for i, j in enumerate(alignment.beneath):
        number = alignment.reference.utterance_at(i)
        if j < 0 or not told[number]:
            continue
        role = heard[alignment.hypothesis.utterance_at(j)]
        pairs[told[number], role] += 1
        votes.setdefault(turns[number], Counter())[role == told[number]] += 1
    return RoleAccuracy(
        characters=pairs.total(),
        characters_right=sum(count for (one, other), count in pairs.items() if one == other),
        turns=len(votes),
        turns_right=sum(vote[True] > vote[False] for vote in votes.values()),
        confusions=tuple(
            RoleConfusion(reference=one, hypothesis=other or "（なし）", characters=count)
            for (one, other), count in pairs.most_common()
            if one != other
        ),
    )
