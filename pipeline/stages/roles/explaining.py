"""Which turns explain an agenda item: there, whoever speaks plays the explaining role."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

from pipeline.stages.roles.people import next_voice
from pipeline.stages.roles.scene import TurnView

PAPERS = re.compile(
    r"(?:資料|別紙|別添|お手元|次第|議案書|報告書|[0-9]+ページ)[^。]{0,24}"
    r"(?:ご覧(?:くだ|いた|願|頂)|御覧(?:くだ|いた|願|頂)|ご参照|により|に基づ|に沿って|をもとに|を用い)"
)
ANNOUNCES = re.compile(r"(?:説明|報告)(?:いた|申|させて)")
PROMISES = re.compile(r"(?:改めて|あらためて|後ほど|のちほど|後日|次回|また)[^。]{0,8}(?:説明|報告)")
CONTINUES_LEAST = 30
"""Characters: a shorter turn after an interjection is not taken for the rest of an explanation."""
INTERJECTION_MOST = 12
ASKED, STYLED, CONTINUED = 3.0, 2.0, 2.0
GOES_ON_MS = 1_000
"""Within this pause nobody else takes the floor after an explanation that has not ended."""
_OVER = re.compile(r"(?:以上|終わり|願い(?:いた)?し|ありがとうござい)[^。]{0,12}[。]?$")
_REPLIES = re.compile(r"^(?:はい|ありがと|どうも|では|それでは|質問|すみません|すいません|ただいま|只今|ご説明)")
ASKED_LEAST = 16
"""Characters an explanation has at least."""


@dataclass(frozen=True)
class Explaining:
    """How strongly (natural-log odds) a turn looks like the explanation of an item, and why."""

    weight: float
    detail: str


def explaining(views: Sequence[TurnView]) -> dict[int, Explaining]:
    """Turns (by index) that look like an explanation."""
    found: dict[int, Explaining] = {}
    for view in views:
        answer = next_voice(views, view.index)
        if view.call is not None and view.call.explain and _may_explain(answer):
            found[answer.index] = Explaining(ASKED, "議題の説明を求められた直後の発言")
    for view in views:
        styled = any(map(PAPERS.search, view.sentences[:3])) or any(map(_announces, view.sentences[:1]))
        if styled and not view.asks and len(view.text) >= 60:
            known = found.get(view.index)
            weight = STYLED + (known.weight if known else 0.0)
            detail = (f"{known.detail}、" if known else "") + "資料を示して説明する言い方"
            found[view.index] = Explaining(weight, detail)
        elif _continues(views, view, found):
            found.setdefault(view.index, Explaining(CONTINUED, "相づちを挟んで説明が続いている"))
        elif _goes_on(views, view, found):
            found.setdefault(view.index, Explaining(CONTINUED, "説明が終わらないうちに続けて話している"))
    return found


def _may_explain(answer: TurnView | None) -> TypeGuard[TurnView]:
    return answer is not None and len(answer.text) >= ASKED_LEAST and not answer.asks


def _announces(sentence: str) -> bool:
    return bool(ANNOUNCES.search(sentence)) and not PROMISES.search(sentence)


def _continues(views: Sequence[TurnView], view: TurnView, found: dict[int, Explaining]) -> bool:
    if view.index < 2 or len(view.text) < CONTINUES_LEAST or view.asks:
        return False
    between, before = views[view.index - 1], views[view.index - 2]
    short = len(between.text) <= INTERJECTION_MOST and not between.asks
    return short and before.voice == view.voice and before.index in found


def _goes_on(views: Sequence[TurnView], view: TurnView, found: dict[int, Explaining]) -> bool:
    """Whether the voice changes in the middle of an explanation: it is the same person, heard as another."""
    before = views[view.index - 1] if view.index else None
    if before is None or before.index not in found or view.asks or view.pause_ms > GOES_ON_MS:
        return False
    return not (_OVER.search(before.text) or _REPLIES.match(view.text) or before.asks or before.call)
