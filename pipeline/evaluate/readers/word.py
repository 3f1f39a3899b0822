"""Word minutes that a person corrected: the turns of the official form, or of any page of 役職:発言."""

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.documents.form import ReadForm, read_form
from pipeline.evaluate.transcription import Transcription, Utterance

_ITEM = re.compile(r"^(\D+?)(?:案件|事項)?\s*[(\uff08]?\s*([0-9\uff10-\uff19]+)")


def read_word_minutes(path: Path) -> Transcription:
    """Raises TranscriptFileError."""
    form = read_form(path)
    return Transcription(
        name=path.name,
        source="minutes",
        utterances=tuple(_utterances(form)),
        complete=False,
        terms=tuple(name for field in form.fields if field.label == "出席者" for name in _names(field.lines)),
    )


def _utterances(form: ReadForm) -> Iterator[Utterance]:
    item: str | None = None
    for block in form.body:
        if block.kind == "heading":
            item = _label(block.text)
        elif block.kind == "speech":
            yield Utterance(text=block.text, role=block.role, item=item)


def _label(heading: str) -> str:
    """報告案件(1) … as an agenda item is labelled: 報告(1)."""
    found = _ITEM.match(heading)
    return f"{found[1]}({int(found[2])})" if found else heading


def _names(lines: tuple[str, ...]) -> list[str]:
    return [name for line in lines for name in re.split(r"[、,()\uff08\uff09\s]+", line) if len(name) > 1]
