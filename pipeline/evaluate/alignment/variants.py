"""Other spellings of the same word are no errors: 事/こと, 出来る/できる, 引越し/引っ越し, 方/かた.

After Karita, Sproat and Ishikawa, Lenient Evaluation of Japanese Speech Recognition (CAWL 2023): a stretch counts as
equal when both sides can be read alike and are either the same dictionary words, or one only writes in kana what the
other writes in kanji. Homophones (次期/時期) stay errors. Readings and dictionary forms are SudachiPy's.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, product

from pipeline.evaluate.alignment.alignment import Alignment, Mark
from pipeline.evaluate.alignment.words import stretches, words_of
from pipeline.lexicon.japanese import Token, homographs
from pipeline.lexicon.kana import to_katakana

_LONGEST = 8
"""Words of one stretch: more is not a matter of spelling."""
_MOST_READINGS = 200
_KANA = re.compile(r"[ぁ-ゖァ-ヺー\W]+")


def forgive_variants(alignment: Alignment) -> None:
    """Mark stretches that are only spelled differently as VARIANT on both sides."""
    above, beneath = words_of(alignment.reference), words_of(alignment.hypothesis)
    for stretch in list(stretches(alignment, above, beneath)):
        told = above.within(stretch.start, stretch.end)
        heard = beneath.within(stretch.heard_start, stretch.heard_end)
        if told and heard and max(len(told), len(heard)) <= _LONGEST and same_words(told, heard):
            _forgive(alignment.marks, stretch.start, stretch.end)
            _forgive(alignment.heard_marks, stretch.heard_start, stretch.heard_end)


def same_words(one: Sequence[Token], other: Sequence[Token]) -> bool:
    """Whether two runs of words are the same words in other spellings."""
    if not _readings(tuple(one)) & _readings(tuple(other)):
        return False
    if "".join(token.form for token in one) == "".join(token.form for token in other):
        return True
    kanji, other_kanji = (_KANA.sub("", "".join(token.surface for token in side)) for side in (one, other))
    return _within(kanji, other_kanji) or _within(other_kanji, kanji)


@lru_cache(maxsize=4096)
def _readings(words: tuple[Token, ...]) -> frozenset[str]:
    """All ways to read the words, as far as the dictionary knows."""
    each = [
        dict.fromkeys([_sound(token.reading), *(_sound(reading) for reading, _ in homographs(token.surface))])
        for token in words
    ]
    return frozenset("".join(combined) for combined in islice(product(*each), _MOST_READINGS))


def _sound(reading: str) -> str:
    return re.sub(r"[\W_]", "", to_katakana(reading)).replace("ヅ", "ズ").replace("ヂ", "ジ")


def _within(few: str, many: str) -> bool:
    """Whether the signs of few stand in many, in order."""
    rest = iter(many)
    return all(sign in rest for sign in few)


def _forgive(marks: bytearray, start: int, end: int) -> None:
    for place in range(start, end):
        if marks[place] != Mark.EQUAL:
            marks[place] = Mark.VARIANT
