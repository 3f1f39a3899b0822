"""Whom a voice belongs to, where people agreed to have theirs kept; a voice that is like nobody's stays unknown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.records.meeting import Member
from pipeline.records.speakers import Diarization
from pipeline.records.voices import VoiceProfile
from pipeline.stages.roles.cast import Cast
from pipeline.stages.roles.clues import Clue, for_role
from pipeline.stages.roles.scene import TurnView

LEAST_LIKE, LEAST_LEAD = 0.68, 0.04
"""Cosine to a kept voice, and how much more like it than like any other (docs/voices.md)."""
SPLIT = 0.03
"""Of two voices like one person, both are only where they are about equally like: one voice heard as two."""
PER_LIKENESS, USUAL_LIKE, STRONGEST = 14.0, 0.6, 4.0
"""Natural-log odds: they grow by the first per unit of cosine above the second, up to the last."""


@dataclass(frozen=True)
class Known:
    """Whose voice it most likely is, and how like (cosine)."""

    profile: VoiceProfile
    likeness: float


def known_voices(diarization: Diarization, profiles: Sequence[VoiceProfile]) -> dict[str, Known]:
    """Voice → whose it is. Only embeddings of the same network are compared."""
    same = [profile for profile in profiles if profile.network == diarization.network]
    if not same:
        return {}
    kept = np.array([profile.embedding for profile in same])
    found = {}
    for voice in diarization.voices:
        if not voice.embedding:
            continue
        likeness = kept @ np.array(voice.embedding)
        best = int(likeness.argmax())
        others = [like for like, profile in zip(likeness, same, strict=True) if profile.name != same[best].name]
        if likeness[best] >= LEAST_LIKE and likeness[best] - max(others, default=-1.0) >= LEAST_LEAD:
            found[voice.speaker] = Known(same[best], float(likeness[best]))
    most: dict[str, float] = {}
    for known in found.values():
        most[known.profile.name] = max(known.likeness, most.get(known.profile.name, 0.0))
    return {v: known for v, known in found.items() if known.likeness >= most[known.profile.name] - SPLIT}


def voice_clues(views: Sequence[TurnView], known: Mapping[str, Known], cast: Cast) -> list[Clue]:
    """One clue per voice that belongs to somebody on the roster, at its first turn."""
    found = []
    first = {view.voice: view for view in reversed(views)}
    for voice, view in sorted(first.items(), key=lambda item: item[1].index):
        whose = known.get(voice)
        place = _on_roster(whose.profile, cast) if whose else None
        if whose is None or place is None:
            continue
        role, member = place
        weight = min(STRONGEST, PER_LIKENESS * (whose.likeness - USUAL_LIKE))
        detail = f"登録された声({whose.profile.name})と似ている(類似度{whose.likeness:.2f})"
        found.append(Clue(view.index, "known-voice", for_role(cast, role, weight), detail, True, member))
    return found


def _on_roster(profile: VoiceProfile, cast: Cast) -> tuple[int, Member] | None:
    """By name; by office where the roster gives no names."""
    members = {calling.member: calling.role for calling in cast.callings if calling.member is not None}
    for member, role in members.items():
        if member.name is not None and _plain(member.name) == _plain(profile.name):
            return role, member
    for member, role in members.items():
        if member.name is None and profile.office is not None and member.office == profile.office:
            return role, member
    return None


def _plain(name: str) -> str:
    return "".join(name.split())
