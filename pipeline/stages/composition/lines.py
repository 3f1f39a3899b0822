"""The meeting as one row of sentences, each knowing its passage: what headings, explanations and decisions are found
in."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.lexicon.japanese import reading_of
from pipeline.records.meeting import Meeting
from pipeline.records.minutes import Sentence
from pipeline.stages.composition.passages import Passage
from pipeline.stages.composition.sentences import sentences


@dataclass(frozen=True)
class Line:
    """A sentence of a passage. chair, explains: what its role does in the meeting."""

    sentence: Sentence
    passage: Passage
    number: int
    """Of the passage, counted from 0."""
    chair: bool
    explains: bool

    @property
    def text(self) -> str:
        return self.sentence.text

    @cached_property
    def reading(self) -> str:
        """Katakana: recognition writes homophones (両省 for 了承) but seldom other sounds."""
        return reading_of(self.sentence.text)


def lines(found: Sequence[Passage], meeting: Meeting, pause_ms: int) -> tuple[Line, ...]:
    """Without a chair on the roster everybody may lead; without an explaining role nothing is an explanation."""
    chairs = {role.role for role in meeting.roster if role.chairs}
    explainers = {role.role for role in meeting.roster if role.explains}
    return tuple(
        Line(
            sentence,
            passage,
            number,
            chair=not chairs or passage.role in chairs,
            explains=passage.role in explainers,
        )
        for number, passage in enumerate(found)
        for sentence in sentences(passage.words, pause_ms)
    )
