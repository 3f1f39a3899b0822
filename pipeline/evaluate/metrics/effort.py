"""What a person had to do to the draft: edit effort (修正量), which is not a recognition rate.

Minutes are written to be read, so a person changes right words too; the draft is compared with them as typed, every
sign counted (profile strict).
"""

import re
from collections import Counter, defaultdict

from pipeline.documents.lines import plain_role
from pipeline.evaluate.alignment.align import align
from pipeline.evaluate.alignment.alignment import Alignment, Mark
from pipeline.evaluate.comparison import fair
from pipeline.evaluate.counts import ErrorCounts
from pipeline.evaluate.profiles.registry import profile
from pipeline.evaluate.transcription import Transcription
from pipeline.records.base import Record

_SENTENCE = re.compile(r"[^。]+。?")


class RoleChange(Record):
    """A role in the draft that a person set to another; everywhere: each of its turns was."""

    before: str
    after: str
    turns: int
    everywhere: bool


class EditEffort(Record):
    """characters: substituted, deleted and inserted on the way from draft to corrected minutes, over corrected
    characters. turns_changed: corrected turns whose text, role or extent differs from the draft's."""

    characters: ErrorCounts
    turns: int
    turns_changed: int
    text_changed: int
    role_changed: int
    turns_removed: int
    """Turns of the draft of which nothing is left."""
    turns_added: int
    turns_divided_or_joined: int
    role_changes: tuple[RoleChange, ...]
    audio_ms: int | None
    """Length of the recording, where the draft tells."""
    audio_to_change_ms: int | None
    """Sum of the sentences (or words) that were changed, where the draft has times."""
    clerk_ms: int | None = None
    """Active time of the person, where the review application recorded it."""

    @property
    def changed_share(self) -> float | None:
        """Characters changed per corrected character; None when the corrected minutes are empty."""
        return self.characters.rate

    @property
    def clerk_minutes_per_hour(self) -> float | None:
        """Minutes of work per recorded hour."""
        if self.clerk_ms is None or not self.audio_ms:
            return None
        return 60 * self.clerk_ms / self.audio_ms


def edit_effort(draft: Transcription, corrected: Transcription, clerk_ms: int | None = None) -> EditEffort:
    """From the draft to the minutes a person made of it."""
    compared = fair(draft, corrected)
    alignment = align(compared.reference, compared.hypothesis, profile("strict"))
    sources, targets = _links(alignment)
    wrong = _wrong_turns(alignment)
    roles = _roles(alignment, sources)
    divided = {n for n, found in sources.items() if len(found) > 1} | {
        n for found in targets.values() if len(found) > 1 for n in found
    }
    turns = len(alignment.reference.utterances)
    return EditEffort(
        characters=alignment.counts(),
        turns=turns,
        turns_changed=len(wrong | set(roles) | divided),
        text_changed=len(wrong),
        role_changed=len(roles),
        turns_removed=len(alignment.hypothesis.utterances) - len(targets),
        turns_added=turns - len(sources),
        turns_divided_or_joined=len(divided),
        role_changes=_role_changes(alignment, sources, roles),
        audio_ms=draft.duration_ms,
        audio_to_change_ms=_audio_to_change(alignment),
        clerk_ms=clerk_ms,
    )


Links = dict[int, set[int]]


def _links(alignment: Alignment) -> tuple[Links, Links]:
    """Which draft turns a corrected turn is made of, and the other way round. A link needs half of the shorter turn or
    20 characters, so that single signs found elsewhere do not make one."""
    common: Counter[tuple[int, int]] = Counter()
    for i, j in enumerate(alignment.beneath):
        if j >= 0 and alignment.marks[i] == Mark.EQUAL:
            common[alignment.reference.utterance_at(i), alignment.hypothesis.utterance_at(j)] += 1
    sources: Links = defaultdict(set)
    targets: Links = defaultdict(set)
    for (number, other), count in common.items():
        shorter = min(len(alignment.reference.span(number)), len(alignment.hypothesis.span(other)))
        if count >= min(20, (shorter + 1) // 2):
            sources[number].add(other)
            targets[other].add(number)
    return sources, targets


def _wrong_turns(alignment: Alignment) -> set[int]:
    return {number for number, part in enumerate(alignment.by_utterance()) if part.errors}


def _roles(alignment: Alignment, sources: Links) -> dict[int, tuple[str, str]]:
    """Corrected turns with another role than the draft turn most of them comes from: (before, after)."""
    changed = {}
    for number, found in sources.items():
        before = plain_role(alignment.hypothesis.utterances[min(found)].role or "")
        after = plain_role(alignment.reference.utterances[number].role or "")
        if after and before != after:
            changed[number] = (before, after)
    return changed


def _role_changes(alignment: Alignment, sources: Links, roles: dict[int, tuple[str, str]]) -> tuple[RoleChange, ...]:
    had = Counter(plain_role(alignment.hypothesis.utterances[min(found)].role or "") for found in sources.values())
    return tuple(
        RoleChange(before=before, after=after, turns=count, everywhere=count == had[before] and count > 1)
        for (before, after), count in Counter(roles.values()).most_common()
    )


def _audio_to_change(alignment: Alignment) -> int | None:
    """Time of the draft's sentences in which anything changed."""
    side = alignment.hypothesis
    if not any(utterance.start_ms is not None for utterance in side.utterances):
        return None
    touched = {place for place, mark in enumerate(alignment.heard_marks) if mark != Mark.EQUAL}
    touched |= {alignment.place_beneath(i) for i, mark in enumerate(alignment.marks) if mark == Mark.DELETED}
    total = 0
    for number, utterance in enumerate(side.utterances):
        changed = [side.origin[place] for place in side.span(number) if place in touched]
        for sentence in _SENTENCE.finditer(side.words(number)):
            if any(sentence.start() <= position < sentence.end() for position in changed):
                start, end = utterance.moment_ms(sentence.start()), utterance.moment_ms(sentence.end())
                total += end - start if start is not None and end is not None else 0
    return total
