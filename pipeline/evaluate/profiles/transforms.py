"""What can be done to a text before its characters are compared; a profile is a list of these."""

import re
import unicodedata

from pipeline.evaluate.profiles.mapped import Mapped

_PLAIN = "\u0020-\u007e\u3001-\u3096\u309d-\u309f\u30a1-\u30ff\u4e00-\u9fff\uff01-\uff60"
"""Characters that never join with the one before them: ASCII, Japanese letters and signs without voicing marks."""
_CLUSTER = re.compile(rf"[{_PLAIN}][^{_PLAIN}]*|[^{_PLAIN}]+")
_SPOKEN_SIGNS = {
    "%": "パーセント",
    "‰": "パーミル",
    "℃": "度",
    "°C": "度",
    "㎡": "平方メートル",
    "㎢": "平方キロメートル",
}
_SPOKEN_SIGN = re.compile("|".join(map(re.escape, _SPOKEN_SIGNS)))
_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_DASH_AFTER_KANA = re.compile(r"(?<=[ぁ-ゖァ-ヺー])[-‐‑–—―─−~〜\uff5e]+")
_LONG_RUN = re.compile(r"ー{2,}")
_LAST_LONG = re.compile(r"(?<=[ァ-ヺー]{3})ー(?![ァ-ヺー])")
_COUNTER_KA = re.compile(r"(?<=[0-9何数])[カヵヶケ箇個](?=月|所|年|国|条|村|町|寺|校)")


def nfkc(text: Mapped) -> Mapped:
    """Full-width Latin letters and digits become half-width, half-width kana full-width (Unicode NFKC).

    Done cluster by cluster: a letter with the marks that follow it, so that each result knows where it came from."""
    if unicodedata.is_normalized("NFKC", text.text):
        return text
    return text.replaced(_CLUSTER, lambda cluster: unicodedata.normalize("NFKC", cluster.group()))


def without_spaces(text: Mapped) -> Mapped:
    """Spaces and line ends go: Japanese does not write them, and where a program puts them means nothing."""
    return text.kept(lambda character: not character.isspace())


def without_punctuation(text: Mapped) -> Mapped:
    """Only letters, digits and marks stay (Unicode categories L, N, M): no punctuation, symbols, spaces, controls.

    ー is a letter and stays; combining marks stay, so that a decomposed が is never cut to か."""
    return text.kept(lambda character: unicodedata.category(character)[0] in "LNM")


def spoken_signs(text: Mapped) -> Mapped:
    """Signs that are spoken become the word (28% and 28パーセント are the same), and the decimal point becomes 点."""
    worded = text.replaced(_SPOKEN_SIGN, lambda sign: _SPOKEN_SIGNS[sign.group()])
    return worded.replaced(_POINT, lambda _: "点")


def long_vowels(text: Mapped) -> Mapped:
    """Any dash after kana is ー, many are one, and a katakana word of four signs and more ends without it
    (サーバー and サーバ, as the Japanese Industrial Standards and the Cabinet's notice write them)."""
    marked = text.replaced(_DASH_AFTER_KANA, lambda _: "ー")
    single = marked.replaced(_LONG_RUN, lambda _: "ー")
    return single.replaced(_LAST_LONG, lambda _: "")


def counter_ka(text: Mapped) -> Mapped:
    """3カ月, 3ヶ月, 3箇月 and 3か月 are the same."""
    return text.replaced(_COUNTER_KA, lambda _: "か")


def lower_case(text: Mapped) -> Mapped:
    """LAN and lan sound alike."""
    lowered = text.text.lower()
    if len(lowered) != len(text.text):  # a few letters of other scripts grow; they stay as they are
        lowered = "".join(low if len(low := character.lower()) == 1 else character for character in text.text)
    return Mapped(lowered, text.origin)
