"""What stands where in the body: headings, explanations and decisions per agenda item, and the doubts about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.records.meeting import AgendaItem, Meeting
from pipeline.records.minutes import Warning
from pipeline.stages.composition import phrases
from pipeline.stages.composition.agenda import SURE, Beginning, beginnings
from pipeline.stages.composition.decisions import Decided, decisions
from pipeline.stages.composition.explanations import Explained, explanation
from pipeline.stages.composition.lines import Line

INFERRED = "了承"
_REPORT = "報告"


@dataclass(frozen=True)
class Section:
    """One agenda item: it begins before the sentence numbered start and ends before end. item is None where the agenda
    is not known and the whole meeting is one section."""

    item: AgendaItem | None
    start: int
    end: int
    explained: Explained | None
    decided: tuple[Decided, ...]


@dataclass(frozen=True)
class Plan:
    sections: tuple[Section, ...]
    warnings: tuple[Warning, ...]


def plan(lines: Sequence[Line], meeting: Meeting, *, infer: bool, unasked_ms: int) -> Plan:
    """Find every item's beginning, explanation and decision. Decisions before the first item are not looked for: they
    are about the agenda or the last minutes."""
    if not meeting.agenda:
        whole = Section(None, 0, len(lines), None, decisions(lines, 0, len(lines)))
        return Plan((whole,), tuple(_put_only(lines, whole)))
    found = beginnings(lines, meeting.agenda)
    ends = [*(later.line for later in found[1:]), len(lines)][: len(found)]
    warnings = _doubts(lines, meeting.agenda, found) if lines else []
    sections = []
    for beginning, end in zip(found, ends, strict=True):
        section = _section(lines, beginning, end, infer, unasked_ms)
        sections.append(section)
        warnings += _explanation_doubts(lines, section) + _decision_doubts(lines, section)
    return Plan(tuple(sections), tuple(warnings))


def _section(lines: Sequence[Line], beginning: Beginning, end: int, infer: bool, unasked_ms: int) -> Section:
    item, start = beginning.item, beginning.line
    explained = explanation(lines, start, end, unasked_ms)
    after = explained.end if explained else start
    decided = decisions(lines, after, end)
    if not decided and infer and item.kind == _REPORT:
        last = _before_closing(lines, after, end)
        decided = (Decided(INFERRED, last - 1, inferred=True),) if last > start else ()
    return Section(item, start, end, explained, decided)


def _before_closing(lines: Sequence[Line], start: int, end: int) -> int:
    """Where the item is over: before the chair's words that close the meeting (at the last item), else at its end."""
    for at in range(start, end):
        if lines[at].chair and phrases.CLOSES.search(lines[at].reading):
            return at
    return end


def _label(item: AgendaItem) -> str:
    return f"「{item.label} {item.title}」"


def _doubts(lines: Sequence[Line], agenda: Sequence[AgendaItem], found: Sequence[Beginning]) -> list[Warning]:
    begun = {beginning.item for beginning in found}
    warnings = [
        Warning(
            code="heading-missing",
            text=f"議題{_label(item)}がどこで始まったか見つけられませんでした。見出しを入れてください。",
        )
        for item in agenda
        if item not in begun
    ]
    warnings += [
        Warning(
            code="heading-unsure",
            text=f"議題{_label(beginning.item)}の見出しの位置は推定です。ご確認ください。",
            start_ms=lines[beginning.line].sentence.start_ms,
        )
        for beginning in found
        if beginning.score < SURE
    ]
    return warnings


def _explanation_doubts(lines: Sequence[Line], section: Section) -> list[Warning]:
    explained = section.explained
    assert section.item is not None
    label = _label(section.item)
    if explained is None:
        asked = any(
            line.chair and phrases.ASKS_EXPLANATION.search(line.reading) for line in lines[section.start : section.end]
        )
        text = f"{label}の説明にあたる発言を特定できなかったため、全文を印字しています。"
        at = lines[section.start].sentence.start_ms
        return [Warning(code="explanation-missing", text=text, start_ms=at)] if asked else []
    warnings = []
    start_ms, end_ms = lines[explained.start].sentence.start_ms, lines[explained.end - 1].sentence.end_ms
    if not explained.asked:
        text = f"{label}の説明は、会長等が求めた言葉がないまま推定しました。ご確認ください。"
        warnings.append(Warning(code="explanation-unasked", text=text, start_ms=start_ms))
    if not explained.ended:
        text = f"{label}の説明に終わりの言葉がありません。印字すべき補足が含まれていないかご確認ください。"
        warnings.append(Warning(code="explanation-end-unsure", text=text, start_ms=end_ms))
    if explained.cut:
        text = f"{label}の説明が終わった後の続きは、補足として印字しています。"
        warnings.append(Warning(code="explanation-addition", text=text, start_ms=end_ms))
    return warnings


def _decision_doubts(lines: Sequence[Line], section: Section) -> list[Warning]:
    assert section.item is not None
    label = _label(section.item)
    if not section.decided:
        at = lines[section.end - 1].sentence.start_ms
        text = f"{label}の結論を述べた言葉が見つかりませんでした。必要なら書き入れてください。"
        return [Warning(code="decision-missing", text=text, start_ms=at)]
    return _put_only(lines, section)


def _put_only(lines: Sequence[Line], section: Section) -> list[Warning]:
    label = _label(section.item) if section.item else "会議"
    return [
        Warning(
            code="decision-inferred",
            text=f"{label}の「{decided.text}」は推定です(はっきり述べた言葉がありません)。ご確認ください。",
            start_ms=lines[decided.line].sentence.end_ms,
        )
        for decided in section.decided
        if decided.inferred
    ]
