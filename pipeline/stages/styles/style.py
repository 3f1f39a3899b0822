"""Puts minutes into a style and takes them out again: 整文 is a layer over words, so nothing that was said is lost."""

from collections.abc import Callable

from pipeline.records.meeting import Style
from pipeline.records.minutes import Block, Explanation, Minutes, Sentence, Speech
from pipeline.records.withheld import carried
from pipeline.records.words import Word
from pipeline.stages.composition.sentences import sentence_text
from pipeline.stages.correction.sheet import Sheet
from pipeline.stages.styles.mending import mending


def in_style(minutes: Minutes, style: Style) -> Minutes:
    """The same minutes in this style. A sentence that a person changed stays as it is. 要点 keeps every sentence in the
    record: which of them are printed is decided when a document is made."""
    change = _spoken if style == "全文" else _mended
    body = tuple(_changed(block, change) for block in minutes.body)
    return minutes.model_copy(update={"body": body, "style": style})


def _changed(block: Block, change: Callable[[Sentence], Sentence]) -> Block:
    match block:
        case Speech():
            paragraphs = tuple(tuple(map(change, paragraph)) for paragraph in block.paragraphs)
            return block.model_copy(update={"paragraphs": paragraphs})
        case Explanation():
            return block.model_copy(update={"speech": tuple(_changed(speech, change) for speech in block.speech)})
    return block


def _mended(sentence: Sentence) -> Sentence:
    if not _as_recognised(sentence) or _styled(sentence):
        return sentence
    sheet = Sheet(sentence.words)
    return _with_words(sentence, sheet.apply(mending(sheet.text), by="style").words)


def _spoken(sentence: Sentence) -> Sentence:
    if not _as_recognised(sentence) or not _styled(sentence):
        return sentence
    return _with_words(sentence, tuple(map(_without_style, sentence.words)))


def _without_style(word: Word) -> Word:
    styled = bool(word.layers) and word.layers[-1].by == "style"
    return word.model_copy(update={"layers": word.layers[:-1]}) if styled else word


def _as_recognised(sentence: Sentence) -> bool:
    """Whether the text is its words' and no person wrote any of it."""
    by_hand = any(layer.by == "clerk" for word in sentence.words for layer in word.layers)
    return not by_hand and sentence_text(sentence.words) == sentence.text


def _styled(sentence: Sentence) -> bool:
    return any(word.layers and word.layers[-1].by == "style" for word in sentence.words)


def _with_words(sentence: Sentence, words: tuple[Word, ...]) -> Sentence:
    text = sentence_text(words)
    withheld = carried(sentence.withheld, sentence.text, text)
    return sentence.model_copy(update={"text": text, "words": words, "withheld": withheld})
