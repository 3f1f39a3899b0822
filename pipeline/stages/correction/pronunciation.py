"""Correction by pronunciation: where the recognised words sound like a term but are not one, the term is put in."""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pipeline.lexicon.japanese import analyse
from pipeline.lexicon.kana import INSERTION
from pipeline.lexicon.lexicon import Lexicon
from pipeline.lexicon.terms import LABELS, Source, Term
from pipeline.stages.correction.believing import IN_CONTEXT, Features, belief, features, plausible
from pipeline.stages.correction.listening import Ear, Heard
from pipeline.stages.correction.number_guard import keeps_numbers
from pipeline.stages.correction.sheet import Edit, Sheet, trimmed

CLOSENESS = 0.25
"""Cost per mora up to which a place is looked at."""
THRESHOLD = 0.45
"""Probability from which a replacement is believed to be right."""
_WORDS_THRESHOLD = 0.65
"""The same where whole words of the dictionary were recognised."""
_GENERAL_THRESHOLD = 0.6
"""The same for words of any office that only sound alike: there are thousands of them."""
_AGAIN = 0.2
"""The same where another place of the recording was heard as the same and believed."""
_FOREIGN_THRESHOLD = 0.9
"""The same where the text has little to do with the term's source, and for words of any office this short:"""
_SHORT_WORD = 2
_LEAST_EXPECTED: dict[Source, float] = {"builtin": 1.5, "handout": 1.5, "dictionary": -0.5}
"""Log of characters per 1,000 that a source's own longer terms must already make up; what was given for this very
meeting is expected in any case."""
_STRETCH_PAUSE_MS = 900
_STRETCH_MOST = 300
_TITLE_MORAE = 24
"""From this length on a term is a title, in which a slip of a particle is a slip."""
_PARTICLES_ALONE = 0.3
_UNMISTAKABLE_MORAE = 10
_UNMISTAKABLE_EXACT_MORAE = 5
_UNMISTAKABLE_DISTANCE = 0.08
UNMISTAKABLE = 0.8
"""Belief in a term of this meeting that is so long and so near in sound that nothing else can have been said."""
_WITHIN_PAUSE_MS = 700
_FEWEST_MORAE = 3
_SHORT_MORAE = 5
_COMPOUND = re.compile(r"[一-鿿ァ-ヴー々]")
_KANJI = re.compile(r"[一-鿿]")
_INTRODUCES = ("です", "でございます")
_COPULA = re.compile("[でデ].{0,5}$")
"""Who is spoken of does not introduce himself: the です of 会長の保坂です must be heard."""
_LETTERS_WITHIN = re.compile("[A-Za-z]{2}")
_FOREIGN_WITHIN = re.compile("[A-Za-z]{2}|[ァ-ヴー]{2}")
_FOREIGN = re.compile("[A-Za-zァ-ヴ]")
_HIRAGANA = re.compile("[ぁ-ん]+")
_SIGNS = re.compile(r"[\W_]+")


def replacements(sheet: Sheet, lexicon: Lexicon) -> tuple[Edit, ...]:
    """Edits that put in terms, in order, not overlapping."""
    believed = [(_belief(heard, given), heard, given) for heard, given in candidates(sheet, lexicon)]
    sure = {
        (sheet.text[heard.start : heard.end], heard.term.written)
        for probability, heard, given in believed
        if given.own and probability >= _threshold(heard, given)
    }
    kept = [
        (probability, heard)
        for probability, heard, given in believed
        if probability >= _threshold(heard, given)
        or (probability >= _AGAIN and (sheet.text[heard.start : heard.end], heard.term.written) in sure)
    ]
    return tuple(
        Edit(heard.start, heard.end, heard.term.written, _reason(heard, probability))
        for probability, heard in best_together(sheet, kept)
    )


def _belief(heard: Heard, given: Features) -> float:
    if heard.term.contexts:
        return IN_CONTEXT
    nearly = heard.length >= _UNMISTAKABLE_MORAE and heard.distance <= _UNMISTAKABLE_DISTANCE * heard.length
    exactly = heard.length >= _UNMISTAKABLE_EXACT_MORAE and given.exact
    if given.own and (nearly or exactly):
        return max(UNMISTAKABLE, belief(given))
    return belief(given)


def _threshold(heard: Heard, given: Features) -> float:
    least = _LEAST_EXPECTED.get(heard.term.source)
    at_home = heard.term.contexts or least is None or given.expected >= least
    if not at_home:
        return _FOREIGN_THRESHOLD
    if heard.term.source == "builtin" and len(heard.term.written) <= _SHORT_WORD:
        return _FOREIGN_THRESHOLD
    if heard.term.source == "builtin" and not given.exact:
        return _FOREIGN_THRESHOLD if given.known_words else _GENERAL_THRESHOLD
    return THRESHOLD if given.known_words < 1 else _WORDS_THRESHOLD


