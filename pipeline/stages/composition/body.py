"""The row of sentences to blocks: cut where the role changes, an item begins, an explanation stands, a decision falls
or speech was not understood. Every sentence goes into exactly one block, in order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.records.base import Span
from pipeline.records.meeting import AgendaItem
from pipeline.records.minutes import Block, Decision, Explanation, Heading, Inaudible, Speech
from pipeline.stages.composition.agenda import heading_text
from pipeline.stages.composition.decisions import Decided
from pipeline.stages.composition.explanations import Explained
from pipeline.stages.composition.lines import Line
from pipeline.stages.composition.plan import Section
from pipeline.stages.composition.sentences import paragraphs


@dataclass(frozen=True)
class Layout:
    """How speech is set: see ComposeSettings."""

    flag_below: float
    paragraph_pause_ms: int
    paragraph_chars: int
    topic_chars: int


def explanation_text(role: str, item: AgendaItem) -> str:
    return f"〔{role}:「{item.label}{item.title}」を説明〕"


def body(
    lines: Sequence[Line], sections: Sequence[Section], unheard: Sequence[Span], layout: Layout
) -> tuple[Block, ...]:
    """All blocks in order of time, numbered b0001 …; the speech inside an explanation is numbered too."""
    return tuple(_Builder(lines, sections, unheard, layout).blocks())


class _Builder:
    def __init__(
        self, lines: Sequence[Line], sections: Sequence[Section], unheard: Sequence[Span], layout: Layout
    ) -> None:
        self._lines = lines
        self._layout = layout
        self._headings = {section.start: section.item for section in sections if section.item}
        self._explained: Mapping[int, tuple[AgendaItem, Explained]] = {
            section.explained.start: (section.item, section.explained)
            for section in sections
            if section.item and section.explained
        }
        self._decided: dict[int, list[Decided]] = {}
        for section in sections:
            for decided in section.decided:
                self._decided.setdefault(decided.line, []).append(decided)
        self._unheard = sorted(unheard, key=lambda span: span.start_ms)
        self._given = 0

    def blocks(self) -> Iterator[Block]:
        at = 0
        while at < len(self._lines):
            yield from self._inaudible(until_ms=self._lines[at].sentence.start_ms)
            if at in self._headings:
                yield self._heading(at)
            if at in self._explained:
                item, explained = self._explained[at]
                yield self._explanation(item, explained)
                end = explained.end
            else:
                end = self._end_of_speech(at)
                yield self._speech(at, end)
            yield from self._decisions(end - 1)
            at = end
        yield from self._inaudible(until_ms=None)

    def _id(self) -> str:
        self._given += 1
        return f"b{self._given:04d}"

    def _end_of_speech(self, at: int) -> int:
        """One past the last sentence printed together with the sentence at."""
        waiting = self._unheard[0].start_ms if self._unheard else None
        end = at + 1
        while end < len(self._lines) and self._lines[end].number == self._lines[at].number:
            cut = end in self._headings or end in self._explained or end - 1 in self._decided
            if cut or (waiting is not None and waiting < self._lines[end].sentence.start_ms):
                break
            end += 1
        return end

    def _inaudible(self, until_ms: int | None) -> Iterator[Inaudible]:
        while self._unheard and (until_ms is None or self._unheard[0].start_ms < until_ms):
            yield Inaudible(id=self._id(), span=self._unheard.pop(0))

    def _heading(self, at: int) -> Heading:
        item = self._headings[at]
        start_ms = self._lines[at].sentence.start_ms
        return Heading(id=self._id(), item=item, text=heading_text(item), start_ms=start_ms)

    def _explanation(self, item: AgendaItem, explained: Explained) -> Explanation:
        number = self._id()
        speech = []
        at = explained.start
        while at < explained.end:
            end = at + 1
            while end < explained.end and self._lines[end].number == self._lines[at].number:
                end += 1
            speech.append(self._speech(at, end))
            at = end
        return Explanation(
            id=number,
            item=item,
            text=explanation_text(speech[0].role, item),
            speech=tuple(speech),
            start_ms=speech[0].start_ms,
            end_ms=max(part.end_ms for part in speech),
        )

    def _speech(self, at: int, end: int) -> Speech:
        passage, layout = self._lines[at].passage, self._layout
        said = [line.sentence for line in self._lines[at:end]]
        return Speech(
            id=self._id(),
            role=passage.role,
            speaker=passage.speaker,
            office=passage.office,
            confidence=passage.confidence,
            flagged=passage.confidence < layout.flag_below,
            evidence=passage.evidence,
            paragraphs=paragraphs(said, layout.paragraph_pause_ms, layout.paragraph_chars, layout.topic_chars),
            start_ms=said[0].start_ms,
            end_ms=max(sentence.end_ms for sentence in said),
        )

    def _decisions(self, line: int) -> Iterator[Decision]:
        for decided in self._decided.get(line, ()):
            end_ms = self._lines[line].sentence.end_ms
            yield Decision(id=self._id(), text=f"―{decided.text}―", inferred=decided.inferred, start_ms=end_ms)
