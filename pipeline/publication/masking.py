"""Minutes to the minutes of the public copy: what is withheld becomes a mask that tells nothing of its length, and
everything that is not printed (words, times, reasons of roles, names of members) is gone."""

from collections.abc import Iterator
from typing import Literal

from pipeline.publication.cover import hidden_blocks, hidden_names, hidden_ranges, passages_of
from pipeline.publication.matching import Range
from pipeline.records.base import Record, Span
from pipeline.records.meeting import AgendaItem, Member, OpennessOf, RosterRole
from pipeline.records.minutes import (
    Block,
    Decision,
    Explanation,
    Heading,
    Inaudible,
    Masked,
    Minutes,
    Sentence,
    Speech,
)
from pipeline.records.withheld import Passages, Withholding

WORDS, BLOCKS = "\uff08非公開\uff09", "■■■"


class Mask(Record):
    """What stands in place of withheld words: 「（非公開）」 or ■■■ of one length, with the ground if wanted."""

    sign: Literal["words", "blocks"] = "words"
    with_ground: bool = False

    def of(self, *marks: Withholding) -> str:
        plain = WORDS if self.sign == "words" else BLOCKS
        grounds = "、".join(dict.fromkeys(mark.ground for mark in marks))
        if not self.with_ground or not grounds:
            return plain
        return f"\uff08非公開\uff1a{grounds}\uff09" if self.sign == "words" else f"{BLOCKS}\uff08{grounds}\uff09"


def public_minutes(minutes: Minutes, mask: Mask) -> Minutes:
    """The minutes as the public may read them."""
    return _Copy(minutes, mask).made()


class _Copy:
    def __init__(self, minutes: Minutes, mask: Mask) -> None:
        self._minutes = minutes
        self._mask = mask
        self._names = hidden_names(minutes)
        self._given = 0

    def made(self) -> Minutes:
        given = self._minutes
        return Minutes(
            name=self._field(given.name),
            secretariat=self._field(given.secretariat),
            date=given.date,
            opens=given.opens,
            closes=given.closes,
            place=self._field(given.place),
            agenda=tuple(self._item(item) for item in given.agenda),
            meeting_openness=self._openness(given.meeting_openness),
            minutes_openness=self._openness(given.minutes_openness),
            roster=tuple(self._role(role) for role in given.roster),
            handouts=tuple(self._text(title) for title in given.handouts),
            body=tuple(self._body()),
            duration_ms=0,
            style=given.style,
        )

    def _body(self) -> Iterator[Block]:
        """Neighbouring blocks that are left out leave one mask, so that nobody can count them."""
        hidden = hidden_blocks(self._minutes)
        marks: list[Withholding] = []
        for place, block in enumerate(self._minutes.body):
            if place in hidden:
                marks.append(hidden[place])
                continue
            if marks:
                yield self._masked(marks)
                marks = []
            yield self._block(block)
        if marks:
            yield self._masked(marks)

    def _masked(self, marks: list[Withholding]) -> Masked:
        return Masked(id=self._id(), text=self._mask.of(*marks))

    def _block(self, block: Block) -> Block:
        number = self._id()
        match block:
            case Heading():
                return Heading(id=number, item=self._item(block.item), text=self._text(block.text), start_ms=0)
            case Explanation():
                return Explanation(
                    id=number, item=self._item(block.item), text=self._text(block.text), speech=(), start_ms=0, end_ms=0
                )
            case Decision():
                return Decision(id=number, text=self._text(block.text), inferred=False, start_ms=0)
            case Inaudible():
                return Inaudible(id=number, span=Span(start_ms=block.span.start_ms, end_ms=block.span.start_ms))
            case Masked():
                return Masked(id=number, text=block.text)
            case Speech():
                return self._speech(number, block)

    def _speech(self, number: str, speech: Speech) -> Speech:
        paragraphs = tuple(tuple(map(self._sentence, paragraph)) for paragraph in speech.paragraphs)
        role = self._text(speech.role)
        return Speech(id=number, role=role, speaker="", confidence=1.0, paragraphs=paragraphs, start_ms=0, end_ms=0)

    def _sentence(self, sentence: Sentence) -> Sentence:
        ranges = hidden_ranges(sentence.text, self._names, passages_of(sentence))
        text = self._without(sentence.text, ranges, sentence.withheld)
        return Sentence(text=text, start_ms=0, end_ms=0, words=())

    def _item(self, item: AgendaItem) -> AgendaItem:
        return AgendaItem(kind=self._text(item.kind), number=item.number, title=self._text(item.title))

    def _openness(self, given: OpennessOf) -> OpennessOf:
        return OpennessOf(state=given.state, reason=self._field(given.reason))

    def _role(self, role: RosterRole) -> RosterRole:
        members = tuple(
            Member(office=self._text(member.office), deputy_for=self._field(member.deputy_for))
            for member in role.members
        )
        return role.model_copy(update={"role": self._text(role.role), "members": members})

    def _field(self, text: str | None) -> str | None:
        return None if text is None else self._text(text)

    def _text(self, text: str) -> str:
        return self._without(text, hidden_ranges(text, self._names), ())

    def _without(self, text: str, ranges: tuple[Range, ...], passages: Passages) -> str:
        parts: list[str] = []
        at = 0
        for start, end in ranges:
            parts += [text[at:start], self._mask.of(*self._marks(text[start:end], start, end, passages))]
            at = end
        return "".join([*parts, text[at:]])

    def _marks(self, words: str, start: int, end: int, passages: Passages) -> list[Withholding]:
        """The marks that withhold the characters [start, end)."""
        by_passage = [mark for mark in passages if mark.start < end and start < mark.end]
        by_name = [name for name in self._names if hidden_ranges(words, (name,))]
        return [*by_passage, *by_name]

    def _id(self) -> str:
        self._given += 1
        return f"b{self._given:04d}"
