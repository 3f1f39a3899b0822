"""What a public copy is asked before it is made: whether the openness boxes and the marks agree, and whether withheld
words still stand in the open."""

from collections.abc import Iterator

from pipeline.publication.cover import OpenText, hidden_blocks, open_text
from pipeline.publication.matching import folded, places
from pipeline.publication.withheld_words import WithheldWords, withheld_words
from pipeline.records.minutes import Heading, Minutes

_A_SENTENCE = 20
"""Characters from which a withheld sentence said again elsewhere is no set phrase (よろしくお願いいたします)."""
_SHOWN = 5


def questions(minutes: Minutes) -> Iterator[str]:
    """Where boxes and marks do not agree: a person may know better, so each can be answered with yes."""
    marked = _is_marked(minutes)
    match minutes.minutes_openness.state:
        case "一部非公開" if not marked:
            yield "会議録は「一部非公開」とされていますが、非公開の箇所が1つも指定されていません"
        case "公開" if marked:
            yield "会議録は「公開」とされていますが、非公開の箇所が指定されています"
        case "非公開":
            yield "会議録は「非公開」とされています。公開用の写しを作る会議録ではありません"
        case None:
            yield "会議録の公開の可否が決まっていません"


def still_open(minutes: Minutes) -> list[str]:
    """Withheld words that stand elsewhere without a mark: no copy is made before each is marked too, or its mark says
    that the words may be published there (only_here)."""
    told = [OpenText(folded(piece.text), piece.where) for piece in open_text(minutes)]
    found = []
    for words in withheld_words(minutes):
        if _must_be_alone(words):
            where = list(dict.fromkeys(piece.where for piece in told if places(piece.text, words.text)))
            if where:
                found.append(f"非公開とした「{words.text}」が、指定のないところにもあります({_shown(where)})")
    return list(dict.fromkeys(found))


def _must_be_alone(words: WithheldWords) -> bool:
    return words.alone if words.scope in ("語句", "氏名等") else len(folded(words.text)) >= _A_SENTENCE


def _is_marked(minutes: Minutes) -> bool:
    items = any(isinstance(block, Heading) and block.withheld for block in minutes.body)
    return items or bool(hidden_blocks(minutes)) or any(True for _ in withheld_words(minutes))


def _shown(where: list[str]) -> str:
    more = f" ほか{len(where) - _SHOWN}か所" if len(where) > _SHOWN else ""
    return "、".join(where[:_SHOWN]) + more
