"""Minutes with one of everything, to try a template on."""

from pipeline.records.base import Span
from pipeline.records.meeting import AgendaItem, OpennessOf
from pipeline.records.minutes import (
    Decision,
    Explanation,
    Heading,
    Inaudible,
    Masked,
    Minutes,
    Sentence,
    Speech,
)
from pipeline.render.context import form_of
from pipeline.render.form import Form

_ITEM = AgendaItem(kind="報告", number=1, title="件名")
_SAID = Sentence(text="はい。", start_ms=0, end_ms=1, words=())
_SPEECH = Speech(
    id="b1",
    role="委員",
    speaker="S01",
    confidence=0.1,
    flagged=True,
    paragraphs=((_SAID,), (_SAID,)),
    start_ms=0,
    end_ms=1,
)


def example() -> Form:
    """A draft in which every field, mark and kind of block occurs."""
    return form_of(
        Minutes(
            name="会議",
            secretariat="課",
            date=None,
            opens=None,
            closes=None,
            place=None,
            agenda=(_ITEM,),
            meeting_openness=OpennessOf(state="非公開", reason="理由"),
            minutes_openness=OpennessOf(),
            roster=(),
            handouts=("資料",),
            body=(
                _SPEECH,
                Heading(id="b2", item=_ITEM, text="報告案件(1) 件名", start_ms=0),
                Explanation(id="b3", item=_ITEM, text="〔説明〕", speech=(_SPEECH,), start_ms=0, end_ms=1),
                Inaudible(id="b4", span=Span(start_ms=0, end_ms=1)),
                Masked(id="b5", text="非公開"),
                Decision(id="b6", text="―了承―", inferred=True, start_ms=0),
            ),
            duration_ms=1,
        )
    )
