"""Number forms: 三, 二十一, 二〇二六, 1万2千 and 1,356 as plain digits, on both sides alike."""

import re

from pipeline.evaluate.profiles.mapped import Mapped

_DIGITS = {sign: str(value) for value, sign in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "億": 10**8, "兆": 10**12}
_SIGNS = "0-9" + "".join(_DIGITS) + "".join(_SMALL) + "".join(_BIG)
_RUN = re.compile(rf"[{_SIGNS}](?:[{_SIGNS}]|,(?=[0-9]{{3}}(?![0-9])))*")
_COUNTERS = frozenset(
    "人名円年月日回件台校本番号条項点割分時度秒歳才個枚冊棟戸世帯区町村丁目階級位倍種箇所カヵヶケか%パキメグトリ平余以"
)
_SECTION = re.compile(rf"(?P<section>[^{''.join(_BIG)}]*)(?P<unit>[{''.join(_BIG)}]?)")


def digits(text: Mapped) -> Mapped:
    """Every number in digits. A lone 十, 百, 千 or 万 is a number only before a counter (千人, not 千葉)."""
    return text.replaced(_RUN, lambda run: _in_digits(run.group(), text.text[run.end() : run.end() + 1]))


def _in_digits(run: str, following: str) -> str:
    plain = "".join(_DIGITS.get(sign, sign) for sign in run if sign != ",")
    if plain.isdecimal():
        return plain
    if not any(sign.isdecimal() for sign in plain) and (not following or following not in _COUNTERS):
        return run
    value = _value(plain)
    return plain if value is None else str(value)


def _value(run: str) -> int | None:
    """The number that digits and units make; None where they make none (百二三千)."""
    total, last = 0, 10**16
    for part in _SECTION.finditer(run):
        if not part.group():
            continue
        unit = _BIG.get(part["unit"], 1)
        section = _section(part["section"]) if part["section"] else 1
        if section is None or section >= 10**8 or unit >= last:
            return None
        total, last = total + section * unit, unit
    return total


def _section(text: str) -> int | None:
    """A number below ten thousand, or plain digits."""
    total, number, last = 0, "", 10**4
    for sign in text:
        if sign.isdecimal():
            number += sign
            continue
        unit = _SMALL[sign]
        if unit >= last or len(number) > 1:
            return None
        total, number, last = total + int(number or 1) * unit, "", unit
    return None if number and len(number) > 1 and total else total + int(number or 0)
