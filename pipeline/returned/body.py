"""The body of a returned document as operations on the minutes, tried out one after the other on the desk's own sheet,
and each difference in words for the person who brings it in."""

import re
from collections.abc import Iterable, Sequence

from pipeline.documents.form import ReadBlock
from pipeline.editing.operations import apply
from pipeline.editing.sheet import Sheet
from pipeline.editing.speech import speech_text
from pipeline.records.base import Record, Span, elapsed
from pipeline.records.edits import Cast, Merge, Operation, Put, Splice, Split
from pipeline.records.meeting import AgendaItem
from pipeline.records.minutes import Block, Decision, Explanation, Heading, Inaudible, Minutes, Sentence, Speech
from pipeline.returned.pairing import Item, Pair, pairs
from pipeline.returned.plain import changes, place_of, plain, same

_NUMBERED = re.compile(r"^(?P<kind>.+?)(?:案件|事項)?\((?P<number>\d+)\)(?P<title>.*)$")
_SHOWN = 40
_AROUND = 8
"""Characters shown on both sides of a change."""


class Difference(Record):
    """One thing that is different in the returned document. what is Japanese: 発言の修正, 役職の変更 …"""

    what: str
    at_ms: int
    before: str = ""
    after: str = ""

    def told(self) -> str:
        """One line for a terminal or a page."""
        change = f"「{_short(self.before)}」→「{_short(self.after)}」" if self.before and self.after else ""
        alone = f"「{_short(self.before or self.after)}」" if not change and (self.before or self.after) else ""
        return f"{elapsed(self.at_ms)} {self.what} {change or alone}".rstrip()


class BodyEdits:
    """operations bring the minutes to the body read; differences tell them; kept is the share of the minutes' turns
    that the document still has, 0-1."""

    def __init__(self, minutes: Minutes, body: Sequence[ReadBlock], token: str, *, in_sections: bool = False) -> None:
        self.operations: list[Operation] = []
        self.differences: list[Difference] = []
        self._sheet = Sheet.of(minutes)
        self._agenda = minutes.agenda
        self._token = token
        self._made = 0
        self._read = [block for block in body if block.kind != "session"]
        printed = _in_sections(minutes.body) if in_sections else minutes.body
        self._old = [block for block in printed if _item(block) is not None]
        self._last: str | None = None
        old = [item for block in self._old if (item := _item(block)) is not None]
        new = [_read_item(block) for block in self._read]
        self._pairs = pairs(old, new)
        self.kept = _kept(self._pairs, old)

    def work(self) -> "BodyEdits":
        for pair in self._pairs:
            old, new = self._old[pair.old_start : pair.old_end], self._read[pair.new_start : pair.new_end]
            if not new:
                self._remove(old[0])
            elif not old:
                self._add(new[0])
            else:
                self._change(old, new)
        return self

    # ---- one pair -------------------------------------------------------------------------------------------------

    def _change(self, old: Sequence[Block], new: Sequence[ReadBlock]) -> None:
        if isinstance(old[0], Speech):
            first = self._joined([block.id for block in old], old[0].start_ms)
            for identifier, read in zip(self._cut(first, new), new, strict=True):
                self._role(identifier, read.role)
                self._text(identifier, "\n".join(read.paragraphs), "発言の修正")
                self._last = identifier
            return
        self._line(old[0], new[0])
        self._last = self._end_of(old[0])

    def _joined(self, identifiers: list[str], at_ms: int) -> str:
        """The turns as one, under the first one's id. Where something unprinted stands between them, the later ones are
        emptied, and their words stay where they were said."""
        first = identifiers[0]
        for following in identifiers[1:]:
            self._tell("発言の結合", at_ms)
            place = self._sheet.place(first)
            if self._sheet.entries[place + 1].id == following:
                self._do(Merge(id=first, following=following, paragraph=True))
            else:
                self._do(Splice(id=following, at=0, removed=speech_text(self._sheet.speech(following)), inserted=""))
        return first

    def _cut(self, identifier: str, new: Sequence[ReadBlock]) -> list[str]:
        """The ids of the turn's parts, one for each block read."""
        found = [identifier]
        for number in range(1, len(new)):
            rest = ["\n".join(read.paragraphs) for read in new[number - 1 :]]
            text = speech_text(self._sheet.speech(found[-1]))
            made = self._id()
            self._do(Split(id=found[-1], at=place_of(text, "\n".join(rest), len(rest[0])), new=made))
            self._tell("発言の分割", self._sheet.speech(made).start_ms, after=new[number].text)
            found.append(made)
        return found

    def _role(self, identifier: str, role: str) -> None:
        now = self._sheet.speech(identifier)
        if role and not same(now.role, role):
            self._tell("役職の変更", now.start_ms, now.role, role)
            self._do(Cast(ids=(identifier,), role=role))

    def _text(self, identifier: str, text: str, what: str) -> None:
        speech = self._sheet.speech(identifier)
        before = speech_text(speech)
        for change in changes(before, text):
            removed = before[change.start : change.end]
            self._do(Splice(id=identifier, at=change.start, removed=removed, inserted=change.after))
            around = slice(max(change.start - _AROUND, 0), change.end + _AROUND)
            after = before[around.start : change.start] + change.after + before[change.end : around.stop]
            self._tell(what, speech.start_ms, before[around], after)

    def _line(self, old: Block, read: ReadBlock) -> None:
        """A heading, an explanation, a decision; the marks of what is not heard stay as they are."""
        if isinstance(old, Inaudible) or not isinstance(old, Heading | Explanation | Decision):
            return
        wanted = f"―{read.text}―" if isinstance(old, Decision) else read.text
        if not same(old.text.strip("―"), read.text):
            self._tell("見出し・決定等の修正", old.start_ms, old.text, wanted)
            self._do(Splice(id=old.id, at=0, removed=old.text, inserted=wanted))

    # ---- removed and added ----------------------------------------------------------------------------------------

    def _remove(self, old: Block) -> None:
        """A turn is emptied, because what was recognised stays in the record; an explanation keeps its turns."""
        if isinstance(old, Speech):
            text = speech_text(old)
            self._tell("発言の削除", old.start_ms, text)
            self._do(Splice(id=old.id, at=0, removed=text, inserted=""))
            self._last = old.id
        elif isinstance(old, Explanation):
            self._tell("説明の行の削除(取り込みません。説明の発言は残ります)", old.start_ms, old.text)
            self._last = self._end_of(old)
        else:
            shown = old.text if isinstance(old, Heading | Decision) else "聞き取り不能"
            self._tell("行の削除", _start(old), shown)
            self._do(Put(after=self._before(old.id), removed=(old.id,), blocks=()))

    def _add(self, read: ReadBlock) -> None:
        at_ms = self._time()
        block = self._made_block(read, at_ms)
        if block is None:
            self._tell("読み取れない行(取り込みません)", at_ms, after=read.text)
            return
        self._tell("行の追加", at_ms, after=f"{read.role}\uff1a{read.text}" if read.role else read.text)
        self._do(Put(after=self._last, blocks=(block,)))
        self._last = block.id

    def _made_block(self, read: ReadBlock, at_ms: int) -> Block | None:
        match read.kind:
            case "speech":
                paragraphs = tuple(
                    (Sentence(text=text, start_ms=at_ms, end_ms=at_ms, words=()),) for text in read.paragraphs
                )
                return Speech(
                    id=self._id(), role=read.role, speaker="", confidence=1.0, paragraphs=paragraphs,
                    start_ms=at_ms, end_ms=at_ms,
                )  # fmt: skip
            case "decision":
                return Decision(id=self._id(), text=f"―{read.text}―", inferred=False, start_ms=at_ms)
            case "heading":
                item = _agenda_item(read.text, self._agenda)
                return Heading(id=self._id(), item=item, text=read.text, start_ms=at_ms) if item else None
            case "inaudible":
                return Inaudible(id=self._id(), span=Span(start_ms=at_ms, end_ms=at_ms))
        return None

    # ---- the sheet ------------------------------------------------------------------------------------------------

    def _do(self, operation: Operation) -> None:
        apply(self._sheet, operation, 1)
        self.operations.append(operation)

    def _tell(self, what: str, at_ms: int, before: str = "", after: str = "") -> None:
        self.differences.append(Difference(what=what, at_ms=at_ms, before=before, after=after))

    def _id(self) -> str:
        self._made += 1
        return f"w{self._token}-{self._made}"

    def _before(self, identifier: str) -> str | None:
        place = self._sheet.place(identifier)
        return self._sheet.entries[place - 1].id if place else None

    def _end_of(self, block: Block) -> str:
        """Of an explanation its last turn, which stands behind it on the sheet."""
        return block.speech[-1].id if isinstance(block, Explanation) and block.speech else block.id

    def _time(self) -> int:
        if self._last is None:
            return 0
        block = self._sheet.entry(self._last).block
        return block.end_ms if isinstance(block, Speech) else _start(block)


