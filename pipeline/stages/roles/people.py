"""Clues that name people: introducing oneself, being called, speaking of one's own or of the secretariat's office."""

import re
from collections.abc import Sequence

from pipeline.stages.roles.calls import INTRODUCES
from pipeline.stages.roles.cast import Calling, Cast, Kind
from pipeline.stages.roles.clues import Clue, by_kind, for_role, quoted
from pipeline.stages.roles.readings import kana
from pipeline.stages.roles.scene import TurnView

CALLED_MEMBER, CALLED_ROLE, INTRODUCED = 4.5, 3.0, 4.5
GIVES_FLOOR, HANDS_TO_CHAIR, OWN_UNIT = 2.5, 2.5, 1.8
_UNIT = re.compile(r"(?:当|本|私ども?の?|うちの)(部|課|所|室|局|係|団体|会|校|社)")
OWN_ORGANISATION = 2.0
_HEAD = re.compile(r"(?:支部)?(?:会長|長|代表)$")
FIRST_SENTENCES = 4
"""Of a turn, in which people introduce themselves."""
SHORT_INTERJECTION = 12
"""Characters of a turn that does not take the floor it was given to somebody else."""


def naming_clues(view: TurnView, cast: Cast) -> list[Clue]:
    """What the turn's own words say of who speaks."""
    found = [*_introduces(view, cast), *_gives_floor(view, cast), *_own_unit(view, cast)]
    found += [*_own_organisation(view, cast), *_secretariat(view, cast)]
    if view.asks:
        weights = {Kind.OTHER: 1.1, Kind.DEPUTY: 1.0, Kind.CHAIR: 1.0, Kind.EXPLAINS: -1.2}
        detail = f"質問している{quoted(view.sentences[-1])}"
        found.append(Clue(view.index, "asks-question", by_kind(cast, weights), detail, lasting=True))
    return found


def _introduces(view: TurnView, cast: Cast) -> list[Clue]:
    for sentence in view.sentences[:FIRST_SENTENCES]:
        who = _who_it_is(sentence, cast)
        if who is not None:
            weights = for_role(cast, who.role, INTRODUCED)
            detail = f"{quoted(sentence)}と名乗っている"
            return [Clue(view.index, "introduces-oneself", weights, detail, lasting=True, member=who.member)]
    return []


def _who_it_is(sentence: str, cast: Cast) -> Calling | None:
    people = [calling for calling in cast.callings if calling.member is not None]
    for calling in sorted(people, key=lambda c: -len(c.text)):
        if _says_it_is(sentence, calling):
            return calling
    said = INTRODUCES.match(sentence)
    return None if said is None else _by_sound(said.group(1), people)


def _by_sound(said: str, people: Sequence[Calling]) -> Calling | None:
    """Whose family name the words end with as spoken: names are written wrong more often than they are misheard."""
    heard = kana(said)
    families = {c.member.name.split(" ")[0]: c for c in people if c.member is not None and c.member.name}
    alike = [c for family, c in families.items() if len(kana(family)) >= 2 and heard.endswith(kana(family))]
    return alike[0] if len(alike) == 1 else None


def _says_it_is(sentence: str, calling: Calling) -> bool:
    own = re.escape(calling.text)
    name = calling.member.name.split(" ")[0] if calling.member and calling.member.name else None
    named = rf"|{re.escape(name)}(?:です|でございます|と申し)" if name else ""
    return bool(re.match(rf"^.{{0,12}}?(?:{own}(?:の[^。、]{{1,6}})?(?:です|でございます|と申し){named})", sentence))


def _gives_floor(view: TurnView, cast: Cast) -> list[Clue]:
    call = view.call
    if call is None:
        return []
    if call.role is not None and cast.kinds[call.role] is Kind.CHAIR:
        weights = {Kind.EXPLAINS: HANDS_TO_CHAIR, Kind.DEPUTY: 0.5, Kind.OTHER: 0.5, Kind.CHAIR: -2.0}
        return [Clue(view.index, "hands-over", by_kind(cast, weights), f"{call.said}に進行を渡している")]
    weights = {Kind.CHAIR: GIVES_FLOOR * call.quality, Kind.DEPUTY: 1.0, Kind.EXPLAINS: -0.3, Kind.OTHER: -0.3}
    whom = call.said or "説明者"
    return [Clue(view.index, "gives-floor", by_kind(cast, weights), f"{whom}に発言を求めている")]


