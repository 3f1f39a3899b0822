"""Printed text and the text it was printed from, compared: width and spacing are the form's, everything else is a
person's."""

import unicodedata
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from pipeline.render.typography import printable

_JOINED = 1
"""Unchanged characters between two changes that are taken together."""


class Plain(NamedTuple):
    """Text without width and spaces but for ends of paragraphs, and the place each character came from."""

    text: str
    origin: tuple[int, ...]


class Change(NamedTuple):
    """The characters [start, end) of the old text are after now."""

    start: int
    end: int
    after: str


def plain(text: str) -> Plain:
    signs: list[str] = []
    origin: list[int] = []
    for place, sign in enumerate(text):
        for one in _printed(sign):
            if one == "\n" and (not signs or signs[-1] == "\n"):
                continue
            signs.append(one)
            origin.append(place)
    while signs and signs[-1] == "\n":
        signs.pop()
        origin.pop()
    return Plain("".join(signs), tuple(origin))


def same(one: str, other: str) -> bool:
    return plain(one).text == plain(other).text


def changes(before: str, after: str) -> list[Change]:
    """What to do to before so that it prints as after, from its end to its beginning (so that places stay right). What
    is unchanged keeps the width and spacing it has in before."""
    old, new = plain(before), plain(after)
    steps: list[list[int]] = []
    for step in Levenshtein.opcodes(old.text, new.text):
        if step.tag == "equal":
            continue
        if steps and step.src_start - steps[-1][1] <= _JOINED:
            steps[-1][1], steps[-1][3] = step.src_end, step.dest_end
        else:
            steps.append([step.src_start, step.src_end, step.dest_start, step.dest_end])
    found = []
    for start, end, new_start, new_end in steps:
        at = _edge(old, start) if start == end else old.origin[start]
        stop = at if start == end else old.origin[end - 1] + 1
        text = after[new.origin[new_start] : new.origin[new_end - 1] + 1] if new_end > new_start else ""
        found.append(Change(at, stop, text))
    return found[::-1]


def place_of(before: str, after: str, at: int) -> int:
    """Where the place at of after (a cut between two of its parts) lies in before."""
    old, new = plain(before), plain(after)
    wanted = sum(place < at for place in new.origin)
    for step in Levenshtein.opcodes(new.text, old.text):
        if step.src_start <= wanted <= step.src_end:
            within = wanted - step.src_start if step.tag == "equal" else 0
            return _edge(old, step.dest_start + within)
    return len(before)


def _edge(text: Plain, place: int) -> int:
    """The place in the original behind the character before place."""
    return text.origin[place - 1] + 1 if place else 0


def _printed(sign: str) -> str:
    if sign == "\n":
        return sign
    folded = unicodedata.normalize("NFKC", "~" if sign == "\u301c" else sign)
    return "".join(one for one in folded if printable(one))
