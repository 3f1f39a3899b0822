"""What of the minutes is withheld: marks on passages, blocks, items and names resolved to blocks and characters."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pipeline.publication.matching import Range, merged, outside, places
from pipeline.records.base import elapsed
from pipeline.records.meeting import Member
from pipeline.records.minutes import Block, Decision, Explanation, Heading, Inaudible, Minutes, Sentence, Speech
from pipeline.records.withheld import WithheldItem, WithheldName, Withholding


class OpenText(NamedTuple):
    """A piece of text that stays in the public copy, and where it stands, in words for the clerk."""

    text: str
    where: str


def hidden_blocks(minutes: Minutes) -> Mapping[int, Withholding]:
    """Blocks (by their place in the body) that are left out as a whole, with the mark that says so. The heading of a
    withheld item is not among them: it stays, so that one can see that something is left out."""
    hidden: dict[int, Withholding] = {}
    item: WithheldItem | None = None
    for place, block in enumerate(minutes.body):
        if isinstance(block, Heading):
            item = block.withheld
        elif mark := item or _own(block):
            hidden[place] = mark
    return hidden


def _own(block: Block) -> Withholding | None:
    return block.withheld if isinstance(block, Speech | Explanation | Decision | Inaudible) else None


def hidden_names(minutes: Minutes) -> tuple[WithheldName, ...]:
    """The withheld names, and the titles of items whose title is withheld too."""
    titles = (
        WithheldName(text=block.item.title, ground=block.withheld.ground, by=block.withheld.by, on=block.withheld.on)
        for block in minutes.body
        if isinstance(block, Heading) and block.withheld and block.withheld.title_too
    )
    return (*minutes.withheld_names, *titles)


def hidden_ranges(text: str, names: tuple[WithheldName, ...], passages: tuple[Range, ...] = ()) -> tuple[Range, ...]:
    """The characters of a text that are left out: its marked passages and every name in it."""
    found = [place for name in names for place in places(text, name.text)]
    return merged([*passages, *found])


def passages_of(sentence: Sentence) -> tuple[Range, ...]:
    return tuple((passage.start, passage.end) for passage in sentence.withheld)


def sentences_of(block: Block) -> Iterator[Sentence]:
    """In order; those of an explanation too, which are not printed."""
    for speech in block.speech if isinstance(block, Explanation) else (block,):
        if isinstance(speech, Speech):
            yield from (sentence for paragraph in speech.paragraphs for sentence in paragraph)


def open_text(minutes: Minutes) -> Iterator[OpenText]:
    """Everything that may be printed in the public copy, cut where something is left out."""
    names, hidden = hidden_names(minutes), hidden_blocks(minutes)
    for where, text in _fields(minutes):
        yield from (OpenText(piece, where) for piece in outside(text, hidden_ranges(text, names)))
    for place, block in enumerate(minutes.body):
        if place in hidden:
            continue
        for where, text, passages in _texts(block):
            pieces = outside(text, hidden_ranges(text, names, passages))
            yield from (OpenText(piece, where) for piece in pieces)


def _texts(block: Block) -> Iterator[tuple[str, str, tuple[Range, ...]]]:
    match block:
        case Speech():
            yield _at(block.start_ms), block.role, ()
            for sentence in sentences_of(block):
                yield _at(sentence.start_ms), sentence.text, passages_of(sentence)
        case Heading() | Explanation() | Decision():
            yield _at(block.start_ms), block.text, ()


def _at(start_ms: int) -> str:
    return f"{elapsed(start_ms)}の発言"


def _fields(minutes: Minutes) -> Iterator[tuple[str, str]]:
    plain = {"機関又は会議の名称": minutes.name, "事務局": minutes.secretariat, "場所": minutes.place}
    yield from ((where, text) for where, text in plain.items() if text)
    for item in minutes.agenda:
        yield from (("議題", item.kind), ("議題", item.title))
    for openness in (minutes.meeting_openness, minutes.minutes_openness):
        if openness.reason:
            yield "公開の可否", openness.reason
    for role in minutes.roster:
        yield "出席者", role.role
        yield from (("出席者", text) for member in role.members for text in _member(member))
    yield from (("提出された資料等", title) for title in minutes.handouts)


def _member(member: Member) -> Iterator[str]:
    yield member.office
    if member.deputy_for:
        yield member.deputy_for
