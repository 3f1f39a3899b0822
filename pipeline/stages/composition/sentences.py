"""Words to sentences and sentences to paragraphs, with or without the punctuation that recognition may leave out."""

import re
from collections.abc import Sequence

from pipeline.records.minutes import Sentence
from pipeline.records.words import Word
from pipeline.stages.attribution.sentences import sentence_break

_CLOSED = re.compile(r"[。？?！!]+[」』）)]*$")
_ENDED = re.compile(r"[。？?！!]")
_OPENS = re.compile(r"(?:ありがとう|それでは|では[、,]|はい|なお|また[、,]|続きまして|次に|以上|そして|しかし)")
"""Begins a sentence even where no pause was measured. Anything else may go on: 検討しております件 is one phrase."""
_COMMAS = "、,，"
_MARKS = "。、,.，．?？!！…・ 　"
_LOOK_AHEAD = 8
"""Words: fillers may stand between the end of a sentence and the next word with a text."""
_NEW_TOPIC = re.compile(
    r"^(?:次に|続いて|続きまして|最後に|また[、,]|なお|一方|さて|もう(?:一点|1点|一つ|1つ)|"
    r"(?:[一二三四五2-9]|十|10)(?:点|つ)目|第[一二三四五1-9]に)"
)


def sentences(words: Sequence[Word], pause_ms: int) -> tuple[Sentence, ...]:
    """Split where a mark ends a sentence or, marks missing, where a final form is followed by a pause of pause_ms.

    Every word is in exactly one sentence, in order; what replaced several words stays in one sentence.
    """
    found: list[Sentence] = []
    current: list[Word] = []
    for index, word in enumerate(words):
        current.append(word)
        following = words[index + 1 : index + 1 + _LOOK_AHEAD]
        if not following or (_ends(current, following, pause_ms) and not _same_replacement(word, following[0])):
            found.append(_sentence(current))
            current = []
    return _without_empty(found)


def _ends(current: Sequence[Word], following: Sequence[Word], pause_ms: int) -> bool:
    text = "".join(word.text for word in current).rstrip()
    if not text:
        return False
    if _CLOSED.search(text) or (_ENDED.search(current[-1].text) and not following[0].text.startswith(("」", "』"))):
        return True
    after = "".join(word.text for word in following).lstrip()
    paused = following[0].start_ms - max(word.end_ms for word in current) >= pause_ms
    return (paused or bool(_OPENS.match(after))) and sentence_break(text, after)


def _same_replacement(word: Word, following: Word) -> bool:
    """A replacement's text sits on its first word: the words it emptied must not drift into the next sentence."""
    runs = {layer.run for layer in word.layers if layer.run}
    return bool(runs & {layer.run for layer in following.layers})


def sentence_text(words: Sequence[Word]) -> str:
    """The words as a sentence is printed: closed by a mark, not begun with one; empty where nothing was said."""
    text = "".join(word.text for word in words).strip().lstrip(_COMMAS).strip()
    if not text.strip(_MARKS):
        return ""
    return text if _CLOSED.search(text) else text.rstrip(_COMMAS) + "。"


def _sentence(words: Sequence[Word]) -> Sentence:
    return Sentence(
        text=sentence_text(words),
        start_ms=words[0].start_ms,
        end_ms=max(word.end_ms for word in words),
        words=tuple(words),
    )


def _without_empty(found: list[Sentence]) -> tuple[Sentence, ...]:
    """A sentence of fillers only joins its neighbour, so that nothing empty is printed."""
    joined: list[Sentence] = []
    for sentence in found:
        if joined and (not sentence.text or not joined[-1].text):
            first = joined.pop()
            sentence = Sentence(
                text=first.text + sentence.text,
                start_ms=first.start_ms,
                end_ms=max(first.end_ms, sentence.end_ms),
                words=first.words + sentence.words,
            )
        joined.append(sentence)
    return tuple(joined)


def paragraphs(
    found: Sequence[Sentence], pause_ms: int, at_least: int, topic_at_least: int
) -> tuple[tuple[Sentence, ...], ...]:
    """A new paragraph after a pause of pause_ms (at_least characters into the paragraph), or where a topic word opens
    the sentence (topic_at_least characters into it)."""
    grouped: list[list[Sentence]] = []
    for sentence in found:
        length = sum(len(before.text) for before in grouped[-1]) if grouped else 0
        paused = bool(grouped) and sentence.start_ms - grouped[-1][-1].end_ms >= pause_ms
        topic = bool(_NEW_TOPIC.match(sentence.text))
        if not grouped or (paused and length >= at_least) or (topic and length >= topic_at_least):
            grouped.append([sentence])
        else:
            grouped[-1].append(sentence)
    return tuple(tuple(group) for group in grouped)
