"""The hours in which a batch may use the machine: 20:00-07:00, by the clock of this place."""

import datetime
import re
from dataclasses import dataclass

_FORM = re.compile(r"([0-2]?\d):([0-5]\d)\s*[-–~〜\uff5e]\s*([0-2]?\d):([0-5]\d)")


@dataclass(frozen=True)
class Hours:
    """From begins to ends; over midnight when it begins later than it ends."""

    begins: datetime.time
    ends: datetime.time

    @classmethod
    def parse(cls, text: str) -> "Hours":
        """ValueError when it is not like 20:00-07:00."""
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not like 20:00-07:00")
        first, second, third, fourth = map(int, match.groups())
        hours = cls(datetime.time(first, second), datetime.time(third, fourth))
        if hours.begins == hours.ends:
            raise ValueError(f"{text!r} begins when it ends")
        return hours

    def __contains__(self, moment: datetime.time) -> bool:
        if self.begins < self.ends:
            return self.begins <= moment < self.ends
        return moment >= self.begins or moment < self.ends
