"""One voice, two people: where the words name people of different roles behind one voice, the diarization took two for
one, and the roles are inferred as of two."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from pipeline.records.meeting import Member
from pipeline.stages.roles.clues import Clue
from pipeline.stages.roles.scene import TurnView

SURE = 4.0
"""Natural-log odds: only clear calls and introductions tear a voice apart."""


def told_apart(views: Sequence[TurnView], clues: Sequence[Clue]) -> tuple[TurnView, ...]:
    """The views, with voices of two named people parted: every turn belongs to whoever was named last before it."""
    named = _named(clues)
    turns_of: dict[str, list[TurnView]] = defaultdict(list)
    for view in views:
        turns_of[view.voice].append(view)
    parted = list(views)
    for voice, turns in turns_of.items():
        people = [named[view.index] for view in turns if view.index in named]
        if len({role for role, _ in people}) < 2:
            continue
        who = people[0][1]
        for view in turns:
            who = named[view.index][1] if view.index in named else who
            parted[view.index] = replace(view, voice=f"{voice}/{who.office}/{who.name or ''}")
    return tuple(parted)


def _named(clues: Sequence[Clue]) -> dict[int, tuple[int, Member]]:
    """Turn → role and person that its words, or the call before it, name; introducing oneself counts more."""
    found: dict[int, tuple[int, Member]] = {}
    for clue in sorted(clues, key=lambda clue: clue.rule == "introduces-oneself"):
        if clue.member is not None and clue.rule in ("called-by-office", "introduces-oneself"):
            role = max(range(len(clue.weights)), key=lambda index: clue.weights[index])
            if clue.weights[role] >= SURE:
                found[clue.turn] = (role, clue.member)
    return found
