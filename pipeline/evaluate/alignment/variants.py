"""Other spellings of the same word are no errors: 事/こと, 出来る/できる, 引越し/引っ越し, 方/かた.

After Karita, Sproat and Ishikawa, Lenient Evaluation of Japanese Speech Recognition (CAWL 2023): a stretch counts as
equal when both sides can be read alike and are the same dictionary words, or the hypothesis only writes in kana what
the reference writes in kanji. Homophones (次期/時期, かた/肩) and numbers stay errors. Readings and dictionary forms
are SudachiPy's.
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
_IN_KANA = {
    "事": "こと", "物": "もの", "者": "もの", "所": "ところ", "上": "うえ", "今": "いま", "時": "とき", "内": "うち",
    "為": "ため", "様": "よう", "訳": "わけ", "通り": "とおり", "頃": "ころ", "程": "ほど", "位": "くらい",
    "他": "ほか", "方": "かた", "皆様": "みなさま", "御": "ご",
}  # fmt: skip
"""Formal nouns and the like, which the dictionary holds as words of their own in kana."""
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


def same_words(told: Sequence[Token], heard: Sequence[Token]) -> bool:
    """Whether what was heard is what was told in another spelling."""
    if any(token.pos[1] == "数詞" for token in (*told, *heard)):
        return False
    if not _readings(tuple(told)) & _readings(tuple(heard)):
        return False
    if _forms(told) == _forms(heard):
        return True
    kanji, kanji_heard = (_KANA.sub("", "".join(token.surface for token in side)) for side in (told, heard))
    return len(kanji_heard) < len(kanji) and _within(kanji_heard, kanji)


def _forms(words: Sequence[Token]) -> str:
    return "".join(_IN_KANA.get(token.form, token.form) for token in words)


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
