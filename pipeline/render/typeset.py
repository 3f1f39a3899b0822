"""The office's own way of writing put over a form: how far speech hangs, how wide digits are; and the body once more as
rows of items."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from pipeline.records.base import Record
from pipeline.render.form import Form, PrintedBlock, Section
from pipeline.render.form_folder import Typography
from pipeline.render.typography import width_in_em, with_digits

_WIDEST_HANG = 8
"""A longer role does not push its speech to the right: half of the column would stay empty."""


def typeset(form: Form, typography: Typography) -> Form:
    """The form with hanging indents, sections and digits set."""
    body = tuple(_hung(block, typography) for block in form.body)
    laid_out = form.model_copy(update={"body": body, "sections": tuple(_sections(body))})
    return _in_digits(laid_out, typography.digits)


def _sections(body: Sequence[PrintedBlock]) -> Iterator[Section]:
    starts = [0, *(place for place, block in enumerate(body) if block.kind == "heading"), len(body)]
    for start, end in pairwise(starts):
        inside = body[start:end]
        if inside:
            yield Section(
                heading=inside[0].first if inside[0].kind == "heading" else "",
                blocks=tuple(block for block in inside if block.kind not in ("heading", "decision")),
                decisions=tuple(_plain_decision(block) for block in inside if block.kind == "decision"),
            )


def _plain_decision(block: PrintedBlock) -> PrintedBlock:
    """Without the dashes that part it from the speech around it."""
    return block.model_copy(update={"first": block.first.replace("―", "")})


def _hung(block: PrintedBlock, typography: Typography) -> PrintedBlock:
    hang = width_in_em(block.role + block.colon)
    if block.kind != "speech" or typography.hanging == "style" or hang > _WIDEST_HANG:
        return block
    return block.model_copy(update={"hang": hang})


_R = TypeVar("_R", bound=Record)
_NO_DIGITS = frozenset({"id", "at", "note", "kind"})


def _in_digits(record: _R, width: str) -> _R:
    """The record with every printed text in it set in digits of this width; times in the recording stay as they are."""
    if width == "as-is" or (isinstance(record, PrintedBlock) and record.kind == "inaudible"):
        return record
    told = {name: value for name, value in record if name not in _NO_DIGITS}
    return record.model_copy(update={name: _set(value, width) for name, value in told.items()})


def _set(value: Any, width: str) -> Any:
    match value:
        case str():
            return with_digits(value, width)
        case Record():
            return _in_digits(value, width)
        case tuple():
            return tuple(_set(part, width) for part in value)
    return value