def _in_sections(body: Iterable[Block]) -> list[Block]:
    """In the order of a form whose rows are items: what was decided behind what was said."""
    found: list[Block] = []
    decided: list[Block] = []
    for block in body:
        if isinstance(block, Heading):
            found += decided
            decided = []
        (decided if isinstance(block, Decision) else found).append(block)
    return found + decided


def _item(block: Block) -> Item | None:
    """What is printed of a block; None for a turn that was emptied."""
    match block:
        case Speech():
            text = speech_text(block)
            return Item("speech", block.role, text) if plain(text).text else None
        case Heading() | Explanation():
            return Item(block.kind, "", block.text)
        case Decision():
            return Item("decision", "", block.text.strip("―"))
        case Inaudible():
            return Item("inaudible", "", f"【聞き取り不能 {elapsed(block.span.start_ms)}】")
    return None


def _read_item(read: ReadBlock) -> Item:
    return Item(read.kind, read.role, "\n".join(read.paragraphs))


def _kept(found: Iterable[Pair], old: Sequence[Item]) -> float:
    paired = {n for pair in found if pair.new_end > pair.new_start for n in range(pair.old_start, pair.old_end)}
    turns = [n for n, item in enumerate(old) if item.kind == "speech"]
    return sum(n in paired for n in turns) / len(turns) if turns else 1.0


def _agenda_item(text: str, agenda: Sequence[AgendaItem]) -> AgendaItem | None:
    """The item a typed heading names: by its title, else by kind and number."""
    for item in agenda:
        if plain(item.title).text and plain(item.title).text in plain(text).text:
            return item
    found = _NUMBERED.match(plain(text).text)
    if found is None:
        return None
    return AgendaItem(kind=found["kind"], number=int(found["number"]), title=found["title"] or text)


def _start(block: Block) -> int:
    return block.span.start_ms if isinstance(block, Inaudible) else block.start_ms


def _short(text: str) -> str:
    line = text.replace("\n", "／")
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
