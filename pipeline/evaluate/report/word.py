"""summary.docx: the result on one page, to be filed or circulated."""

import datetime
from typing import Any

from pipeline.evaluate.claim import profile_label
from pipeline.evaluate.metrics.critical import LABELS
from pipeline.evaluate.metrics.dimensions import LABELS as DIMENSIONS
from pipeline.evaluate.report import words
from pipeline.evaluate.results import Evaluation, SystemScores
from pipeline.store.packages import word_file

_FONT = "ＭＳ 明朝"
_HEADING_FONT = "ＭＳ ゴシック"
_MOST_SYSTEMS = 4
_MOST_CONDITIONS = 6
_MOST_ERRORS = 5
_LONG_AGO = datetime.datetime(1980, 1, 1)
Row = tuple[str, ...]


def summary(evaluation: Evaluation) -> bytes:
    """The file's bytes; the same evaluation gives the same bytes. What does not fit one page is left to the HTML."""
    import docx

    document = docx.Document()
    _page(document)
    _heading(document, "音声認識の測定結果（要旨）", 16)
    _table(document, _facts(evaluation), (35, 130), first_bold=True)
    for system in evaluation.systems[:_MOST_SYSTEMS]:
        if len(evaluation.systems) > 1:
            _heading(document, system.name, 11)
        _system(document, system, brief=len(evaluation.systems) > 1)
    for test in evaluation.paired[:3]:
        _paragraph(document, words.paired_line(test))
    _heading(document, "この数字の読み方", 11)
    _paragraph(document, words.TWO_FIGURES)
    return word_file(document)


def _facts(evaluation: Evaluation) -> list[Row]:
    rows: list[Row] = [("件名", evaluation.title), ("測定日", f"{evaluation.made_at:%Y年%m月%d日}")]
    if evaluation.reference:
        rows.append(("正解", evaluation.reference))
        rows.append(("数え方", profile_label(evaluation.profile)))
    if evaluation.corrected:
        rows.append(("完成した会議録", evaluation.corrected))
    return rows


def _system(document: Any, system: SystemScores, brief: bool) -> None:
    _paragraph(document, words.headline(system))
    if system.main and system.effort:
        _paragraph(document, words.effort_line(system.effort))
    if system.claim:
        claimed = f"主張された認識率{system.claim.claimed:g}%について："
        _paragraph(document, claimed + system.claim.overall.words, bold=True)
    if brief:
        return
    rows: list[Row] = [
        (profile_label(rate.profile), words.percent(rate.percent), words.interval(rate)) for rate in system.rates
    ]
    rows += _conditions(system)
    if rows:
        _table(document, [("数え方・条件", "認識率", "95%信頼区間"), *rows], (85, 35, 45), header=True)
    if system.critical:
        counted = "、".join(f"{LABELS[kind.kind]}{kind.total}件中{kind.wrong}件" for kind in system.critical.kinds)
        _paragraph(document, f"重大な誤り：{counted}。")
        for error in system.critical.errors[:_MOST_ERRORS]:
            place = f"{words.clock(error.start_ms)}　" if error.start_ms is not None else ""
            _paragraph(document, f"　{place}「{error.told or '―'}」→「{error.heard or '―'}」")
    if system.roles:
        _paragraph(document, f"役職が正しい文字：{words.share(system.roles.by_characters)}。")


def _conditions(system: SystemScores) -> list[Row]:
    """Roles and sound first: what the room can change. The largest groups where there are too many."""
    groups = [group for group in system.groups if group.dimension in ("role", "snr", "level")]
    kept = sorted(groups, key=lambda group: -group.rate.counts.reference)[:_MOST_CONDITIONS]
    return [
        (f"{DIMENSIONS[g.dimension]} {g.name}", words.percent(g.rate.percent), words.interval(g.rate))
        for g in groups
        if g in kept
    ]


def _page(document: Any) -> None:
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(18)
    style = document.styles["Normal"]
    style.font.size = Pt(10)
    style.paragraph_format.space_after = Pt(4)
    style.paragraph_format.line_spacing = 1.15
    _set_font(style.element.get_or_add_rPr(), _FONT)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = "音声認識の測定結果", "", ""
    properties.created = properties.modified = _LONG_AGO
    properties.language = "ja-JP"


def _set_font(properties: Any, name: str) -> None:
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(script), name)


def _heading(document: Any, text: str, points: int) -> None:
    from docx.shared import Pt, RGBColor

    paragraph = document.add_heading(text, level=1 if points > 12 else 2)
    paragraph.paragraph_format.space_before = Pt(0 if points > 12 else 6)
    paragraph.paragraph_format.space_after = Pt(4)
    for run in paragraph.runs:
        run.font.size = Pt(points)
        run.font.color.rgb = RGBColor(0, 0, 0)
        _set_font(run._r.get_or_add_rPr(), _HEADING_FONT)


def _paragraph(document: Any, text: str, bold: bool = False) -> None:
    document.add_paragraph().add_run(text).bold = bold


def _table(
    document: Any, rows: list[Row], widths: tuple[int, ...], header: bool = False, first_bold: bool = False
) -> None:
    from docx.shared import Mm, Pt

    table = document.add_table(rows=0, cols=len(widths))
    table.style = "Table Grid"
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for number, row in enumerate(rows):
        for place, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
            cell.width = Mm(widths[place])
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
            cell.paragraphs[0].add_run(text).bold = (header and number == 0) or (first_bold and place == 0)
    document.add_paragraph().paragraph_format.space_after = Pt(0)
