"""Finding words in text however they are spaced or however wide their signs are."""

import unicodedata
from functools import lru_cache

Range = tuple[int, int]
"""Characters [start, end) of a text."""


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Without width, case and white space: what two spellings of the same words have in common."""
    return _fold(text)[0]


def places(text: str, words: str) -> tuple[Range, ...]:
    """Where words stand in text, as ranges of text's own characters; overlapping finds are all given."""
    plain, origin = _fold(text)
    wanted = folded(words)
    found = []
    at = plain.find(wanted) if wanted else -1
    while at >= 0:
        found.append((origin[at], origin[at + len(wanted) - 1] + 1))
        at = plain.find(wanted, at + 1)
    return tuple(found)


def merged(ranges: list[Range] | tuple[Range, ...]) -> tuple[Range, ...]:
    """In order, those that touch or overlap made one."""
    joined: list[Range] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def outside(text: str, ranges: tuple[Range, ...]) -> tuple[str, ...]:
    """The pieces of text between merged ranges, empty ones left out."""
    edges = [0, *(edge for pair in ranges for edge in pair), len(text)]
    return tuple(piece for start, end in zip(edges[::2], edges[1::2], strict=True) if (piece := text[start:end]))


@lru_cache(maxsize=4096)
def _fold(text: str) -> tuple[str, tuple[int, ...]]:
    """The folded text, and for each of its characters the place it came from."""
    signs: list[str] = []
    origin: list[int] = []
    for place, sign in enumerate(text):
        for plain in unicodedata.normalize("NFKC", sign).casefold():
            if not plain.isspace():
                signs.append(plain)
                origin.append(place)
    return "".join(signs), tuple(origin)
