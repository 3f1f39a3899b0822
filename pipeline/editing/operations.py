"""What each operation does to the sheet: one function per operation, each refusing what does not fit."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from pipeline.editing import speech as turns
from pipeline.editing.sheet import Entry, Sheet, flat
from pipeline.errors import EditError
from pipeline.records.edits import (
    Accept,
    Cast,
    Confirm,
    Explain,
    Merge,
    Operation,
    Put,
    SetFront,
    Splice,
    Split,
    Unexplain,
    Withhold,
    WithholdPassages,
)
from pipeline.records.minutes import Block, Decision, Explanation, Heading, Inaudible, Speech
from pipeline.records.withheld import WithheldItem
from pipeline.records.words import Layer, Word

CONFIRMED = "確認済み"
"""Reason of the clerk's layer on a doubtful word that is right as it stands."""


def apply(sheet: Sheet, operation: Operation, number: int) -> None:
    """Change the sheet as part of the edit with this number. Raises EditError; the sheet may then be half changed."""
    _APPLY[type(operation)](sheet, operation, number)


def _splice(sheet: Sheet, op: Splice, number: int) -> None:
    block = sheet.entry(op.id).block
    if isinstance(block, Speech):
        _replace(sheet, op.id, number, turns.spliced(block, op.at, op.removed, op.inserted))
        return
    if isinstance(block, Inaudible):
        raise EditError(f"{op.id}: has no text to change.", "Put a turn in its place.")
    turns.expect(block.text, op.at, op.removed)
    if "\n" in op.inserted:
        raise EditError("A heading or decision is one line.", "Leave out the line break.")
    text = block.text[: op.at] + op.inserted + block.text[op.at + len(op.removed) :]
    update: dict[str, Any] = {"text": text}
    if isinstance(block, Decision):
        update["inferred"] = False
    _replace(sheet, op.id, number, block.model_copy(update=update))


def _split(sheet: Sheet, op: Split, number: int) -> None:
    place = sheet.place(op.id)
    first, second = turns.split(sheet.speech(op.id), op.at, op.new)
    entry = sheet.entries[place]
    sheet.put(place, place + 1, (replace(entry, block=each, version=number) for each in (first, second)))


def _merge(sheet: Sheet, op: Merge, number: int) -> None:
    start, stop = sheet.run((op.id, op.following))
    first, second = sheet.entries[start], sheet.entries[start + 1]
    if first.within != second.within:
        raise EditError("An explanation does not join with what is printed.", "Print the explanation in full first.")
    block = turns.merged(
        sheet.speech(op.id), sheet.speech(op.following), keep_second=op.keep == "second", paragraph=op.paragraph
    )
    confirmed = first.confirmed and second.confirmed
    sheet.put(start, stop, [Entry(block, first.within, number, confirmed)])


def _cast(sheet: Sheet, op: Cast, number: int) -> None:
    given = {name: value for name in ("role", "speaker", "office") if (value := getattr(op, name)) is not None}
    if "role" in given:
        certain = op.inferred is None
        given |= {"confidence": 1.0 if certain else op.inferred, "flagged": not certain and op.flagged}
    for identifier in op.ids:
        _replace(sheet, identifier, number, sheet.speech(identifier).model_copy(update=given))


def _explain(sheet: Sheet, op: Explain, number: int) -> None:
    start, stop = sheet.run(op.ids)
    said = [sheet.speech(identifier) for identifier in op.ids]
    if any(entry.within for entry in sheet.entries[start:stop]):
        raise EditError("These turns are an explanation already.", "Print it in full first.")
    header = Explanation(
        id=op.id, item=op.item, text=op.text, speech=(), start_ms=said[0].start_ms, end_ms=said[-1].end_ms
    )
    inside = (replace(entry, within=op.id, version=number) for entry in sheet.entries[start:stop])
    sheet.put(start, stop, [Entry(header, version=number), *inside])


def _unexplain(sheet: Sheet, op: Unexplain, number: int) -> None:
    start = sheet.place(op.id)
    if not isinstance(sheet.entries[start].block, Explanation):
        raise EditError(f"{op.id}: is not an explanation.", "Load the minutes again.")
    stop = start + 1
    while stop < len(sheet.entries) and sheet.entries[stop].within == op.id:
        stop += 1
    inside = (replace(entry, within=None, version=number) for entry in sheet.entries[start + 1 : stop])
    sheet.put(start, stop, inside)


