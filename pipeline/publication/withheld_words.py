"""Every run of words that the public copy leaves out, with its mark and its time: what the leak test looks for, the
register lists, and the public recording is silent on."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from pipeline.publication.cover import hidden_blocks, hidden_names, sentences_of
from pipeline.publication.matching import Range, places
from pipeline.records.base import Span
from pipeline.records.minutes import Block, Decision, Explanation, Heading, Inaudible, Minutes, Sentence, Speech
from pipeline.records.withheld import WithheldName, WithheldPassage, Withholding

Scope = Literal["語句", "発言", "案件", "氏名等"]


class WithheldWords(NamedTuple):
    """text as it would have been printed; heard is what recognition made of it. span is None for fields of the form.
    alone: the words may not stand anywhere else either."""

    scope: Scope
    text: str
    heard: str
    mark: Withholding
    span: Span | None
    where: str
    alone: bool
    reading: str | None = None


def withheld_words(minutes: Minutes) -> Iterator[WithheldWords]:
    """In the order of the minutes, names last. Blocks that are left out give one run for each sentence."""
    hidden = hidden_blocks(minutes)
    for place, block in enumerate(minutes.body):
        if place in hidden:
            yield from _of_block(block, hidden[place], _item_above(minutes, place))
        else:
            for speech in _speeches(block):
                yield from _of_speech(speech, explained=isinstance(block, Explanation))
    for name in hidden_names(minutes):
        yield from _of_name(minutes, name)


def _speeches(block: Block) -> tuple[Speech, ...]:
    """Those of an explanation too: they are not printed, but they are heard."""
    if isinstance(block, Explanation):
        return block.speech
    return (block,) if isinstance(block, Speech) else ()


def _of_speech(speech: Speech, *, explained: bool) -> Iterator[WithheldWords]:
    if explained and speech.withheld is not None:
        yield from _of_block(speech, speech.withheld, "")
        return
    for sentence in sentences_of(speech):
        yield from (_of_passage(sentence, passage, speech.role) for passage in sentence.withheld)


def _item_above(minutes: Minutes, place: int) -> str:
    headings = [block for block in minutes.body[:place] if isinstance(block, Heading)]
    return headings[-1].item.label if headings and headings[-1].withheld else ""


def _role(block: Block) -> str:
    return block.role if isinstance(block, Speech) else ""


def _of_block(block: Block, mark: Withholding, item: str) -> Iterator[WithheldWords]:
    scope: Scope = "案件" if item else "発言"
    if isinstance(block, Decision | Explanation):
        yield WithheldWords(scope, block.text, "", mark, None, item, alone=False)
    if isinstance(block, Inaudible):
        yield WithheldWords(scope, "", "", mark, block.span, item, alone=False)
    for sentence in sentences_of(block):
        span = Span(start_ms=sentence.start_ms, end_ms=sentence.end_ms)
        yield WithheldWords(scope, sentence.text, sentence.raw, mark, span, item or _role(block), alone=False)


def _of_passage(sentence: Sentence, passage: WithheldPassage, role: str) -> WithheldWords:
    spoken = (passage.start, passage.end)
    return WithheldWords(
        "語句",
        sentence.text[passage.start : passage.end],
        heard_in(sentence, spoken),
        passage,
        time_of(sentence, spoken),
        role,
        alone=not passage.only_here,
    )


def _of_name(minutes: Minutes, name: WithheldName) -> Iterator[WithheldWords]:
    """The name itself, and every place it is spoken at, unprinted explanations included."""
    yield WithheldWords("氏名等", name.text, "", name, None, "全体", alone=True, reading=name.reading)
    for block in minutes.body:
        for sentence in sentences_of(block):
            for spoken in places(sentence.text, name.text):
                text = sentence.text[spoken[0] : spoken[1]]
                heard, span = heard_in(sentence, spoken), time_of(sentence, spoken)
                yield WithheldWords("氏名等", text, heard, name, span, _role(block), alone=True)


def _timed(sentence: Sentence) -> bool:
    """Whether each character of the text is known to belong to a word."""
    return "".join(word.text for word in sentence.words) == sentence.text


def heard_in(sentence: Sentence, spoken: Range) -> str:
    """What the recogniser wrote for these characters; empty where text was edited away from the words."""
    if not _timed(sentence):
        return ""
    return "".join(sentence.words[number].raw for number in _word_numbers(sentence, spoken))


def time_of(sentence: Sentence, spoken: Range) -> Span:
    """When these characters are said: their words' time, or the whole sentence where text was edited away from the
    words, because a guess could leave something audible."""
    numbers = _word_numbers(sentence, spoken) if _timed(sentence) else []
    words = [sentence.words[number] for number in numbers]
    if not words:
        return Span(start_ms=sentence.start_ms, end_ms=sentence.end_ms)
    return Span(start_ms=min(word.start_ms for word in words), end_ms=max(word.end_ms for word in words))


def _word_numbers(sentence: Sentence, spoken: Range) -> list[int]:
    """Words that hold one of the characters, and those emptied by a replacement that does: they sound inside it."""
    start, end = spoken
    numbers, runs, at = [], set(), 0
    for number, word in enumerate(sentence.words):
        if at < end and start < at + len(word.text):
            numbers.append(number)
            runs |= {layer.run for layer in word.layers if layer.run}
        at += len(word.text)
    shared = [n for n, word in enumerate(sentence.words) if runs & {layer.run for layer in word.layers}]
    return sorted({*numbers, *shared})
