"""Numbers as text: reading and writing them without changing their value."""

import re
import unicodedata

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "ゼ": 0}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "億": 10**8, "兆": 10**12}
KANJI = "〇零一二三四五六七八九十百千万億兆"


def value_of(numeral: str) -> int | None:
    """The value of 十二, 二百, 3千5百万, 1億2,000万, 二〇二六 or 12; None when it is not a whole number."""
    text = unicodedata.normalize("NFKC", numeral).replace(",", "")
    if not text or any(c not in _DIGITS and c not in _SMALL and c not in _LARGE and not c.isdecimal() for c in text):
        return None
    if not any(c in _SMALL or c in _LARGE for c in text):
        return int("".join(str(_DIGITS.get(c, c)) for c in text))
    return _with_units(text)


def _with_units(text: str) -> int | None:
    total, section, digits = 0, 0, ""
    last_large, last_small = 10**16, 10**4
    for char in text:
        if char in _LARGE:
            if _LARGE[char] >= last_large or not (section or digits):
                return None
            total += (section + int(digits or 0)) * _LARGE[char]
            section, digits, last_large, last_small = 0, "", _LARGE[char], 10**4
        elif char in _SMALL:
            if _SMALL[char] >= last_small:
                return None
            section += int(digits or 1) * _SMALL[char]
            digits, last_small = "", _SMALL[char]
        else:
            digits += str(_DIGITS.get(char, char))
    return total + section + int(digits or 0)


def arabic(value: int, *, grouped: bool = True) -> str:
    """As official minutes print a count: 12, 2,200, 3,500万, 1億2,000万. Below ten thousand there is no 万; a value
    whose tail is not round stays in digits (12,345)."""
    if value < 10_000 or value % 1000:
        return f"{value:,}" if grouped else str(value)
    parts = []
    for unit, size in (("兆", 10**12), ("億", 10**8), ("万", 10**4)):
        if value >= size:
            parts.append(f"{value // size:,}{unit}")
            value %= size
    return "".join(parts) + (f"{value:,}" if value else "")


def kanji(value: int) -> str:
    """1 … 99 in kanji: 一, 十, 二十三."""
    tens, ones = divmod(value, 10)
    return ("" if tens == 0 else "十" if tens == 1 else "〇一二三四五六七八九"[tens] + "十") + (
        "" if ones == 0 else "〇一二三四五六七八九"[ones]
    )


def values_in(text: str) -> tuple[int, ...]:
    """All whole numbers in a text in order: the check that writing changed no value."""
    pattern = re.compile(rf"[\d{KANJI}](?:[,,]?[\d{KANJI}])*")
    return tuple(value for match in pattern.finditer(text) if (value := value_of(match.group())) is not None)