def candidates(sheet: Sheet, lexicon: Lexicon) -> Iterator[tuple[Heard, Features]]:
    """Every place that sounds like a term and may be changed, with what speaks for and against it."""
    ear = _ear(lexicon)
    written = {term.written for term in lexicon.terms}
    known = _Literal(_literal_spans(sheet.text, written))
    expected = _expectations(sheet.text, lexicon)
    for start, end in stretches(sheet):
        for heard in _closest(ear.listen(sheet.text[start:end], CLOSENESS), start):
            if _may_change(sheet, heard, known):
                given = features(sheet, (start, end), heard, expected[heard.term.source])
                if plausible(given, heard, sheet.text[heard.start : heard.end]):
                    yield heard, given


@lru_cache(maxsize=2)
def _ear(lexicon: Lexicon) -> Ear:
    return Ear(lexicon.terms)


def stretches(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """The text cut at sentence ends and long pauses: no term goes across."""
    start = 0
    for position in range(1, len(sheet.text) + 1):
        ends = position == len(sheet.text) or sheet.text[position - 1] in "。?!"
        if ends or sheet.pause_before_ms(position) >= _STRETCH_PAUSE_MS or position - start >= _STRETCH_MOST:
            yield start, position
            start = position


def _closest(found: Iterable[Heard], offset: int) -> list[Heard]:
    """Per end and written form the closest hit, in positions of the whole text."""
    best: dict[tuple[int, str], Heard] = {}
    for heard in found:
        key = (heard.end, heard.term.written)
        long_enough = heard.length >= _FEWEST_MORAE or heard.term.contexts
        if long_enough and (key not in best or heard.distance < best[key].distance):
            best[key] = heard
    return [
        Heard(heard.start + offset, heard.end + offset, heard.term, heard.distance, heard.length)
        for heard in best.values()
    ]


def _literal_spans(text: str, written: set[str]) -> list[tuple[int, int]]:
    """Where the text already says a term of three characters or more, commas aside."""
    places = [position for position, sign in enumerate(text) if not _SIGNS.match(sign)]
    bare = "".join(text[position] for position in places)
    longest = max(map(len, written), default=0)
    return [
        (places[start], places[start + size - 1] + 1)
        for start in range(len(bare))
        for size in range(3, min(longest, len(bare) - start) + 1)
        if bare[start : start + size] in written
    ]


def _expectations(text: str, lexicon: Lexicon) -> dict[Source, float]:
    """Per source how much of it is already in the text, as a natural logarithm of hits per 1,000 characters: a lexicon
    that has nothing to do with what is said should change nothing."""
    sources = {term.source for term in lexicon.terms}
    found: dict[Source, float] = {}
    for source in sources:
        own = {term.written for term in lexicon.from_source(source) if len(term.written) >= 4}
        hits = sum(len(word) for word in own if word in text)
        found[source] = math.log((1000 * hits + 1000) / (len(text) + 1000))
    return found


class _Literal:
    """Spans of the text that already say a term, asked for by place: a day of meetings says thousands."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._starts = [start for start, _ in self._spans]
        self._longest = max((end - start for start, end in self._spans), default=0)

    def overlapping(self, start: int, end: int) -> list[tuple[int, int]]:
        near = self._spans[bisect_right(self._starts, start - self._longest) : bisect_left(self._starts, end)]
        return [span for span in near if span[1] > start]


def _may_change(sheet: Sheet, heard: Heard, known: _Literal) -> bool:
    text, written = sheet.text[heard.start : heard.end], heard.term.written
    if heard.term.source == "builtin" and (
        _within_compound(sheet.text, heard) or _inflected(sheet.text, heard) or _same_word(text, written)
    ):
        return False
    bare = _SIGNS.sub("", text).replace("御", "ご")
    if (
        _SIGNS.sub("", written) in bare
        or _only_particles_more(bare, written)
        or not bare
        or sheet.text[heard.start] in "、。"
        or text[-1] in "、。"
    ):
        return False
    if _drops_particle(heard, text) or (written.endswith(_INTRODUCES) and not _COPULA.search(text)):
        return False
    if _splits_word(sheet.text, heard) or not keeps_numbers(sheet.text, heard):
        return False
    if sheet.longest_pause_ms(heard.start, heard.end) > _WITHIN_PAUSE_MS and heard.length < 12:
        return False
    for start, end in known.overlapping(heard.start, heard.end):
        bare_known = _SIGNS.sub("", sheet.text[start:end])
        if not (heard.start <= start and end <= heard.end and bare_known in _SIGNS.sub("", written)):
            return False
    if not heard.term.contexts:
        return True
    before, after = sheet.text[max(0, heard.start - 12) : heard.start], sheet.text[heard.end : heard.end + 12]
    return heard.distance == 0 and len(text) >= 2 and in_context(before, after, heard.term.contexts)


def _within_compound(text: str, heard: Heard) -> bool:
    """卒長会 is one misheard word, and 町会 is not what was meant by its end."""
    before = text[heard.start - 1 : heard.start] if heard.start else ""
    return heard.length <= _SHORT_MORAE and bool(_KANJI.match(before) and _KANJI.match(text[heard.start]))


def _inflected(text: str, heard: Heard) -> bool:
    """来場しないで is not 来場者: the end of what was heard is the beginning of an ending."""
    ending = text[heard.end - 1 : heard.end + 1]
    return (
        heard.distance > 0
        and len(ending) == 2
        and bool(_HIRAGANA.fullmatch(ending))
        and bool(_KANJI.match(heard.term.written[-1]))
    )


def _same_word(span: str, written: str) -> bool:
    """位置づけ is 位置付け already: how it is spelled is a matter of the office's style."""
    native = not _FOREIGN.search(span + written)
    return native and [token.form for token in analyse(span)] == [token.form for token in analyse(written)]


def _splits_word(text: str, heard: Heard) -> bool:
    """Goog[leMe]et, ネットワー[ク: a stretch that ends within one word of Latin letters or, not sounding the same, of
    katakana."""
    one_word = _LETTERS_WITHIN if heard.distance == 0 else _FOREIGN_WITHIN
    places = (place for place in (heard.start, heard.end) if place)
    return any(one_word.match(text[max(0, place - 1) : place + 1]) for place in places)


def _drops_particle(heard: Heard, span: str) -> bool:
    """校内の通信ネットワーク is not 校内通信ネットワーク: の was said and would be lost. Where more than particles is
    amiss, they were misheard with the rest."""
    if heard.distance < INSERTION or heard.length > _TITLE_MORAE:
        return False
    more = sum(token.is_particle and token.surface not in heard.term.written for token in analyse(span))
    return more > 0 and heard.distance < more * INSERTION + _PARTICLES_ALONE


def _only_particles_more(span: str, written: str) -> bool:
    """システムを構築 is not システム構築: what was said between the parts was said."""
    rest = iter(span)
    skipped = ""
    for wanted in written:
        for sign in rest:
            if sign == wanted:
                break
            skipped += sign
        else:
            return False
    return all(sign in "のをがはにでとやもへ" for sign in skipped + "".join(rest))


def in_context(before: str, after: str, patterns: Sequence[str]) -> bool:
    """Whether a homophone stands where one of its patterns says it does: in 用の~ and ~の更新 the sign ~ is its place.
    On a side the pattern leaves open, the word must not be part of a longer compound."""
    for pattern in patterns:
        left, right = pattern.split("~")
        joined_left = not left and _COMPOUND.match(before[-1:])
        joined_right = not right and _COMPOUND.match(after[:1])
        if before.endswith(left) and after.startswith(right) and not joined_left and not joined_right:
            return True
    return False


def best_together(sheet: Sheet, kept: Sequence[tuple[float, Heard]]) -> list[tuple[float, Heard]]:
    """Taken one after the other, what explains most first, none of which changes what another one stands on. What is
    the same before and after is no change: 新議会を被解 holds both 審議会 and 会を閉会."""
    chosen: list[tuple[float, Heard, Edit]] = []
    for probability, heard in sorted(kept, key=_explained, reverse=True):
        edit = trimmed(sheet.text, Edit(heard.start, heard.end, heard.term.written, ""))
        if not any(_collide(edit, heard, other, taken) for _, taken, other in chosen):
            chosen.append((probability, heard, edit))
    return [(probability, heard) for probability, heard, _ in sorted(chosen, key=lambda item: item[1].start)]


def _collide(edit: Edit, heard: Heard, other: Edit, taken: Heard) -> bool:
    return (edit.start < taken.end and taken.start < edit.end) or (other.start < heard.end and heard.start < other.end)


def _explained(item: tuple[float, Heard]) -> tuple[float, float, int]:
    """Morae that are explained, less what they are off; then the likeliest, then the first."""
    probability, heard = item
    return heard.length - 4 * heard.distance + 2 * heard.term.weight, probability, -heard.start


def _reason(heard: Heard, probability: float) -> str:
    term: Term = heard.term
    return f"{LABELS[term.source]}「{term.written}」({term.reading})に音が近い(確からしさ{probability:.0%})"
