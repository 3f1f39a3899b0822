"""captions.vtt: the sentences as WebVTT captions, so that a player shows who says what while the recording runs."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.records.minutes import Inaudible, Minutes, Sentence
from pipeline.render.seglst import speeches
from pipeline.render.typography import COLON, in_form, printable

LONGEST = 40
"""Characters of one caption: two lines of a player."""
_PIECE = re.compile(r"[^、。!?\uff01\uff1f]*[、。!?\uff01\uff1f]*")


class Cue(NamedTuple):
    """One caption."""

    start_ms: int
    end_ms: int
    text: str


def vtt(minutes: Minutes) -> str:
    """The file's text. Cues are in order of time and each lasts at least a millisecond, as the format asks
    (https://www.w3.org/TR/webvtt1/)."""
    cues = [cue for speech in speeches(minutes) for cue in _speech_cues(in_form(speech.role), speech.paragraphs)]
    cues += [
        Cue(block.span.start_ms, block.span.end_ms, "【聞き取り不能】")
        for block in minutes.body
        if isinstance(block, Inaudible)
    ]
    blocks = [
        f"{_time(cue.start_ms)} --> {_time(max(cue.end_ms, cue.start_ms + 1))}\n{_escaped(cue.text)}\n"
        for cue in sorted(cues, key=lambda cue: cue[:2])
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def _speech_cues(role: str, paragraphs: tuple[tuple[Sentence, ...], ...]) -> Iterator[Cue]:
    for paragraph in paragraphs:
        for sentence in paragraph:
            for start, end in split(sentence.text):
                if text := printable(sentence.text[start:end]):
                    yield Cue(_moment(sentence, start), _moment(sentence, end), f"{role}{COLON}{text}")


def split(text: str, longest: int = LONGEST) -> list[tuple[int, int]]:
    """Cut text at punctuation into pieces [start, end) of at most longest characters, together the whole text; what
    has no punctuation is cut at the length."""
    pieces: list[tuple[int, int]] = []
    for part in _PIECE.finditer(text):
        for start in range(part.start(), part.end(), longest):
            end = min(start + longest, part.end())
            if pieces and end - pieces[-1][0] <= longest:
                pieces[-1] = (pieces[-1][0], end)
            else:
                pieces.append((start, end))
    return pieces


def _moment(sentence: Sentence, position: int) -> int:
    """When the character at this position is said: exact where the text is the words', else in proportion."""
    if position <= 0:
        return sentence.start_ms
    if position >= len(sentence.text):
        return sentence.end_ms
    if "".join(word.text for word in sentence.words) == sentence.text:
        for word in sentence.words:
            position -= len(word.text)
            if position < 0:
                return word.start_ms
    return sentence.start_ms + (sentence.end_ms - sentence.start_ms) * position // len(sentence.text)


def _time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
