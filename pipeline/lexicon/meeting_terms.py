"""Terms from what is known of the meeting: its name, offices, people, agenda and the clerk's own terms."""

import re
from collections.abc import Iterator

from pipeline.lexicon.extract import phrases, spoken
from pipeline.lexicon.japanese import name_readings, reading_of
from pipeline.lexicon.kana import spoken_number
from pipeline.lexicon.terms import Term, make_term
from pipeline.records.meeting import Meeting

_POST = re.compile("(?:(?:課|部|係|局|室|次|館|所|署|センター|園|校)長|理事|参事|主幹|主査)$")
_SURE, _LIKELY, _POSSIBLE = 1.0, 0.8, 0.5


def from_meeting(meeting: Meeting) -> tuple[Term, ...]:
    """Whole titles and their parts. Own terms weigh most, parts of titles least."""
    found: list[Term | None] = [make_term(written, reading, "meeting", _SURE) for written, reading in meeting.terms]
    for written, reading in _names(meeting):
        found.append(make_term(written, reading, "meeting", _SURE))
    for office in _offices(meeting):
        found.append(make_term(spoken(office), None, "meeting", _LIKELY))
        found += [make_term(part, None, "meeting", _POSSIBLE) for part in phrases(office)]
    for item in meeting.agenda:
        kind, number = reading_of(item.kind), f"ダイ{spoken_number(item.number)}ゴウ"
        found.append(make_term(f"{item.kind}第{item.number}号", kind + number, "meeting", _LIKELY))
        found.append(make_term(f"第{item.number}号{item.kind}", number + kind, "meeting", _LIKELY))
    for title in _titles(meeting):
        found.append(make_term(spoken(title), None, "meeting", _LIKELY))
        found += [make_term(part, None, "meeting", _POSSIBLE) for part in phrases(title)]
    return tuple(term for term in found if term is not None)


def _names(meeting: Meeting) -> Iterator[tuple[str, str]]:
    """Family names with each reading they may have, alone and as people are called and introduce themselves (佐藤委員,
    総務課長の佐藤): the longer phrase tells a name from other words of the same sound."""
    for role in meeting.roster:
        for member in role.members:
            if not member.name:
                continue
            family = member.name.replace("\u3000", " ").split(" ")[0]
            for reading in name_readings(family):
                yield family, reading
                for called in dict.fromkeys(_called(member.office, role.role)):
                    yield f"{family}{called}", reading + reading_of(called)
                places = [spoken(introduced) for introduced in _introduced(member.office, role.role)]
                for written, said in [("", ""), *((f"{place}の", f"{reading_of(place)}ノ") for place in places)]:
                    yield f"{written}{family}です", f"{said}{reading}デス"
                    yield f"{written}{family}でございます", f"{said}{reading}デゴザイマス"


def _called(office: str, role: str) -> Iterator[str]:
    """What a person is addressed by behind the name: 佐藤さん, 佐藤会長, 鈴木委員, 総務課長 as 高橋課長."""
    yield "さん"
    post = _POST.search(spoken(office))
    if post:
        yield post.group()
    elif role.endswith(("長", "委員", "議員", "部員", "監", "代理")):
        yield role
        yield "委員"


def _introduced(office: str, role: str) -> Iterator[str]:
    """What people say they are before the name: 総務課長の高橋, 課長の高橋."""
    post = _POST.search(spoken(office))
    yield from dict.fromkeys((office, *((post.group(),) if post else ()), role))


def _offices(meeting: Meeting) -> Iterator[str]:
    for role in meeting.roster:
        yield role.role
        for member in role.members:
            yield member.office
            if member.deputy_for:
                yield member.deputy_for
    if meeting.secretariat:
        yield meeting.secretariat


def _titles(meeting: Meeting) -> Iterator[str]:
    if meeting.name:
        yield meeting.name
    for item in meeting.agenda:
        yield item.title
    yield from meeting.handouts
    if meeting.place:
        yield meeting.place
