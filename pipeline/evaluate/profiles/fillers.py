"""Hesitations that a filler-free reference leaves out: a fixed list, so that a figure means the same next year.

On purpose not what the product's own ケバ取り does: a measure must not move when the thing measured is improved. The
list holds only what is no word elsewhere; あの, その, まあ and え count as fillers where a comma sets them apart.
"""

import re

from pipeline.evaluate.profiles.mapped import Mapped

_SURE = r"(?:えー+っ?とー?|えっとー?|ええとー?|えー+|あのー+|あのう)"
_DRAWN = r"(?:その(?:ー+|う(?=[、,]))|あー+|うー+ん?|うーん|んー+|まー+|おー+)"
_SET_APART = r"(?:え|ええ|あ|ま|まあ|う|お|あの|その|なんか|こう|んと)(?=[、,])"
_FILLER = re.compile(
    rf"(?:(?<![ぁ-ゖァ-ヺー])(?:{_SURE}|{_DRAWN})|(?<=[はがをにでともての]){_SURE}|(?:^|(?<=[。、,.?!「」\s])){_SET_APART})"
    r"(?:ですね)?[、,]?"
)
_TAGGED = re.compile(r"\([FD][?]?\s+[^()]*\)[、,]?")
_TAG = re.compile(r"\([FD][?]?\s+([^()]*)\)")


def without_fillers(text: Mapped) -> Mapped:
    """Hesitations are taken out, and whatever a transcriber tagged as one: (F えー), (D ふくし)."""
    return text.replaced(_TAGGED, lambda _: "").replaced(_FILLER, lambda _: "")


def without_tags(text: Mapped) -> Mapped:
    """Tagged hesitations stay, without their tags."""
    return text.replaced(_TAG, lambda tagged: tagged.group(1))
