"""What Japanese text is made of: tokens, readings and homographs, from SudachiPy, loaded when first asked."""

import re
import threading
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from pipeline.lexicon.kana import spelled, to_katakana


@dataclass(frozen=True)
class Token:
    """One word as the dictionary sees it; start and end are character positions in the text given."""

    surface: str
    reading: str
    """Katakana, spelled (not pronounced)."""
    pos: tuple[str, ...]
    """Six fields: 品詞4階層, 活用型, 活用形."""
    start: int
    end: int
    unknown: bool
    form: str
    """Dictionary form in the dictionary's own spelling: 引っ越し for 引越し, 出来る for でき."""

    @property
    def is_particle(self) -> bool:
        return self.pos[0] == "助詞"

    @property
    def is_noun(self) -> bool:
        """Nouns and what glues to them in compounds."""
        return self.pos[0] == "名詞" or self.pos[0] == "接頭辞" or self.pos[1] == "名詞的"


@cache
def _dictionary() -> Any:
    from sudachipy import Dictionary

    return Dictionary(dict="core")


_own = threading.local()
"""A tokenizer refuses to be used by two threads at a time: each has its own."""


def _tokenizer() -> Any:
    if not hasattr(_own, "tokenizer"):
        from sudachipy import SplitMode

        _own.tokenizer = _dictionary().tokenizer(mode=SplitMode.C)
    return _own.tokenizer


def analyse(text: str) -> tuple[Token, ...]:
    """Tokens of a text (at most some thousand characters). Joining the surfaces gives the text."""
    return tuple(
        Token(
            m.surface(),
            m.reading_form(),
            tuple(m.part_of_speech()),
            m.begin(),
            m.end(),
            m.is_oov(),
            m.normalized_form(),
        )
        for m in _tokenizer().tokenize(text)
    )


@lru_cache(maxsize=65536)
def cost(text: str) -> int:
    """Cost of the best path through the dictionary: lower is more natural. Only differences mean something."""
    return int(_tokenizer().tokenize(text).get_internal_cost())


@lru_cache(maxsize=262144)
def homographs(surface: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """All (reading, part of speech) the dictionary holds for exactly this surface; empty when it does not know it."""
    return tuple({(m.reading_form(), tuple(m.part_of_speech())): None for m in _dictionary().lookup(surface)})


@lru_cache(maxsize=16384)
def reading_of(text: str) -> str:
    """The reading in katakana, as far as the dictionary knows; letters and signs it cannot read are left out."""
    tokens = [m for m in _tokenizer().tokenize(text) if m.part_of_speech()[0] not in _MUTE]
    return to_katakana(
        "".join(spelled(m.surface()) if _LETTER.match(m.surface()) else m.reading_form() for m in tokens)
    )


def name_readings(name: str) -> tuple[str, ...]:
    """The readings a person's name may have, the likeliest first; kana names read themselves."""
    known = [reading for reading, pos in homographs(name) if pos[2] == "人名"]
    likeliest = reading_of(name)
    return tuple(dict.fromkeys([likeliest, *map(to_katakana, known)]))[:_MOST_READINGS] if likeliest else tuple(known)


_MOST_READINGS = 4
_MUTE = frozenset({"補助記号", "空白"})
_LETTER = re.compile(r"[A-Za-z]$")
"""The dictionary reads A as アール, and B not at all."""
