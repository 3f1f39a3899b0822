"""Dates and times as Japanese offices write them."""

import datetime

_ERAS = (
    (datetime.date(2019, 5, 1), "令和"),
    (datetime.date(1989, 1, 8), "平成"),
    (datetime.date(1926, 12, 25), "昭和"),
    (datetime.date(1912, 7, 30), "大正"),
    (datetime.date(1868, 1, 25), "明治"),
)
_WEEKDAYS = "月火水木金土日"


def wareki(date: datetime.date) -> str:
    """The date with era and weekday in full-width brackets: 令和2年5月27日（水）.

    The first year of an era is 元年; a date before Meiji keeps its western year.
    """
    weekday = _WEEKDAYS[date.weekday()]
    return f"{_era_year(date)}年{date.month}月{date.day}日\uff08{weekday}\uff09"


def clock(time: datetime.time) -> str:
    """The time in halves of the day with two-digit minutes: 午後1時07分. Noon is 午後0時00分, midnight 午前0時00分."""
    half = "午前" if time.hour < 12 else "午後"
    return f"{half}{time.hour % 12}時{time.minute:02d}分"


def _era_year(date: datetime.date) -> str:
    for begins, era in _ERAS:
        if date >= begins:
            year = date.year - begins.year + 1
            return f"{era}{'元' if year == 1 else year}"
    return str(date.year)
