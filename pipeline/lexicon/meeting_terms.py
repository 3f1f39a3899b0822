"""Terms from what is known of the meeting: its name, offices, people, agenda and the clerk's own terms."""

from collections.abc import Iterator

from pipeline.lexicon.extract import phrases, spoken
from pipeline.lexicon.terms import Term, make_term
from pipeline.records.meeting import Meeting

_SURE, _LIKELY, _POSSIBLE = 1.0, 0.8, 0.5


def from_meeting(meeting: Meeting) -> tuple[Term, ...]:
    """Whole titles and their parts. Own terms weigh most, parts of titles least."""
    found: list[Term | None] = [make_term(written, reading, "meeting", _SURE) for written, reading in meeting.terms]
    for name in _names(meeting):
        found.append(make_term(name, None, "meeting", _SURE))
    for office in _offices(meeting):
        found.append(make_term(spoken(office), None, "meeting", _LIKELY))
        found += [make_term(part, None, "meeting", _POSSIBLE) for part in phrases(office)]
    for title in _titles(meeting):
        found.append(make_term(spoken(title), None, "meeting", _LIKELY))
        found += [make_term(part, None, "meeting", _POSSIBLE) for part in phrases(title)]
    return tuple(term for term in found if term is not None)


def _names(meeting: Meeting) -> Iterator[str]:
    for role in meeting.roster:
        for member in role.members:
            if member.name:
                yield member.name
                yield from member.name.replace("\u3000", " ").split(" ")[:1]


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
