"""Useful terms in running text: noun compounds, and the words that a recogniser is unlikely to know."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.lexicon.japanese import Token, analyse

_BRACKETS = re.compile(r"[((][^))]*[))]|[「」『』【】〔〕[\]<>〈〉]")
_NUMBERING = re.compile(r"^[\s第]*[0-90-9一二三四五六七八九十]+[\s.、.回号)]*")
_MAX_TOKENS = 6


def spoken(title: str) -> str:
    """A title as it is read out: without brackets and spaces."""
    return re.sub(r"\s+", "", _BRACKETS.sub("", title))


def phrases(text: str) -> tuple[str, ...]:
    """Noun compounds of two tokens and more with their inner compounds, and single nouns that are rare enough to be
    worth expecting (proper names, Latin letters, unknown words)."""
    found: dict[str, None] = {}
    for chunk in _noun_chunks(text):
        for size in range(min(len(chunk), _MAX_TOKENS), 0, -1):
            for first in range(len(chunk) - size + 1):
                part = chunk[first : first + size]
                if _worth(part):
                    found["".join(token.surface for token in part)] = None
    return tuple(found)


def frequent_phrases(text: str, at_least: int) -> tuple[tuple[str, int], ...]:
    """Compounds of a longer document with how often they occur, most frequent first."""
    counts: Counter[str] = Counter()
    for line in text.splitlines():
        counts.update(phrases(line[:2000]))
    return tuple((phrase, count) for phrase, count in counts.most_common() if count >= at_least)


def _noun_chunks(text: str) -> Iterator[Sequence[Token]]:
    chunk: list[Token] = []
    after_number = False
    for token in analyse(text[:10000]):
        counts = token.pos[1] == "数詞" or (token.pos[2] == "助数詞可能" and after_number) or "助数詞" in token.pos
        if token.is_noun and token.surface.strip() and not counts and not token.surface.startswith("第"):
            chunk.append(token)
        elif chunk:
            yield chunk
            chunk = []
        after_number = token.pos[1] == "数詞"
    if chunk:
        yield chunk


def _worth(part: Sequence[Token]) -> bool:
    first, last, text = part[0], part[-1], "".join(token.surface for token in part)
    if len(text) < 2 or _NUMBERING.match(text):
        return False
    if first.pos[0] == "接尾辞" or last.pos[0] == "接頭辞":
        return False
    if len(part) == 1:
        return first.pos[1] == "固有名詞" or first.unknown or bool(re.search(r"[A-Za-zA-Z]{2}", text)) or _rare(text)
    return True


def _rare(text: str) -> bool:
    """Compounds that the dictionary happens to hold as one word (情報化, 管理課): three characters and more."""
    return len(text) >= 3 and bool(re.fullmatch(r"[\u4e00-\u9fffァ-ヴー々]+", text))
