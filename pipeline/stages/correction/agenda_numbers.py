"""Numbers of this meeting's own items, which are known: 議案第615号 where the agenda has 第65号, and 議題に before a
title for 議題2."""

import re
from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from pipeline.lexicon.lexicon import Lexicon
from pipeline.stages.correction.sheet import Edit, Sheet

_ITEM = re.compile(r"(?P<kind>[一-鿿]{2,4})第(?P<number>\d{1,4})号")
_HEARD = {"いち": "1", "に": "2", "さん": "3", "よん": "4", "ご": "5", "ろく": "6"}
_BEFORE_TITLE = re.compile(
    r"(?P<kind>議題|議事|報告|諮問|案件|議案|日程第?)[、,]?(?P<number>いち|に|さん|よん|ご|ろく)[、,]?$"
)
_TITLE = 6
"""Characters of a title that must follow."""


def agenda_numbers(sheet: Sheet, lexicon: Lexicon) -> Iterator[Edit]:
    """Edits in order. lexicon: its terms of the meeting hold the items (議案第65号) and titles."""
    own = [term.written for term in lexicon.from_source("meeting")]
    items: dict[str, list[str]] = {}
    for match in (match for written in own if (match := _ITEM.fullmatch(written))):
        items.setdefault(match["kind"], []).append(match["number"])
    titles = tuple({written for written in own if len(written) > _TITLE})
    found = [*_items(sheet.text, items), *_before_titles(sheet.text, titles)]
    yield from sorted(found, key=lambda edit: edit.start)


def _items(text: str, items: dict[str, list[str]]) -> Iterator[Edit]:
    for match in re.finditer(r"(?P<kind>議案|報告|陳情|請願|諮問|認定|同意|承認)第?(?P<number>\d{2,4}に?)号", text):
        known, heard = items.get(match["kind"], []), match["number"]
        close = [number for number in known if Levenshtein.distance(number, heard.rstrip("に")) == 1]
        if heard not in known and len(close) == 1 and len(close[0]) >= 2:
            yield Edit(match.start("number"), match.end("number"), close[0], "議題の番号の聞き取り")


def _before_titles(text: str, titles: tuple[str, ...]) -> Iterator[Edit]:
    for place in {match.start() for title in titles for match in re.finditer(re.escape(title), text)}:
        match = _BEFORE_TITLE.search(text[max(0, place - 12) : place])
        if match:
            start = max(0, place - 12) + match.start("number")
            end = start + len(match["number"])
            yield Edit(start, end, _HEARD[match["number"]], "議題の番号の聞き取り")
