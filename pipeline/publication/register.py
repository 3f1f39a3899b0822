"""The register of what was withheld, on which ground and by whom: a workbook for the office's own file, never part of
the public copy."""

import datetime
import io
from collections.abc import Iterator
from itertools import groupby

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.publication.withheld_words import WithheldWords, withheld_words
from pipeline.records.base import Record, elapsed
from pipeline.records.minutes import Minutes
from pipeline.store.packages import EARLIEST, without_clock

NAME = "非公開箇所一覧.xlsx"
_HEAD = ("番号", "区分", "所在", "録音の位置", "非公開とした内容", "根拠", "決定者", "決定日")
_WIDTHS = (6, 10, 18, 20, 70, 34, 16, 14)


class Entry(Record):
    """One decision to withhold."""

    scope: str
    where: str
    times: str
    """00:01:02-00:01:05, several after one another; empty for what is not said."""
    text: str
    ground: str
    by: str
    on: datetime.date | None


def entries(minutes: Minutes) -> Iterator[Entry]:
    """One for each mark, in the order of the minutes; a block's sentences and a name's places are taken together."""
    for _, group in groupby(withheld_words(minutes), key=_decision):
        words = list(group)
        first = words[0]
        said = [word for word in words if word.span is not None]
        yield Entry(
            scope=first.scope,
            where=first.where,
            times="、".join(dict.fromkeys(map(_time, said))),
            text=first.text if first.scope == "氏名等" else "".join(word.text for word in words),
            ground=first.mark.ground,
            by=first.mark.by,
            on=first.mark.on,
        )


def register(minutes: Minutes) -> bytes:
    """The workbook; the same minutes give the same bytes."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "非公開箇所一覧"
    _row(sheet, (f"非公開箇所一覧(内部用) {minutes.name or ''}",))
    _row(sheet, _HEAD)
    for number, entry in enumerate(entries(minutes), 1):
        decided = "" if entry.on is None else entry.on.isoformat()
        told = (entry.scope, entry.where, entry.times, entry.text, entry.ground, entry.by, decided)
        _row(sheet, (str(number), *told))
    _set(sheet)
    long_ago = datetime.datetime(*EARLIEST)
    book.properties.creator = ""
    book.properties.created = book.properties.modified = long_ago
    written = io.BytesIO()
    book.save(written)
    return without_clock(written.getvalue())


def _decision(words: WithheldWords) -> tuple[object, ...]:
    place = words.span if words.scope == "語句" else None
    where = "" if words.scope == "氏名等" else words.where
    return words.scope, words.mark, where, place


def _time(words: WithheldWords) -> str:
    assert words.span is not None
    return f"{elapsed(words.span.start_ms)}-{elapsed(words.span.end_ms)}"


def _row(sheet: Worksheet, values: tuple[str, ...]) -> None:
    """As text, so that a spreadsheet takes nothing that was said for a formula."""
    number = sheet.max_row + 1 if sheet.max_row > 1 or sheet.cell(1, 1).value is not None else 1
    for column, value in enumerate(values, 1):
        cell = sheet.cell(number, column)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=number > 1, vertical="top")


def _set(sheet: Worksheet) -> None:
    for letter, width in zip("ABCDEFGH", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for cell in (*sheet[1], *sheet[2]):
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:2"
