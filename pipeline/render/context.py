"""Minutes to the strings the form prints: pure, the same for every format, and deciding nothing of its own."""

import datetime
from collections.abc import Iterator

from pipeline.records.base import elapsed
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
from pipeline.render.attendance import attendance
from pipeline.render.doubts import Doubts
from pipeline.render.form import LOOK, AgendaGroup, Form, OpennessBoxes, PrintedBlock
from pipeline.render.form_folder import AS_WRITTEN, Typography
from pipeline.render.typeset import typeset
from pipeline.render.typography import (
    COLON,
    TILDE,
    bracketed,
    in_form,
    in_speech,
    printable,
)
from pipeline.render.wareki import clock, wareki

_STATES = ("公開", "非公開", "一部非公開")
_NONE = bracketed("なし")
_PAIR = ("議案", "報告")
"""Kinds that the form lists side by side: where one is on the agenda, an absent other is printed as (なし)."""


def form_of(
    minutes: Minutes, *, final: bool = False, doubtful: bool = False, typography: Typography = AS_WRITTEN
) -> Form:
    """Lay the minutes out for printing. final leaves out the marks and notes for the clerk, but not 【要確認】 where a
    field is unknown: only a person can fill that. doubtful marks places that were heard badly (no final document)."""
    if doubtful and final:
        raise ValueError("a copy for correcting is never the final document")
    form = _for_correcting(minutes) if doubtful else _form(minutes, final)
    return typeset(form, typography)


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


def what_is_open(minutes: Minutes) -> Iterator[str]:
    """What a person has not settled yet, in Japanese: a final document no longer shows some of it."""
    unknown = _form(minutes, final=True).model_dump_json().count(UNKNOWN)
    flagged = sum(block.flagged for block in _form(minutes, final=False).body)
    unheard = sum(isinstance(block, Inaudible) for block in minutes.body)
    counted = (
        (unknown, f"{UNKNOWN}が{unknown}か所残っています"),
        (flagged, f"役職又は決定を確かめていない箇所が{flagged}か所あります"),
        (unheard, f"聞き取れていない発言が{unheard}か所あります"),
        (minutes.closes_estimated, "閉会時刻は録音の長さからの推定です"),
    )
    yield from (text for count, text in counted if count)


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
