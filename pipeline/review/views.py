"""What the page is told of the minutes: blocks and changes as plain data, small enough for 2,500 turns at once."""

from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.editing.alignment import Piece, pieces
from pipeline.editing.operations import CONFIRMED
from pipeline.editing.passages import placed
from pipeline.editing.sheet import Change, Entry, FieldChange, Sheet
from pipeline.editing.speech import marks_of, speech_text
from pipeline.records.edits import Front
from pipeline.records.minutes import Decision, Explanation, Heading, Inaudible, Speech
from pipeline.records.words import Layer, Word

Data = dict[str, Any]
LAYERED, RETYPED, ACCEPTED = 1, 2, 4
"""Flags of a word: a rule or the dictionary changed it; a person changed it; a person found it right."""
DOUBTFUL_BELOW = 0.5
"""Probability from which a word without a calibrated priority is shown as doubtful."""


def sheet_view(sheet: Sheet) -> Data:
    """Everything the editor shows at its start."""
    return {
        "base": sheet.base,
        "front": front_view(sheet.front),
        "frontVersion": sheet.front_version,
        "durationMs": sheet.draft.duration_ms,
        "warnings": [warning.model_dump() for warning in sheet.draft.warnings],
        "entries": [entry_view(entry) for entry in sheet.entries],
    }


def front_view(front: Front) -> Data:
    return front.model_dump(mode="json")


def change_views(changes: Iterable[Change]) -> list[Data]:
    """What an edit changed, to be repeated in the page in the same order."""
    found: list[Data] = []
    for change in changes:
        if isinstance(change, FieldChange):
            if change.name == "front":
                found.append({"front": front_view(change.new)})
            continue
        removed = [entry.id for entry in change.old]
        found.append({"after": change.after, "removed": removed, "put": [entry_view(entry) for entry in change.new]})
    return found


def entry_view(entry: Entry) -> Data:
    """One block. Times are milliseconds; texts count in characters, which are not always JavaScript's units."""
    block = entry.block
    view: Data = {"id": block.id, "kind": block.kind, "version": entry.version, "confirmed": entry.confirmed}
    if entry.within is not None:
        view["within"] = entry.within
    withheld = getattr(block, "withheld", None)
    if withheld is not None:
        view["withheld"] = withheld.model_dump(mode="json")
    match block:
        case Speech():
            view |= _speech(block)
        case Heading() | Explanation():
            view |= {"text": block.text, "start": block.start_ms, "item": block.item.model_dump()}
        case Decision():
            view |= {"text": block.text, "start": block.start_ms, "inferred": block.inferred}
        case Inaudible():
            view |= {"text": "", "start": block.span.start_ms, "end": block.span.end_ms}
    return view


def _speech(block: Speech) -> Data:
    row = placed(block.paragraphs)
    view: Data = {
        "role": block.role,
        "speaker": block.speaker,
        "text": speech_text(block),
        "start": block.start_ms,
        "end": block.end_ms,
        "sentences": [n for each in row for n in (each.start, each.end, each.sentence.start_ms, each.sentence.end_ms)],
        "words": [n for each in row for n in _words(each.start, each.sentence.text, each.sentence.words)],
    }
    if block.office:
        view["office"] = block.office
    if block.flagged:
        view["flagged"] = True
        view["confidence"] = round(block.confidence, 2)
        view["why"] = [reason.detail for reason in sorted(block.evidence, key=lambda e: -abs(e.weight))[:3]]
    if marks := marks_of(block):
        view["marks"] = [mark.model_dump(mode="json") for mark in marks]
    return view


def _words(start: int, text: str, words: Sequence[Word]) -> list[int]:
    """Per word: where it starts and ends in the turn's text, start and end in ms, doubt in percent, flags."""
    row: list[int] = []
    at = start
    for piece in pieces(text, words):
        word, end = piece.word, at + len(piece.text)
        flags = RETYPED * is_retyped(piece) + _flags(word.layers) if word.layers or piece.text != word.raw else 0
        doubt = 0 if flags & (RETYPED | ACCEPTED) else round(100 * doubt_of(word))
        row += (at, end, word.start_ms, word.end_ms, doubt, flags)
        at = end
    return row


def _flags(layers: Sequence[Layer]) -> int:
    accepted = any(layer.by == "clerk" and layer.reason == CONFIRMED for layer in layers)
    return ACCEPTED * accepted + LAYERED * any(layer.by not in ("clerk", "filler", "punctuation") for layer in layers)


def is_retyped(piece: Piece) -> bool:
    """Whether a person changed it. A sentence's end is punctuated where it was composed."""
    return piece.text.rstrip("。、") != piece.word.text.rstrip("。、")


def doubt_of(word: Word) -> float:
    """How likely the word is wrong: the calibrated priority, else what recognition itself thought of it."""
    if word.review is not None:
        return word.review
    return 1.0 - word.probability if word.probability < DOUBTFUL_BELOW else 0.0
