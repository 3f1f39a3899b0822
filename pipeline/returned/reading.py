"""A corrected Word file to its fields and blocks: by the styles of the form it was made with, else by what its lines
say."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.documents.form import ReadBlock, ReadField, ReadForm, form_of_word, read_form, rows_of_word
from pipeline.documents.lines import Kind, LineReader
from pipeline.documents.word import WordFile, WordParagraph, read_word
from pipeline.publication.matching import folded
from pipeline.render.form_folder import FormFolder, Styles, form_folder, form_names
from pipeline.returned.plain import same

BEFORE_ITEMS = "開会"
"""Stands where a form in rows of items has no heading; no heading of the minutes."""


class Returned(ReadForm):
    """What came back, and the form it was printed in."""

    form: FormFolder

    @property
    def in_sections(self) -> bool:
        """Whether decisions stand behind all that was said about their item."""
        return "sections" in self.form.settings.fields


def read_returned(path: Path, roles: Sequence[str], form: FormFolder | None = None) -> Returned:
    """Raises TranscriptFileError when it cannot be read or nobody speaks in it."""
    document = read_word(path)
    used = form or _made_with(document)
    read = form_of_word(document, roles)
    body = tuple(_body_by_styles(document, used.settings.styles, read.roles)) if used else ()
    if not body:
        read = read_form(path, roles)
        body = read.body
    return Returned(
        fields=rows_of_word(document) if used else read.fields, body=body, roles=read.roles, form=used or form_folder()
    )


def _made_with(document: WordFile) -> FormFolder | None:
    """The shipped form whose labels the document has: all of them but for one at most."""
    told = {folded(paragraph.text) for paragraph in document.paragraphs()}
    for name in form_names():
        folder = form_folder(name)
        labels = {folded(label) for label in folder.settings.fields.values()}
        if len(labels - told) <= 1:
            return folder
    return None


def _body_by_styles(document: WordFile, styles: Styles, roles: Sequence[str]) -> Iterator[ReadBlock]:
    """Blocks from the paragraphs in the form's own styles, in order of the document."""
    kinds: dict[str, Kind] = {
        styles.heading: "heading",
        styles.explanation: "explanation",
        styles.decision: "decision",
        styles.inaudible: "inaudible",
        styles.session: "session",
        styles.withheld: "text",
        styles.speech: "speech",
        styles.speech_more: "text",
    }
    own = [p for p in document.paragraphs() if p.style in kinds and p.text.strip()]
    if not any(paragraph.style == styles.speech for paragraph in own):
        return
    reader = LineReader([line for paragraph in own for line in paragraph.text.split("\n")], roles)
    current: ReadBlock | None = None
    for block in _read(own, kinds, reader):
        if block.kind == "text" and current is not None and current.kind == "speech":
            current = current.model_copy(update={"paragraphs": (*current.paragraphs, *block.paragraphs)})
            continue
        if current is not None:
            yield current
        current = block
    if current is not None:
        yield current


def _read(own: Sequence[WordParagraph], kinds: dict[str, Kind], reader: LineReader) -> Iterator[ReadBlock]:
    """What a line says goes before the style it has: people paste and type where they are."""
    for paragraph in own:
        for text in paragraph.text.split("\n"):
            line = reader.read(text, paragraph.style)
            if line is None:
                continue
            styled = kinds[paragraph.style]
            kind = styled if line.kind == "text" and styled not in ("speech", "text") else line.kind
            words = line.text.rstrip("※") if kind == "decision" else line.text
            if not (kind == "heading" and same(words, BEFORE_ITEMS)):
                yield ReadBlock(kind=kind, paragraphs=(words,), role=line.role)


def field_lines(returned: Returned, name: str) -> list[tuple[str, tuple[str, ...]]]:
    """(sub-label, lines) of every row that the form prints a value in; none where the document has no such row."""
    label = folded(returned.form.settings.fields.get(name, ""))
    rows: list[ReadField] = [f for f in returned.fields if label and label in (folded(f.label), folded(f.sub_label))]
    return [(row.sub_label if folded(row.sub_label) != label else "", row.lines) for row in rows]
