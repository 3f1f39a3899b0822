"""What is most often taken for what, in whole words: 庁内 heard as 長内, seven times."""

from collections import defaultdict

from pipeline.evaluate.alignment.alignment import Alignment
from pipeline.evaluate.alignment.words import Words, stretches
from pipeline.records.base import Record

_LONGEST = 6
"""Words: a longer stretch is a passage gone wrong, not a confusion."""
_SHOWN = 40
_PLACES = 5


class Confusion(Record):
    """told: words of the reference, heard: what stands there instead (empty: nothing). count: stretches of errors,
    widened to whole words on both sides (alignment/words.py; ours), that read so. moments_ms: the first places."""

    told: str
    heard: str
    count: int
    moments_ms: tuple[int, ...]


def confusions(alignment: Alignment, words: Words, heard: Words, most: int = _SHOWN) -> tuple[Confusion, ...]:
    """Most frequent first, longer ones before shorter."""
    places: dict[tuple[str, str], list[int | None]] = defaultdict(list)
    for stretch in stretches(alignment, words, heard):
        told = words.within(stretch.start, stretch.end)
        said = heard.within(stretch.heard_start, stretch.heard_end)
        if max(len(told), len(said)) <= _LONGEST:
            pair = ("".join(token.surface for token in told), "".join(token.surface for token in said))
            moment = alignment.moment_ms(stretch.start) if told else alignment.heard_moment_ms(stretch.heard_start)
            places[pair].append(moment)
    ranked = sorted(places.items(), key=lambda entry: (-len(entry[1]), -len(entry[0][0])))
    return tuple(
        Confusion(
            told=told,
            heard=said,
            count=len(moments),
            moments_ms=tuple(moment for moment in moments[:_PLACES] if moment is not None),
        )
        for (told, said), moments in ranked[:most]
    )