def _put(sheet: Sheet, op: Put, number: int) -> None:
    if op.removed:
        start, stop = sheet.run(op.removed)
    else:
        start = stop = sheet.place(op.after) + 1 if op.after is not None else 0
    before = sheet.entries[start - 1].id if start else None
    if before != op.after:
        raise EditError("These blocks do not stand there any more.", "Load the minutes again.")
    new = tuple(flat(op.blocks, number))
    _refuse_torn_explanations(sheet, start, stop, new)
    if _recognised(sheet.entries[start:stop]) != _recognised(new):
        raise EditError("Recognised words would get lost or doubled.", "Empty the text of a turn instead.")
    sheet.put(start, stop, new)


def _refuse_torn_explanations(sheet: Sheet, start: int, stop: int, new: Sequence[Entry]) -> None:
    following = sheet.entries[stop].within if stop < len(sheet.entries) else None
    inside = {entry.id for entry in sheet.entries[start:stop]}
    if following in inside or (following is not None and start < stop and sheet.entries[start].within is None):
        raise EditError("That would tear an explanation apart.", "Print the explanation in full first.")
    if following is not None and any(entry.within != following for entry in new):
        raise EditError("Only turns stand inside an explanation.", "Print the explanation in full first.")


def _recognised(entries: Iterable[Entry]) -> list[Word]:
    return [
        word.model_copy(update={"layers": ()})
        for entry in entries
        if isinstance(entry.block, Speech)
        for paragraph in entry.block.paragraphs
        for sentence in paragraph
        for word in sentence.words
    ]


def _confirm(sheet: Sheet, op: Confirm, number: int) -> None:
    for identifier in op.ids:
        place = sheet.place(identifier)
        sheet.put(place, place + 1, [replace(sheet.entries[place], confirmed=op.value, version=number)])


def _accept(sheet: Sheet, op: Accept, number: int) -> None:
    block = sheet.speech(op.id)
    found = False

    def accepted(word: Word) -> Word:
        nonlocal found
        if word.start_ms != op.start_ms or found or not word.text:
            return word
        found = True
        layer = Layer(by="clerk", before=word.text, after=word.text, reason=CONFIRMED)
        return word.model_copy(update={"layers": (*word.layers, layer)})

    paragraphs = tuple(
        tuple(s.model_copy(update={"words": tuple(map(accepted, s.words))}) for s in paragraph)
        for paragraph in block.paragraphs
    )
    if not found:
        raise EditError(f"No word was recognised at {op.start_ms} ms of this turn.", "Load the minutes again.")
    _replace(sheet, op.id, number, block.model_copy(update={"paragraphs": paragraphs}))


def _withhold(sheet: Sheet, op: Withhold, number: int) -> None:
    block = sheet.entry(op.id).block
    whole_item = isinstance(op.withheld, WithheldItem)
    if op.withheld is not None and whole_item != isinstance(block, Heading):
        raise EditError("A whole item is withheld at its heading, and only there.", "Choose the heading.")
    _replace(sheet, op.id, number, block.model_copy(update={"withheld": op.withheld}))


def _withhold_passages(sheet: Sheet, op: WithholdPassages, number: int) -> None:
    _replace(sheet, op.id, number, turns.marked(sheet.speech(op.id), op.passages))


def _front(sheet: Sheet, op: SetFront, number: int) -> None:
    sheet.set("front", op.front, number)


def _replace(sheet: Sheet, identifier: str, number: int, block: Block) -> None:
    place = sheet.place(identifier)
    sheet.put(place, place + 1, [replace(sheet.entries[place], block=block, version=number)])


_APPLY: dict[type[Any], Callable[[Sheet, Any, int], None]] = {
    Splice: _splice,
    Split: _split,
    Merge: _merge,
    Cast: _cast,
    Explain: _explain,
    Unexplain: _unexplain,
    Put: _put,
    Confirm: _confirm,
    Accept: _accept,
    Withhold: _withhold,
    WithholdPassages: _withhold_passages,
    SetFront: _front,
}
