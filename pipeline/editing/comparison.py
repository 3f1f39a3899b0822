"""Two states of the minutes side by side: only what is different, each block beside itself."""

from difflib import SequenceMatcher
from typing import NamedTuple

from pipeline.editing.sheet import Entry, Sheet
from pipeline.records.minutes import Speech


class Row(NamedTuple):
    """A block on both sides; None where it is not."""

    left: Entry | None
    right: Entry | None


def compared(left: Sheet, right: Sheet) -> list[Row]:
    """The blocks of which text, role, speaker, place or marks are different, in order."""
    one, other = [entry.id for entry in left.entries], [entry.id for entry in right.entries]
    rows: list[Row] = []
    for kind, start, end, new_start, new_end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            pairs = zip(left.entries[start:end], right.entries[new_start:new_end], strict=True)
            rows += [Row(*pair) for pair in pairs if _differ(*pair)]
        else:
            rows += [Row(entry, None) for entry in left.entries[start:end]]
            rows += [Row(None, entry) for entry in right.entries[new_start:new_end]]
    return rows


def _differ(one: Entry, other: Entry) -> bool:
    if one is other or one.block == other.block:
        return one.within != other.within
    if isinstance(one.block, Speech) and isinstance(other.block, Speech):
        return one.within != other.within or _told(one.block) != _told(other.block)
    return True


def _told(speech: Speech) -> tuple[object, ...]:
    """Without the words it was heard in: that one of them was found right changes nothing that can be read."""
    paragraphs = [[(sentence.text, sentence.withheld) for sentence in paragraph] for paragraph in speech.paragraphs]
    return speech.role, speech.speaker, speech.office, speech.withheld, paragraphs
