"""Kana as sounds: morae, and how easily one is heard as another."""

import re
import unicodedata
from functools import cache

_SMALL = "ャュョァィゥェォヮ"
_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "g": "ガギグゲゴ", "s": "サシスセソ", "z": "ザジズゼゾ", "t": "タチツテト",
    "d": "ダヂヅデド", "n": "ナニヌネノ", "h": "ハヒフヘホ", "b": "バビブベボ", "p": "パピプペポ", "m": "マミムメモ",
    "y": "ヤ*ユ*ヨ", "r": "ラリルレロ", "w": "ワヰ*ヱヲ",
}  # fmt: skip
_SOUND = {kana: (c, "aiueo"[i]) for c, row in _ROWS.items() for i, kana in enumerate(row) if kana != "*"}
_SOUND |= {"ヲ": ("", "o"), "ヰ": ("", "i"), "ヱ": ("", "e"), "ヂ": ("z", "i"), "ヅ": ("z", "u"), "ヴ": ("b", "u")}
LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        re.split(
            " ",
            "エー ビー シー ディー イー エフ ジー エイチ アイ ジェー ケー エル エム エヌ "
            "オー ピー キュー アール エス ティー ユー ブイ ダブリュー エックス ワイ ゼット",
        ),
        strict=True,
    )
)
"""How Latin letters are called."""
SYLLABLES = {
    (consonant + "aiueo"[i]).upper(): kana
    for consonant, row in _ROWS.items()
    for i, kana in enumerate(row)
    if kana != "*"
} | {"CA": "カ", "CO": "コ", "CU": "ク", "N": "ン", "V": "ビー", "D": "デー", "T": "テー", "Z": "ズィー"}
"""How else they are said: as syllables (the CO of ESCO), or by a second name."""
_GLIDE = {"ャ": "a", "ュ": "u", "ョ": "o", "ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o", "ヮ": "a"}
_MORA = re.compile(rf"[{''.join(_SOUND)}][{_SMALL}]?|[ーッン]")
_CLOSE_CONSONANTS = {
    frozenset(pair): cost
    for cost, pairs in (
        (0.2, ("kg", "sz", "td", "hb", "pb", "hp", "w", "mn", "zd", "hw")),
        (
            0.3,
            ("rd", "nd", "rn", "bm", "y", "g", "h", "yr", "tz", "ts", "sh", "nm", "bg", "dg", "zy", "pt", "kt", "pk"),
        ),
    )
    for pair in (p if len(p) == 2 else p + "_" for p in pairs)
}
_CLOSE_VOWELS = {frozenset(pair): 0.3 for pair in ("ao", "ie", "uo", "iu", "ae", "eu")}
_WEAK = {"ー": 0.25, "ッ": 0.35, "ン": 0.55}
INSERTION = 0.85
"""What a mora too many or too few costs, unless it is one that is easily swallowed."""


def to_katakana(text: str) -> str:
    """Hiragana to katakana, half width to full; everything else stays."""
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in unicodedata.normalize("NFKC", text))


def to_hiragana(text: str) -> str:
    """Katakana to hiragana; everything else stays."""
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text)


def is_kana(text: str) -> bool:
    """Whether a text is a reading: kana and nothing else, and not empty."""
    return bool(re.fullmatch(r"[ァ-ヴー]+", to_katakana(text).replace(" ", "").replace("・", "")))


def morae(reading: str) -> tuple[str, ...]:
    """The sounds of a reading: long vowels written out (チョウ, セイ, オオ) become ー; what is not kana is skipped."""
    found: list[str] = []
    for mora in _MORA.findall(to_katakana(reading).replace("ヶ", "ケ").replace("ヵ", "カ")):
        vowel = _vowel(found[-1]) if found and found[-1] not in "ッン" else ""
        if found and found[-1] == "ー":
            vowel = _vowel(found[-2]) if len(found) > 1 else ""
        longer = (mora, vowel) in {
            ("ウ", "o"),
            ("ウ", "u"),
            ("イ", "e"),
            ("イ", "i"),
            ("オ", "o"),
            ("エ", "e"),
            ("ア", "a"),
        }
        if longer and found[-1] != "ー":
            found.append("ー")
        else:
            found.append({"ヂ": "ジ", "ヅ": "ズ", "ヲ": "オ"}.get(mora, mora))
    return tuple(found)


def _vowel(mora: str) -> str:
    return _GLIDE.get(mora[-1]) or _SOUND.get(mora, ("", ""))[1]


@cache
def _features(mora: str) -> tuple[str, bool, str]:
    consonant, vowel = _SOUND[mora[0]]
    glides = len(mora) == 2
    soft = (glides and mora[1] in "ャュョ") or (vowel == "i" and consonant in ("s", "t", "z"))
    return consonant, soft, _GLIDE[mora[1]] if glides else vowel


@cache
def substitution(heard: str, meant: str) -> float:
    """Cost 0…1 of hearing one mora for another. Hand-set by voicing, place, palatalisation, vowel height."""
    if heard == meant:
        return 0.0
    if heard in _WEAK or meant in _WEAK:
        return min(1.0, 0.4 + 0.5 * max(_WEAK.get(heard, 1.0), _WEAK.get(meant, 1.0)))
    (c1, p1, v1), (c2, p2, v2) = _features(heard), _features(meant)
    cost = 0.0 if c1 == c2 else _CLOSE_CONSONANTS.get(frozenset((c1 or "_", c2 or "_")), 0.5)
    cost += 0.0 if v1 == v2 else _CLOSE_VOWELS.get(frozenset((v1, v2)), 0.45)
    return min(1.0, cost + (0.15 if p1 != p2 else 0.0))


def gap(mora: str) -> float:
    """Cost of a mora that the other side lacks."""
    return _WEAK.get(mora, INSERTION)


def spelled(letters: str) -> str:
    """Latin letters read one by one: ESCO イーエスシーオー."""
    return "".join(LETTERS[letter] for letter in unicodedata.normalize("NFKC", letters).upper())


_ONES = ("", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュウ")
_CHANGED = {
    "イチセン": "セン", "サンセン": "サンゼン", "ハチセン": "ハッセン", "イチヒャク": "ヒャク",
    "サンヒャク": "サンビャク", "ロクヒャク": "ロッピャク", "ハチヒャク": "ハッピャク", "イチジュウ": "ジュウ",
}  # fmt: skip


def spoken_number(value: int) -> str:
    """How a whole number below ten thousand is read: 65 ロクジュウゴ; larger ones and 0 are not read out (empty)."""
    if not 0 < value < 10_000:
        return ""
    read = ""
    for size, name in ((1000, "セン"), (100, "ヒャク"), (10, "ジュウ")):
        digit = value // size % 10
        read += _CHANGED.get(_ONES[digit] + name, _ONES[digit] + name) if digit else ""
    return read + _ONES[value % 10]
