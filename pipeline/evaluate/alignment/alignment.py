"""What an alignment of two sides says: what became of each character, and the errors of each utterance."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

from pipeline.evaluate.alignment.sides import Side
from pipeline.evaluate.counts import ErrorCounts
from pipeline.evaluate.profiles.registry import Profile


class Mark(IntEnum):
    """What became of one character."""

    EQUAL = 0
    SUBSTITUTED = 1
    DELETED = 2
    """In the reference only."""
    INSERTED = 3
    """In the hypothesis only."""
    VARIANT = 4
    """Written in another way that the profile counts as the same."""


class Steps(NamedTuple):
    """Cuts through the alignment from its start to its end: cut n lies before reference character above[n] and
    hypothesis character beneath[n]. Neighbouring cuts differ by one character on one or both sides."""

    above: Sequence[int]
    beneath: Sequence[int]


@dataclass(frozen=True)
class Alignment:
    """beneath[i]: the hypothesis character under reference character i, -1 where it is missing; above[j]: the reference
    character over hypothesis character j, -1 where it was inserted. marks, heard_marks: what became of each."""

    profile: Profile
    reference: Side
    hypothesis: Side
    beneath: Sequence[int] = field(repr=False)
    above: Sequence[int] = field(repr=False)
    marks: bytearray = field(repr=False)
    heard_marks: bytearray = field(repr=False)

    @cached_property
    def steps(self) -> "Steps":
        """The alignment column by column."""
        i = j = 0
        above, beneath = array("l", [0]), array("l", [0])
        while i < len(self.marks) or j < len(self.heard_marks):
            missing = i < len(self.marks) and self.beneath[i] < 0
            added = j < len(self.heard_marks) and self.above[j] < 0
            i += not added
            j += added or not missing
            above.append(i)
            beneath.append(j)
        return Steps(above, beneath)

    def counts(self) -> ErrorCounts:
        """All errors."""
        return self._counts(self.marks, self.heard_marks.count(Mark.INSERTED))

    def by_utterance(self) -> list[ErrorCounts]:
        """Errors of each reference utterance, together all errors (unless there is no utterance). What was inserted
        counts for the utterance it stands in or behind."""
        inserted = [0] * len(self.reference.utterances)
        for _, position in self.insertions():
            if inserted:
                inserted[self.reference.utterance_at(position)] += 1
        spans = [self.reference.span(number) for number in range(len(inserted))]
        return [self._counts(self.marks[s.start : s.stop], n) for s, n in zip(spans, inserted, strict=True)]

    def insertions(self) -> Iterator[tuple[int, int]]:
        """Every inserted hypothesis character with the reference position it counts for."""
        for place, mark in enumerate(self.heard_marks):
            if mark == Mark.INSERTED:
                yield place, self.homes[place]

    @cached_property
    def homes(self) -> Sequence[int]:
        """For each hypothesis character the reference position it belongs to, never falling: the character above it;
        for an inserted one the character it follows, or the next where a new utterance begins on both sides."""
        homes = array("l")
        for place, above in enumerate(self.above):
            before = homes[-1] if place else 0
            homes.append(above if above >= 0 else before)
        following = len(self.reference.text)
        for place in range(len(homes) - 1, -1, -1):
            if self.above[place] >= 0:
                following = self.above[place]
            elif following in self.reference.edges and self._begins_with(place, following):
                homes[place] = following
        return homes

    def _begins_with(self, place: int, position: int) -> bool:
        """Whether an inserted character opens the hypothesis utterance that stands under a reference position."""
        if position >= len(self.reference.text) or self.beneath[position] < 0:
            return False
        opened = self.hypothesis.utterance_at(place)
        return opened == self.hypothesis.utterance_at(self.beneath[position]) and (
            place == 0 or self._first_paired(opened) >= position
        )

    def _first_paired(self, heard_utterance: int) -> int:
        """The reference position above the first character of a hypothesis utterance that has one."""
        places = self.hypothesis.span(heard_utterance)
        return next((self.above[place] for place in places if self.above[place] >= 0), len(self.reference.text))

    def moment_ms(self, position: int) -> int | None:
        """When the reference character at position is said: as the reference tells, else the hypothesis beneath."""
        told = self.reference.moment_ms(position)
        return self.hypothesis.moment_ms(self.place_beneath(position)) if told is None else told

    def heard_moment_ms(self, place: int) -> int | None:
        """When the hypothesis character at place is said: as the hypothesis tells, else the reference above."""
        told = self.hypothesis.moment_ms(place)
        if told is None and self.reference.text:
            above = self.steps.above[bisect_left(self.steps.beneath, place)]
            told = self.reference.moment_ms(min(above, len(self.reference.text) - 1))
        return told

    def place_beneath(self, position: int) -> int:
        """The place in the hypothesis that stands under a reference position, or next to it."""
        beneath = self.steps.beneath[bisect_left(self.steps.above, position)]
        return max(0, min(beneath, len(self.hypothesis.text) - 1))

    def _counts(self, part: bytearray, inserted: int) -> ErrorCounts:
        return ErrorCounts(
            profile=self.profile.name,
            substitutions=part.count(Mark.SUBSTITUTED),
            deletions=part.count(Mark.DELETED),
            insertions=inserted,
            reference=len(part),
        )
