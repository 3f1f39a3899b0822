"""The leak test: whether anything withheld can still be found in the finished files of a public copy, whatever way they
were made."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline.lexicon.japanese import analyse, reading_of
from pipeline.lexicon.kana import is_kana, to_katakana
from pipeline.publication.contents import Piece, pieces
from pipeline.publication.cover import open_text
from pipeline.publication.matching import folded
from pipeline.publication.withheld_words import WithheldWords, withheld_words
from pipeline.records.minutes import Minutes

FRAGMENT = 4
"""So many consecutive characters of what is withheld, found nowhere in what may be read, are a leak."""
_JOINED = 8
"""The same where a whole file is read as one line: shorter ones come about where two paragraphs meet."""
_READING = 3
"""Kana of a reading that is looked for; shorter ones are parts of everyday words."""
_EXPRESSION = 12
"""Characters of a passage that may be a name; longer ones are found by their fragments."""
_KANA = re.compile(f"[ぁ-ゖァ-ヴー]{{{_READING},}}")
_LONGEST_RUN = 1_000
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc_jp")
_THUMBNAIL = re.compile(r"thumbnail", re.IGNORECASE)


class Leak(NamedTuple):
    """Something withheld that can be read: in which file and part of it."""

    where: str
    found: str


class Finder:
    """Looks for what minutes withhold. allowed is text of files that hold nothing of these minutes (the empty form)."""

    def __init__(self, minutes: Minutes, allowed: Iterable[Piece] = ()) -> None:
        secrets = list(withheld_words(minutes))
        public = [folded(text) for text in [*(p.text for p in open_text(minutes)), *(p.text for p in allowed)]]
        hidden = [folded(text) for secret in secrets for text in (secret.text, secret.heard)]
        self._fragments = {size: _fragments(hidden, size) - _fragments(public, size) for size in (FRAGMENT, _JOINED)}
        self._short = {
            words for words in hidden if 1 < len(words) < FRAGMENT and not any(words in text for text in public)
        }
        self._readings = frozenset(filter(None, map(_reading, secrets)))

    def leaks(self, name: str, data: bytes) -> Iterator[Leak]:
        """Raises one of UNREADABLE for a file that cannot be looked through."""
        for piece in pieces(name, data):
            if _THUMBNAIL.search(piece.where):
                yield Leak(piece.where, "縮小画像")
            yield from self.leaks_in(piece)

    def leaks_in(self, piece: Piece) -> Iterator[Leak]:
        if piece.unknown is not None:
            yield from self._in_bytes(piece.where, piece.unknown)
        text = folded(piece.text)
        size = _JOINED if piece.joined else FRAGMENT
        fragments = (text[at : at + size] for at in range(len(text) - size + 1))
        yield from (Leak(piece.where, found) for found in fragments if found in self._fragments[size])
        if not piece.joined:
            yield from (Leak(piece.where, short) for short in self._short if short in text)
            yield from (Leak(piece.where, reading) for reading in self._readings & _spoken(piece.text))

    def _in_bytes(self, where: str, data: bytes) -> Iterator[Leak]:
        for fragment in self._fragments[FRAGMENT]:
            written = {fragment.encode(encoding, "ignore") for encoding in _ENCODINGS}
            if any(len(code) > FRAGMENT and code in data for code in written):
                yield Leak(where, fragment)


def _fragments(plain: Iterable[str], size: int) -> frozenset[str]:
    return frozenset(text[at : at + size] for text in plain for at in range(len(text) - size + 1))


def _reading(secret: WithheldWords) -> str:
    """Of a name or a short expression, in katakana; empty where it is too short to be told from everyday words, or is
    said to be one."""
    expression = secret.scope == "語句" and secret.alone and len(secret.text) <= _EXPRESSION
    if secret.scope != "氏名等" and not expression:
        return ""
    reading = to_katakana(reading_of(secret.text) if secret.reading is None else secret.reading)
    return reading if len(reading) >= _READING and is_kana(reading) else ""


def _spoken(text: str) -> frozenset[str]:
    """What stands in kana: words, and up to four neighbouring words taken together, in katakana."""
    found: set[str] = set()
    for run in _KANA.findall(unicodedata.normalize("NFKC", text)):
        tokens = [to_katakana(token.surface) for token in analyse(run[:_LONGEST_RUN])]
        found |= {"".join(tokens[a:b]) for a in range(len(tokens)) for b in range(a + 1, a + 5)}
    return frozenset(found)
