"""Minutes to the strings the form prints: pure, the same for every format, and deciding nothing of its own."""

import datetime
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Literal, TypeVar

from pipeline.records.base import Record
from pipeline.records.meeting import AgendaItem, OpennessOf
from pipeline.records.minutes import (
    UNKNOWN,
    Block,
    Decision,
    Explanation,
    Heading,
    Inaudible,
    Masked,
    Minutes,
    Speech,
)
from pipeline.render.attendance import Attendance, attendance
from pipeline.render.doubts import Doubts
from pipeline.render.form_folder import AS_WRITTEN, Typography
from pipeline.render.typography import (
    COLON,
    TILDE,
    bracketed,
    in_form,
    in_speech,
    printable,
    width_in_em,
    with_digits,
)
from pipeline.render.wareki import clock, elapsed, wareki

LOOK = "※"
"""Behind a role or decision that the clerk should check; only in drafts."""
_STATES = ("公開", "非公開", "一部非公開")
_NONE = bracketed("なし")
_PAIR = ("議案", "報告")
"""Kinds that the form lists side by side: where one is on the agenda, an absent other is printed as (なし)."""
_WIDEST_HANG = 8
"""A longer role does not push its speech to the right: half of the column would stay empty."""


class AgendaGroup(Record):
    """The items of one kind; no items print as (なし)."""

    kind: str
    none: str
    """(なし) when the kind has no items, else empty."""
    items: tuple[str, ...]
    """(1) title, (2) title …"""


class OpennessBoxes(Record):
    """□公開 ■非公開 □一部非公開, and the reason (empty when there is none to give)."""

    boxes: str
    reason: str


class PrintedBlock(Record):
    """One block of the body. first and more are the paragraphs of a speech; the others have first only."""

    kind: Literal["heading", "speech", "explanation", "decision", "inaudible", "withheld"]
    id: str
    at: str
    """Place in the recording, 00:12:31."""
    role: str = ""
    """Of a speech: role and mark."""
    colon: str = ""
    flagged: bool = False
    """The clerk should look (always False in a final document)."""
    note: str = ""
    """For the clerk: why it is flagged."""
    hang: float = 0
    """Of a speech: how far its lines after the first are indented, in full-width characters; 0: as styled."""
    first: str
    more: tuple[str, ...] = ()


class Section(Record):
    """An agenda item with what was said and decided about it; the words before the first item have no heading."""

    heading: str
    blocks: tuple[PrintedBlock, ...]
    """Of the body, but for headings and decisions."""
    decisions: tuple[PrintedBlock, ...]


class Form(Record):
    """Everything the form prints, as the templates see it under the name ``form``."""

    draft: bool
    title: str
    """Of the document, for its properties."""
    legend: str
    """What the marks of a draft mean; empty in a final document."""
    notes: tuple[str, ...]
    """Warnings for the clerk; empty in a final document."""
    name: str
    secretariat: str
    when: str
    place: str
    agenda: tuple[AgendaGroup, ...]
    meeting_openness: OpennessBoxes
    minutes_openness: OpennessBoxes
    attendance: tuple[Attendance, ...]
    opening: str
    body: tuple[PrintedBlock, ...]
    sections: tuple[Section, ...] = ()
    """The body again, for forms that are a table of agenda items."""
    closing: str
    handouts: tuple[str, ...]
    """One row each; 資料(1) title, or what is unknown."""
    doubts: tuple[str, ...] = ()
    """Of a copy for correcting: what to listen to at each place marked as doubtful (render/doubts.py), in order."""


def form_of(
    minutes: Minutes, *, final: bool = False, doubtful: bool = False, typography: Typography = AS_WRITTEN
) -> Form:
    """Lay the minutes out for printing. final leaves out the marks and notes for the clerk, but not 【要確認】 where a
    field is unknown: only a person can fill that. doubtful marks places that were heard badly (no final document)."""
    if doubtful and final:
        raise ValueError("a copy for correcting is never the final document")
    form = _for_correcting(minutes) if doubtful else _form(minutes, final)
    body = tuple(_typeset(block, typography) for block in form.body)
    laid_out = form.model_copy(update={"body": body, "sections": tuple(_sections(body))})
    return _in_digits(laid_out, typography.digits)


def _for_correcting(minutes: Minutes) -> Form:
    doubts = Doubts()
    body = tuple(_with_doubts(block, doubts) for block in minutes.body)
    form = _form(minutes.model_copy(update={"body": body}), final=False)
    legend = f"【校正用】色を付けた箇所は聞き取りが疑わしい語です。注釈の時刻の録音をお聞きください。{form.legend}"
    return form.model_copy(update={"title": f"【校正用】{form.title}", "legend": legend, "doubts": tuple(doubts.notes)})


def _with_doubts(block: Block, doubts: Doubts) -> Block:
    if not isinstance(block, Speech):
        return block
    paragraphs = tuple(
        tuple(s.model_copy(update={"text": doubts.marked(s)}) for s in paragraph) for paragraph in block.paragraphs
    )
    return block.model_copy(update={"paragraphs": paragraphs})


