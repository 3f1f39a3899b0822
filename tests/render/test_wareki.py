import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records.base import elapsed
from pipeline.render.wareki import clock, wareki

FIRST_YEARS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
PRINTED = re.compile(r"(明治|大正|昭和|平成|令和)(元|\d+)年(\d+)月(\d+)日\uff08([月火水木金土日])\uff09")


@pytest.mark.parametrize(
    ("date", "printed"),
    [
        ((2020, 5, 27), "令和2年5月27日\uff08水\uff09"),
        ((2019, 5, 1), "令和元年5月1日\uff08水\uff09"),
        ((2019, 4, 30), "平成31年4月30日\uff08火\uff09"),
        ((1989, 1, 8), "平成元年1月8日\uff08日\uff09"),
        ((1989, 1, 7), "昭和64年1月7日\uff08土\uff09"),
        ((1926, 12, 25), "昭和元年12月25日\uff08土\uff09"),
        ((1926, 12, 24), "大正15年12月24日\uff08金\uff09"),
        ((1912, 7, 30), "大正元年7月30日\uff08火\uff09"),
        ((1912, 7, 29), "明治45年7月29日\uff08月\uff09"),
        ((1868, 1, 25), "明治元年1月25日\uff08土\uff09"),
        ((1868, 1, 24), "1868年1月24日\uff08金\uff09"),
    ],
)
def test_eras_begin_and_end_on_their_days(date: tuple[int, int, int], printed: str) -> None:
    assert wareki(datetime.date(*date)) == printed


@given(st.dates(min_value=datetime.date(1868, 1, 25), max_value=datetime.date(2999, 12, 31)))
def test_the_printed_date_reads_back_as_the_same_day(date: datetime.date) -> None:
    match = PRINTED.fullmatch(wareki(date))
    assert match is not None
    era, year, month, day, weekday = match.groups()
    count = 1 if year == "元" else int(year)
    assert year != "1"
    read = datetime.date(FIRST_YEARS[era] + count - 1, int(month), int(day))
    assert read == date
    assert "月火水木金土日".index(weekday) == date.weekday()


@pytest.mark.parametrize(
    ("time", "printed"),
    [
        ((13, 7), "午後1時07分"),
        ((9, 30), "午前9時30分"),
        ((12, 5), "午後0時05分"),
        ((12, 0), "午後0時00分"),
        ((0, 5), "午前0時05分"),
        ((11, 59), "午前11時59分"),
        ((23, 59), "午後11時59分"),
    ],
)
def test_hours_are_halves_of_the_day(time: tuple[int, int], printed: str) -> None:
    assert clock(datetime.time(*time)) == printed


@given(st.times())
def test_every_time_reads_back(time: datetime.time) -> None:
    match = re.fullmatch(r"午(前|後)(\d{1,2})時(\d\d)分", clock(time))
    assert match is not None
    assert int(match[2]) < 12
    assert (int(match[2]) + (12 if match[1] == "後" else 0), int(match[3])) == (time.hour, time.minute)


def test_a_place_in_a_long_recording() -> None:
    assert elapsed(751_999) == "00:12:31"
    assert elapsed(8 * 3_600_000) == "08:00:00"