def _own_unit(view: TurnView, cast: Cast) -> list[Clue]:
    """「当部」 is said by somebody whose office (or the office stood in for) is of a 部."""
    units = {match.group(1) for match in _UNIT.finditer(view.text)}
    shares = [_share_of_unit(cast, role, units) for role in range(len(cast.names))]
    if not units or not any(shares):
        return []
    weights = tuple(OWN_UNIT * share for share in shares)
    detail = f"「当{'・'.join(sorted(units))}」と自らの部署を述べている"
    return [Clue(view.index, "own-office", weights, detail, lasting=True)]


def _own_organisation(view: TurnView, cast: Cast) -> list[Clue]:
    """「保健所の立場から」 is said by the head of that 保健所."""
    for calling in cast.callings:
        stem = _HEAD.sub("", calling.text)
        if calling.member is None or len(stem) < 3:
            continue
        match = re.search(
            rf"{re.escape(stem)}(?:会|所|局)?(?:の(?:立場|ほう|方)|からな|からで|としまし|といたし|として)", view.text
        )
        if match:
            detail = f"{quoted(match.group())}と自らの所属を述べている"
            weights = for_role(cast, calling.role, OWN_ORGANISATION)
            return [Clue(view.index, "own-organisation", weights, detail, lasting=True)]
    return []


def _share_of_unit(cast: Cast, role: int, units: set[str]) -> float:
    members = {calling.member for calling in cast.callings if calling.role == role and calling.member is not None}
    heads = [f"{m.office} {m.deputy_for or ''}" for m in members]
    if not heads:
        return 0.0
    return sum(any(f"{unit}長" in head for unit in units) for head in heads) / len(heads)


def _secretariat(view: TurnView, cast: Cast) -> list[Clue]:
    """Whoever speaks of the explaining side in the third person does not belong to it."""
    for calling in cast.callings:
        if cast.kinds[calling.role] is not Kind.EXPLAINS or len(calling.text) < 3:
            continue
        stem = re.sub(r"長$", "", calling.text)
        match = re.search(
            rf"(?<![一-龠]){re.escape(stem)}長?(?:さん)?(?:に|には|にも|のほう|の方|さん|へ)(?!お)", view.text
        )
        if match:
            weights = {Kind.OTHER: 1.0, Kind.DEPUTY: 0.8, Kind.CHAIR: 0.4, Kind.EXPLAINS: -0.8}
            detail = f"説明する側を外から{quoted(match.group())}と呼んでいる"
            return [Clue(view.index, "speaks-of-secretariat", by_kind(cast, weights), detail, lasting=True)]
    return []


def called_clues(views: Sequence[TurnView], cast: Cast) -> list[Clue]:
    """Whoever speaks after a call is, most likely, the one who was called."""
    found = []
    for view in views:
        answer = next_voice(views, view.index)
        if view.call is None or view.call.role is None or answer is None:
            continue
        call = view.call
        weight = (CALLED_MEMBER if call.member else CALLED_ROLE) * call.quality
        rule = "called-by-office" if call.member else "called-by-role"
        sure = "" if call.quality > 0.95 else "(聞き取りの近さから)"
        detail = f"直前に「{call.said}」と呼ばれている{sure}"
        weights = for_role(cast, call.role or 0, weight)
        found.append(Clue(answer.index, rule, weights, detail, lasting=True, member=call.member))
    return found


def next_voice(views: Sequence[TurnView], index: int) -> TurnView | None:
    """The next turn that takes the floor: not a short interjection after which somebody else goes on."""
    for ahead in views[index + 1 : index + 4]:
        following = views[ahead.index + 1] if ahead.index + 1 < len(views) else None
        passing = len(ahead.text) < SHORT_INTERJECTION and following is not None and len(following.text) > 60
        if ahead.voice != views[index].voice and not (passing and following and following.voice != views[index].voice):
            return ahead
    return None
