"""figures.csv and errors.csv: every figure and every listed error as rows, for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator

from pipeline.evaluate.corpus import CorpusEvaluation
from pipeline.evaluate.metrics import critical, dimensions
from pipeline.evaluate.metrics.rates import Rate
from pipeline.evaluate.report.words import clock
from pipeline.evaluate.results import Evaluation, SystemScores

Cell = str | int | float | None
_FIGURES = ("製品", "項目", "区分", "数え方", "値(%)", "95%下限", "95%上限", "誤り", "全体", "単位")
_ERRORS = ("製品", "種類", "箇所", "正解", "出力", "回数", "前後")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def figures_csv(evaluation: Evaluation) -> str:
    """Rates with their intervals per profile and condition, roles, speakers, critical errors and edit effort."""
    return _csv(_FIGURES, (row for system in evaluation.systems for row in _figures(system)))


def errors_csv(evaluation: Evaluation) -> str:
    """Critical errors, confusions, lost and invented stretches."""
    return _csv(_ERRORS, (row for system in evaluation.systems for row in _errors(system)))


def meetings_csv(found: CorpusEvaluation) -> str:
    """The figures of every meeting, one after the other, the meeting in the first column."""
    rows = ((meeting.title, *row) for meeting in found.meetings for s in meeting.systems for row in _figures(s))
    return _csv(("会議", *_FIGURES), rows)


def _figures(system: SystemScores) -> Iterator[tuple[Cell, ...]]:
    for rate in system.rates:
        yield _rate(system.name, "認識率", "全体", rate)
    for group in system.groups:
        yield _rate(system.name, "認識率", f"{dimensions.LABELS[group.dimension]} {group.name}", group.rate)
    if roles := system.roles:
        yield (system.name, "役職の正しさ", "文字", None, *_share(roles.characters_right, roles.characters, "字"))
        yield (system.name, "役職の正しさ", "発言", None, *_share(roles.turns_right, roles.turns, "件"))
    for speaker in system.speakers:
        wrong = _share(speaker.errors, speaker.reference, "字")
        yield (system.name, f"{speaker.name}CER", "全体", None, *wrong)
    if system.diarization and system.diarization.der is not None:
        yield system.name, "DER", "全体", None, _round(100 * system.diarization.der), None, None, None, None, None
        yield system.name, "JER", "全体", None, _round(100 * system.diarization.jer), None, None, None, None, None
    for kind in system.critical.kinds if system.critical else ():
        yield (system.name, "重大な誤り", critical.LABELS[kind.kind], None, *_share(kind.wrong, kind.total, "件"))
    if effort := system.effort:
        changed = _share(effort.characters.errors, effort.characters.reference, "字")
        yield (system.name, "修正量", "文字", effort.characters.profile, *changed)
        yield (system.name, "修正量", "発言", None, *_share(effort.turns_changed, effort.turns, "件"))


def _rate(name: str, what: str, part: str, rate: Rate) -> tuple[Cell, ...]:
    low, high = (rate.interval.low, rate.interval.high) if rate.interval else (None, None)
    counts = rate.counts
    return (
        name,
        what,
        part,
        rate.profile,
        _round(rate.percent),
        _round(low),
        _round(high),
        counts.errors,
        counts.reference,
        "字",
    )


def _share(part: int, whole: int, unit: str) -> tuple[Cell, ...]:
    return _round(100 * part / whole) if whole else None, None, None, part, whole, unit


def _errors(system: SystemScores) -> Iterator[tuple[Cell, ...]]:
    for error in system.critical.errors if system.critical else ():
        label = critical.LABELS[error.kind]
        yield system.name, label, clock(error.start_ms), error.told, error.heard, 1, error.context
    for c in system.confusions:
        place = clock(c.moments_ms[0]) if c.moments_ms else ""
        yield system.name, "取り違え", place, c.told, c.heard, c.count, ""
    for run in system.runs:
        lost = run.kind == "lost"
        told, heard = (run.text, "") if lost else ("", run.text)
        yield system.name, "聞き落とし" if lost else "作り出し", clock(run.start_ms), told, heard, 1, ""


def _csv(header: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> str:
    """UTF-8 with the mark that Excel wants; what was said never becomes a formula there."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(header)
    table.writerows([_plain(cell) for cell in row] for row in rows)
    return "\ufeff" + written.getvalue()


def _plain(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
