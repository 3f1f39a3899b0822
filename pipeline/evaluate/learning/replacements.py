"""Words that a person put right and that sound like what stood there: candidates for the dictionary."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.evaluate.alignment.align import align
from pipeline.evaluate.alignment.alignment import Alignment
from pipeline.evaluate.alignment.words import Stretch, Words, stretches, words_of
from pipeline.evaluate.comparison import fair
from pipeline.evaluate.learning.sound import closest
from pipeline.evaluate.profiles.registry import profile
from pipeline.evaluate.transcription import Transcription
from pipeline.lexicon.japanese import Token
from pipeline.lexicon.kana import is_kana, morae, to_katakana
from pipeline.records.base import Record

_FARTHEST = 0.34
"""Sound distance up to which one may have been heard for the other."""
_SHORT = 2
"""Written signs: a term this short would match everywhere, and is taken with the nouns it is joined to."""
_LONGEST = 8
"""Words of a term."""
_AROUND = 12
_WORTH = re.compile(r"[一-鿿々ァ-ヴA-Za-z]")


class Context(Record):
    """One place: what stands there now, what stood there, and the text around it."""

    meeting: str
    before: str
    told: str
    heard: str
    after: str
    start_ms: int | None


class Replacement(NamedTuple):
    """A term a person wrote where the draft had something that sounds like it."""

    written: str
    reading: str
    context: Context


class _Run(NamedTuple):
    """Words [first, last) of one side, by number."""

    first: int
    last: int


def replacements(title: str, draft: Transcription, corrected: Transcription) -> tuple[list[Replacement], str]:
    """All of them in one meeting, and the corrected text they were found in."""
    compared = fair(draft, corrected)
    alignment = align(compared.reference, compared.hypothesis, profile("standard"))
    told, heard = words_of(alignment.reference), words_of(alignment.hypothesis)
    found = [
        replacement
        for stretch in stretches(alignment, told, heard)
        if (replacement := _replacement(title, alignment, told, heard, stretch))
    ]
    return found, "\n".join(utterance.text for utterance in compared.reference.utterances)


def _replacement(title: str, alignment: Alignment, told: Words, heard: Words, stretch: Stretch) -> Replacement | None:
    runs = _differing(told, heard, stretch)
    if runs is None or not _is_term(told.tokens[runs[0].first : runs[0].last]):
        return None
    if len(_surface(told, runs[0])) <= _SHORT:
        runs = _joined(told, heard, *runs)
    meant, said = runs
    reading, written = _reading(told, meant), _surface(told, meant)
    if not _WORTH.search(written) or len(written) < _SHORT or len(morae(reading)) < 3 or not is_kana(reading):
        return None
    if _form(told, meant) == _form(heard, said) or closest(reading, heard.tokens[said.first : said.last]) > _FARTHEST:
        return None
    return Replacement(written, reading, _context(title, alignment, told, heard, meant, said))


def _differing(told: Words, heard: Words, stretch: Stretch) -> tuple[_Run, _Run] | None:
    """The words of a stretch without those at its ends that both sides have; None when a side has none left."""
    one = list(dict.fromkeys(told.of[stretch.start : stretch.end]))
    other = list(dict.fromkeys(heard.of[stretch.heard_start : stretch.heard_end]))
    while one and other and _no_difference(told.tokens[one[0]], heard.tokens[other[0]]):
        one, other = one[1:], other[1:]
    while one and other and _no_difference(told.tokens[one[-1]], heard.tokens[other[-1]]):
        one, other = one[:-1], other[:-1]
    if not one or not other or max(len(one), len(other)) > _LONGEST:
        return None
    return _Run(one[0], one[-1] + 1), _Run(other[0], other[-1] + 1)


def _no_difference(told: Token, heard: Token) -> bool:
    """The same word, or one written in kana that is heard there too (とおり, 通り): not what a dictionary is for."""
    if told.surface == heard.surface:
        return True
    return not _WORTH.search(told.surface) and closest(told.reading, (heard,)) <= _FARTHEST


def _is_term(words: Sequence[Token]) -> bool:
    """A noun or compound that is no number."""
    complete = words[0].pos[0] != "接尾辞" and words[-1].pos[0] != "接頭辞"
    return complete and all(word.is_noun and word.pos[1] not in ("数詞", "非自立可能") for word in words)


def _joined(told: Words, heard: Words, meant: _Run, said: _Run) -> tuple[_Run, _Run]:
    """Both runs with the nouns beside them, in the same utterance, that both sides have."""
    home = told.utterance[meant.first]

    def shared(one: int, other: int) -> bool:
        inside = 0 <= one < len(told.tokens) and 0 <= other < len(heard.tokens) and told.utterance[one] == home
        return inside and _same_noun(told.tokens[one], heard.tokens[other])

    while shared(meant.first - 1, said.first - 1):
        meant, said = _Run(meant.first - 1, meant.last), _Run(said.first - 1, said.last)
    while shared(meant.last, said.last):
        meant, said = _Run(meant.first, meant.last + 1), _Run(said.first, said.last + 1)
    return meant, said


def _same_noun(one: Token, other: Token) -> bool:
    return one.surface == other.surface and one.is_noun and one.pos[1] not in ("数詞", "非自立可能")


def _surface(words: Words, run: _Run) -> str:
    return "".join(token.surface for token in words.tokens[run.first : run.last]).strip()


def _form(words: Words, run: _Run) -> str:
    """Dictionary forms: the same for 通り and とおり, which is a matter of spelling."""
    return "".join(token.form for token in words.tokens[run.first : run.last])


def _reading(words: Words, run: _Run) -> str:
    return to_katakana("".join(token.reading for token in words.tokens[run.first : run.last]))


def _context(title: str, alignment: Alignment, told: Words, heard: Words, meant: _Run, said: _Run) -> Context:
    start = _first_place(told, meant)
    side = alignment.reference
    written, position = side.words(side.utterance_at(start)), side.origin[start]
    return Context(
        meeting=title,
        before=written[max(0, position - _AROUND) : position],
        told=_surface(told, meant),
        heard=_surface(heard, said),
        after=written[position + len(_surface(told, meant)) :][:_AROUND],
        start_ms=alignment.moment_ms(start),
    )


def _first_place(words: Words, run: _Run) -> int:
    """Where the first normalised character of a run stands."""
    return min(bisect_left(words.of, run.first), max(len(words.of) - 1, 0))


def occurrences(text: str, written: str) -> Iterator[int]:
    """Where a term stands in a text, not overlapping."""
    yield from (match.start() for match in re.finditer(re.escape(written), text))
