"""Proposals for the dictionary: what was put right at least twice, with counts and contexts. A person accepts them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from pipeline.evaluate.learning.replacements import Context, Replacement, occurrences, replacements
from pipeline.evaluate.transcription import Transcription
from pipeline.lexicon.japanese import analyse
from pipeline.records.base import Record

LEAST = 2
_CONTEXTS = 5


class Pair(NamedTuple):
    """A meeting as it was drafted, and as a person left it."""

    title: str
    draft: Transcription
    corrected: Transcription


class Effect(Record):
    """What expecting the term would have done to meetings that were drafted without it, by replaying their words:
    places that would have come out nearer to the corrected text, farther from it, or neither."""

    better: int = 0
    worse: int = 0
    neither: int = 0
    examples: tuple[tuple[str, str], ...] = ()
    """(before, after) of the first places, the worse ones first."""


class HeardAs(Record):
    """What stood in the term's place, and how often. meant: people may also mean just this."""

    text: str
    count: int
    meant: bool


class Proposal(Record):
    """A term for the dictionary. misheard of occurrences: how often the draft had something else in its place."""

    written: str
    reading: str
    misheard: int
    occurrences: int
    meetings: int
    heard_as: tuple[HeardAs, ...]
    contexts: tuple[Context, ...]
    effect: Effect | None = None
    """None: not replayed."""

    @property
    def put_right(self) -> tuple[str, ...]:
        """What will be put right wherever it is heard, once the term is accepted."""
        return tuple(heard.text for heard in self.heard_as if not heard.meant)

    @property
    def advisable(self) -> bool:
        """Whether the replay found more good than harm."""
        return self.effect is not None and self.effect.better > 2 * self.effect.worse


Replayed = Callable[[Sequence[Proposal]], Sequence[Effect]]
"""The effect of each proposal on past meetings."""


def propose(
    pairs: Sequence[Pair], known: Collection[str] = (), replay: Replayed | None = None, least: int = LEAST
) -> tuple[Proposal, ...]:
    """Terms not in the dictionary yet (known: as written) that people wrote at least `least` times where the draft had
    something that sounds like them; the most frequent first. Pure: nothing is entered anywhere."""
    found: dict[str, list[Replacement]] = defaultdict(list)
    texts: list[str] = []
    for pair in pairs:
        corrected, text = replacements(*pair)
        texts.append(text)
        for replacement in corrected:
            found[replacement.written].append(replacement)
    proposals = [
        _proposal(written, members, texts)
        for written, members in found.items()
        if len(members) >= least and written not in known
    ]
    ranked = sorted(proposals, key=lambda proposal: (-proposal.misheard, -len(proposal.written), proposal.written))
    if replay is None or not ranked:
        return tuple(ranked)
    effects = replay(ranked)
    return tuple(p.model_copy(update={"effect": effect}) for p, effect in zip(ranked, effects, strict=True))


def _proposal(written: str, members: list[Replacement], texts: Sequence[str]) -> Proposal:
    heard = Counter(member.context.heard for member in members)
    readings = Counter(member.reading for member in members)
    total = sum(len(list(occurrences(text, written))) for text in texts)
    return Proposal(
        written=written,
        reading=readings.most_common(1)[0][0],
        misheard=len(members),
        occurrences=max(total, len(members)),
        meetings=len({member.context.meeting for member in members}),
        heard_as=tuple(HeardAs(text=text, count=count, meant=is_meant(text)) for text, count in heard.most_common()),
        contexts=tuple(member.context for member in members[:_CONTEXTS]),
    )


def is_meant(text: str) -> bool:
    """Whether people may mean just this form: one common word of the dictionary, or a phrase with anything but nouns in
    it. Nouns side by side that make no compound (通信両等, 新作業務), and names of somewhere else (都島区), are not."""
    tokens = analyse(text)
    if len(text) < 2 or not all(token.is_noun for token in tokens):
        return True
    return len(tokens) == 1 and not tokens[0].unknown and tokens[0].pos[1] != "固有名詞"