def _form(minutes: Minutes, final: bool) -> Form:
    closes = _closes(minutes, final)
    return Form(
        draft=not final,
        title=f"会議録 {in_form(minutes.name)}" if minutes.name else "会議録",
        legend=""
        if final
        else f"【草稿】{UNKNOWN}は分からなかった事項、{LOOK}は発言者の役職又は決定の確認をお願いする箇所です。",
        notes=() if final else tuple(_notes(minutes)),
        name=_known(minutes.name),
        secretariat=_known(minutes.secretariat),
        when=_when(minutes.date, minutes.opens, closes),
        place=_known(minutes.place),
        agenda=_agenda(minutes.agenda),
        meeting_openness=_openness(minutes.meeting_openness),
        minutes_openness=_openness(minutes.minutes_openness),
        attendance=attendance(minutes.roster),
        opening=f"[{_clock(minutes.opens)} 開会]",
        body=tuple(_block(block, final) for block in minutes.body if _says_something(block)),
        closing=f"[{closes} 閉会]",
        handouts=_handouts(minutes.handouts),
    )


def _known(text: str | None) -> str:
    return in_form(text or "") or UNKNOWN


def _clock(time: datetime.time | None) -> str:
    return UNKNOWN if time is None else clock(time)


def _closes(minutes: Minutes, final: bool) -> str:
    estimated = minutes.closes is not None and minutes.closes_estimated and not final
    return _clock(minutes.closes) + (UNKNOWN if estimated else "")


def _when(date: datetime.date | None, opens: datetime.time | None, closes: str) -> str:
    if date is None and opens is None and closes == UNKNOWN:
        return UNKNOWN
    day = UNKNOWN if date is None else wareki(date)
    hours = UNKNOWN if opens is None and closes == UNKNOWN else f"{_clock(opens)}{TILDE}{closes}"
    return day + hours


def _agenda(agenda: tuple[AgendaItem, ...]) -> tuple[AgendaGroup, ...]:
    if not agenda:
        return (AgendaGroup(kind=UNKNOWN, none="", items=()),)
    kinds = list(dict.fromkeys(item.kind for item in agenda))
    if any(kind in _PAIR for kind in kinds):
        kinds = [*_PAIR, *(kind for kind in kinds if kind not in _PAIR)]
    return tuple(_group(kind, [item for item in agenda if item.kind == kind]) for kind in kinds)


def _group(kind: str, items: list[AgendaItem]) -> AgendaGroup:
    lines = tuple(f"{bracketed(str(item.number))} {in_form(item.title)}" for item in items)
    return AgendaGroup(kind=in_form(kind), none="" if items else _NONE, items=lines)


def _openness(given: OpennessOf) -> OpennessBoxes:
    boxes = " ".join(f"{'■' if state == given.state else '□'}{state}" for state in _STATES)
    if given.state is None:
        return OpennessBoxes(boxes=f"{boxes} {UNKNOWN}", reason="")
    return OpennessBoxes(boxes=boxes, reason="" if given.state == "公開" else _known(given.reason))


def _handouts(titles: tuple[str, ...]) -> tuple[str, ...]:
    if not titles:
        return (UNKNOWN,)
    return tuple(f"資料{bracketed(str(number))} {in_form(title)}" for number, title in enumerate(titles, 1))


def _says_something(block: Block) -> bool:
    """A turn whose text was taken out keeps its words in the record and is not printed."""
    if not isinstance(block, Speech):
        return True
    return any(printable(sentence.text) for paragraph in block.paragraphs for sentence in paragraph)


def _block(block: Block, final: bool) -> PrintedBlock:
    match block:
        case Speech():
            return _speech(block, final)
        case Heading() | Explanation():
            return PrintedBlock(kind=block.kind, id=block.id, at=elapsed(block.start_ms), first=in_form(block.text))
        case Decision():
            look = block.inferred and not final
            return PrintedBlock(
                kind="decision",
                id=block.id,
                at=elapsed(block.start_ms),
                flagged=look,
                note=f"{elapsed(block.start_ms)} 決定を述べる言葉は見つからず、前後の発言から推定しました。"
                if look
                else "",
                first=in_form(block.text) + (LOOK if look else ""),
            )
        case Masked():
            return PrintedBlock(kind="withheld", id=block.id, at="", first=in_form(block.text))
        case Inaudible():
            at = elapsed(block.span.start_ms)
            return PrintedBlock(kind="inaudible", id=block.id, at=at, first=f"【聞き取り不能 {at}】")


def _speech(speech: Speech, final: bool) -> PrintedBlock:
    paragraphs = [text for paragraph in speech.paragraphs if (text := _paragraph(s.text for s in paragraph))]
    look = speech.flagged and not final
    return PrintedBlock(
        kind="speech",
        id=speech.id,
        at=elapsed(speech.start_ms),
        role=in_form(speech.role) + (LOOK if look else ""),
        colon=COLON,
        flagged=look,
        note=_why(speech) if look else "",
        first=paragraphs[0] if paragraphs else "",
        more=tuple(paragraphs[1:]),
    )


def _paragraph(sentences: Iterator[str]) -> str:
    return "".join(in_speech(sentence) for sentence in sentences)


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


def _typeset(block: PrintedBlock, typography: Typography) -> PrintedBlock:
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


def _why(speech: Speech) -> str:
    """What the guess of the role rests on, strongest evidence first."""
    reasons = sorted(speech.evidence, key=lambda evidence: -abs(evidence.weight))
    told = "、".join(printable(evidence.detail) for evidence in reasons[:3]) or "手掛かりは見つかりませんでした"
    return (
        f"{elapsed(speech.start_ms)} 役職の推定「{in_form(speech.role)}」の確からしさ{speech.confidence:.0%}。{told}。"
    )


def _notes(minutes: Minutes) -> Iterator[str]:
    for warning in minutes.warnings:
        at = "" if warning.start_ms is None else f"{elapsed(warning.start_ms)} "
        yield at + printable(warning.text)
