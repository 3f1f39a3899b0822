"""docs/minutes-json.md is the public description of the format: it names every field there is."""

import re
from pathlib import Path

import pytest

from pipeline.records.base import Record, Span
from pipeline.records.meeting import AgendaItem, Member, OpennessOf, RosterRole
from pipeline.records.minutes import (
    Decision,
    Explanation,
    Heading,
    Inaudible,
    Masked,
    Minutes,
    Sentence,
    Speech,
    Warning,
)
from pipeline.records.roles import Evidence
from pipeline.records.withheld import WithheldItem, WithheldName, WithheldPassage, Withholding
from pipeline.records.words import Layer, Word

PAGE = Path(__file__).parents[2] / "docs" / "minutes-json.md"
BLOCKS = (Heading, Speech, Explanation, Decision, Inaudible, Masked)
PARTS = (Minutes, AgendaItem, OpennessOf, RosterRole, Member, Warning, Evidence, Sentence, Word, Layer, Span)
MARKS = (Withholding, WithheldItem, WithheldPassage, WithheldName)


@pytest.mark.parametrize("record", [*BLOCKS, *PARTS, *MARKS], ids=lambda record: record.__name__)
def test_every_field_is_described(record: type[Record]) -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGE.read_text(encoding="utf-8")))
    assert set(record.model_fields) <= named


def test_every_kind_of_block_has_its_row() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for block in BLOCKS:
        assert f"\n| `{block.model_fields['kind'].default}` |" in page
