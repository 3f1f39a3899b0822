"""Clues from who speaks after whom, given which voices are supposed to chair."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from pipeline.stages.roles.cast import Cast, Kind
from pipeline.stages.roles.clues import Clue, by_kind
from pipeline.stages.roles.explaining import Explaining
from pipeline.stages.roles.scene import TurnView

_INVITES = re.compile(
    r"(?:質問|意見|質疑|発言|ほか|他|何か|一言)[^。]{0,30}(?:ございますか|ございません|ありますか|ありません|いらっしゃ|ある(?:方|かた)|お受け|いかが|"
    r"お聞かせ|お願い|でしょうか|ますか)"
)
_ROUND = re.compile(
    r"(?:一言|ひとこと|お?一人|順番|順に|各(?:委員|部|課|位)|皆(?:様|さん)から|みな(?:様|さま|さん)から|出席者から)"
)
_ROUND_OVER = re.compile(r"意見[^。]{0,12}ありがとうございました|(?:案件|議題|報告|審議)は以上|以上で(?:本日|今日)")
_VIEW = re.compile(r"お考え|ご?見解|ご?意見|ご?感想|どう(?:思|お考え)|いかがお")
_STOPS = str.maketrans("", "", "。、，．")
"""Recognition puts full stops where the speaker only breathed."""
_NEXT_ITEM = re.compile(r"(?:次の|件目|日程第|続きまして|次第)[^。]{0,40}(?:議題|議案|報告|案件|について|説明)")


def dialogue_clues(
    views: Sequence[TurnView], chairs: frozenset[str], explains: Mapping[int, Explaining], cast: Cast
) -> list[Clue]:
    """Clues of every turn that is not a chair's, from what was said before it."""
    found: list[Clue] = []
    in_round = False
    for before, view in pairwise(views):
        led = before.voice in chairs
        if led:
            in_round = _round_goes_on(before, in_round)
        if view.voice in chairs or view.index in explains:
            continue
        found.extend(_after(before, view, led, in_round, views, cast))
    return found


def _round_goes_on(view: TurnView, in_round: bool) -> bool:
    text = view.text.translate(_STOPS)
    if (_NEXT_ITEM.search(text) and view.call is not None) or _ROUND_OVER.search(text):
        return False
    return in_round or bool(_ROUND.search(text) and _INVITES.search(text))


def _after(
    before: TurnView, view: TurnView, led: bool, in_round: bool, views: Sequence[TurnView], cast: Cast
) -> list[Clue]:
    last = "".join(before.sentences[-2:]).translate(_STOPS)
    invited = led and bool(_INVITES.search(last)) and before.call is None
    if invited and not _is_no(view.text):
        weights = {Kind.OTHER: 1.4, Kind.DEPUTY: 1.2, Kind.EXPLAINS: -0.8}
        return [
            Clue(view.index, "answers-invitation", by_kind(cast, weights), "質問や意見を求められて発言している", True)
        ]
    if before.asks and not view.asks:
        return _answer(before, view, led, in_round, views, cast)
    if in_round and not before.asks:
        weights = {Kind.OTHER: 1.0, Kind.DEPUTY: 0.8, Kind.EXPLAINS: -0.4}
        return [Clue(view.index, "speaks-in-round", by_kind(cast, weights), "出席者が順に意見を述べる中での発言", True)]
    return []


def _is_no(text: str) -> bool:
    return len(text) <= 14


def _answer(
    before: TurnView, view: TurnView, led: bool, in_round: bool, views: Sequence[TurnView], cast: Cast
) -> list[Clue]:
    asked_back = view.index >= 2 and views[view.index - 2].voice == view.voice
    if led and asked_back:
        return []  # the chair goes on with whoever spoke: says nothing of his role
    if led and (in_round or _VIEW.search("".join(before.sentences[-2:]))):
        weights = {Kind.OTHER: 0.6, Kind.DEPUTY: 0.4, Kind.EXPLAINS: 0.2}
        return [Clue(view.index, "answers-chair", by_kind(cast, weights), "考えを問われて答えている", lasting=True)]
    weights = {Kind.EXPLAINS: 0.7 if led else 1.1, Kind.OTHER: -0.2, Kind.DEPUTY: -0.3}
    return [Clue(view.index, "answers-question", by_kind(cast, weights), "直前の質問に答えている", lasting=True)]
