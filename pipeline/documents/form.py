"""Minutes in a Word file, as a person left them, back to fields, headings and turns.

Written for 別記第1号様式 but read by what it says, not by where it stands: a restyled table, merged cells, rows taken
out, another body's form or a plain page of 役職:発言 lines are read too.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.documents.lines import Kind, LineReader
from pipeline.documents.word import WordCell, WordFile, WordParagraph, WordTable, read_word
from pipeline.errors import TranscriptFileError
from pipeline.records.base import Record

_BODY_LABELS = (
    "審議経過",
    "会議経過",
    "議事経過",
    "議事内容",
    "会議内容",
    "発言要旨",
    "議事要旨",
    "審議内容",
    "議事録",
    "議事",
)


class ReadBlock(Record):
    """One block of the body. paragraphs is never empty; role only of a speech."""

    kind: Kind
    paragraphs: tuple[str, ...]
    role: str = ""

    @property
    def text(self) -> str:
        return "".join(self.paragraphs)


class ReadField(Record):
    """A field of the form: 開催 / 日時 → the lines in its cell. label and sub_label are without any spaces."""

    label: str
    sub_label: str
    lines: tuple[str, ...]


class ReadForm(Record):
    """What the document says. roles: the roles that the attendance rows name, in order."""

    fields: tuple[ReadField, ...]
    body: tuple[ReadBlock, ...]
    roles: tuple[str, ...] = ()

    def field(self, label: str, sub_label: str = "") -> tuple[str, ...]:
        """The lines of a field; empty when the document has no such field."""
        return next((f.lines for f in self.fields if (f.label, f.sub_label) == (label, sub_label)), ())


def read_form(path: Path, roles: Sequence[str] = ()) -> ReadForm:
    """Read minutes from a .docx file; roles: known beforehand, beside those that the document names.

    Raises TranscriptFileError when the file cannot be read or nobody speaks in it.
    """
    form = form_of_word(read_word(path), roles)
    if not any(block.kind == "speech" for block in form.body):
        raise TranscriptFileError(
            f"{path}: no turn was found in it (a turn is a paragraph 役職:発言).",
            "Name the Word file of the minutes; each turn begins with the role and a colon.",
            file=path,
        )
    return form


def form_of_word(document: WordFile, roles: Sequence[str] = ()) -> ReadForm:
    """The same for a file already read; the body may be empty."""
    rows = [row for block in document.blocks if isinstance(block, WordTable) for row in block.rows]
    labelled = list(_labelled(rows))
    body_rows = [entry for entry in labelled if entry.label in _BODY_LABELS] or _most_talkative(labelled)
    fields = tuple(_field(entry) for entry in labelled if entry not in body_rows)
    named = tuple(dict.fromkeys([*roles, *(f.sub_label for f in fields if f.label == "出席者" and f.sub_label)]))
    told = [paragraph for entry in body_rows for cell in entry.content for paragraph in cell.paragraphs]
    if not body_rows:
        told = [block for block in document.blocks if isinstance(block, WordParagraph)]
    return ReadForm(fields=fields, body=tuple(_body(told, named)), roles=named)


def rows_of_word(document: WordFile) -> tuple[ReadField, ...]:
    """Every row of its tables with label, sub-label and content, whatever it holds."""
    rows = [row for block in document.blocks if isinstance(block, WordTable) for row in block.rows]
    return tuple(_field(entry) for entry in _labelled(rows))


class _Entry(NamedTuple):
    label: str
    sub_label: str
    content: tuple[WordCell, ...]


def _field(entry: _Entry) -> ReadField:
    return ReadField(label=entry.label, sub_label=entry.sub_label, lines=_lines(entry.content))


def _labelled(rows: list[tuple[WordCell, ...]]) -> Iterator[_Entry]:
    """Rows as label, sub-label and content: the last cell is the content, a vertically merged label goes on below.
    Rows under the body's label without any label of their own belong to it."""
    label = ""
    for row in rows:
        *labels, content = row
        names = ["" if cell.continues else _squeezed(cell.text) for cell in labels]
        if names and names[0]:
            label = names[0]
        elif names and not labels[0].continues and len(names) == 1:
            label = label if label in _BODY_LABELS else ""
        yield _Entry(label, names[1] if len(names) > 1 else "", (content,))


def _most_talkative(entries: list[_Entry]) -> list[_Entry]:
    """Where no label says which cell is the body: the one with the most turns, when it has any."""
    turns = {id(entry): sum(LineReader.looks_like_turn(line) for line in _lines(entry.content)) for entry in entries}
    best = max(entries, key=lambda entry: turns[id(entry)], default=None)
    return [best] if best is not None and turns[id(best)] else []


def _lines(content: tuple[WordCell, ...]) -> tuple[str, ...]:
    lines = (line.strip() for cell in content for line in cell.text.split("\n"))
    return tuple(line for line in lines if line)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _body(paragraphs: list[WordParagraph], roles: Sequence[str]) -> Iterator[ReadBlock]:
    """Classify line after line; a line that begins nothing new goes on with the turn before it."""
    reader = LineReader([line for paragraph in paragraphs for line in paragraph.text.split("\n")], roles)
    current: ReadBlock | None = None
    for paragraph in paragraphs:
        for text in paragraph.text.split("\n"):
            line = reader.read(text, paragraph.style)
            if line is None:
                continue
            goes_on = line.kind == "text" and current is not None and current.kind == "speech"
            if goes_on and current is not None:
                current = current.model_copy(update={"paragraphs": (*current.paragraphs, line.text)})
                continue
            if current is not None:
                yield current
            current = ReadBlock(kind=line.kind, paragraphs=(line.text,), role=line.role)
    if current is not None:
        yield current
