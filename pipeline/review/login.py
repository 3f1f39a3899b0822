"""Logging in: who may try, how often, and what is noted of it."""

import datetime
import re
import threading
import unicodedata

from pipeline.review.passwords import matches
from pipeline.store.people import People
from pipeline.store.tables.base import now

_WINDOW = datetime.timedelta(minutes=15)
_FREE_OF_NAME, _FREE_OF_ADDRESS = 5, 50
"""Failed tries within the window that cost no waiting: a whole office may share one address."""
_NAME = re.compile(r"[\w.@+-]{1,64}")
_FIRST_WAIT_S, _LONGEST_WAIT_S = 5.0, 300.0


class TooOften(Exception):
    """Too many tries failed. seconds: until the next is looked at."""

    def __init__(self, seconds: int) -> None:
        super().__init__(str(seconds))
        self.seconds = seconds


class Login:
    """The door. One try at a time is looked at, so that many at once cannot slip past the limit."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._lock = threading.Lock()

    def log_in(self, name: str, password: str, address: str) -> str | None:
        """The new session's token; None when name and password do not belong together. Raises TooOften."""
        name = account_name(name)
        if not self.confirmed(name, password, address):
            return None
        self._people.note(name, "login", address=address)
        return self._people.begin_session(name)

    def confirmed(self, name: str, password: str, address: str) -> bool:
        """Whether it is the password of an account that may be used; notes when it is not. Raises TooOften."""
        name = "?" if name_fault(name) else name  # nobody's, and nothing that a database refuses
        with self._lock:
            self._check(name, address)
            account = self._people.account(name)
            right = matches(password, account.password if account else None)
            if account is not None and account.enabled and right:
                return True
            self._people.note(name, "login-failed", address=address)
        return False

    def _check(self, name: str, address: str) -> None:
        since = now() - _WINDOW
        waits = [
            _wait_s(*self._people.failures(since, account=name), _FREE_OF_NAME),
            _wait_s(*self._people.failures(since, address=address), _FREE_OF_ADDRESS),
        ]
        if max(waits) > 0:
            raise TooOften(max(1, round(max(waits))))


def _wait_s(failed: int, last: datetime.datetime | None, free: int) -> float:
    """Seconds left to wait: doubled with every failure beyond the free ones, counted from the last."""
    if last is None or failed < free:
        return 0.0
    whole = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0 ** min(failed - free, 10))
    return whole - (now() - last).total_seconds()


def name_fault(name: str) -> str | None:
    """Why this cannot be an account's name, for people to read."""
    if _NAME.fullmatch(name):
        return None
    return "利用者名は、文字と数字、ピリオド、ハイフン、@ で、64文字までにしてください。"


def account_name(text: str) -> str:
    """As accounts are named: without regard to width and case."""
    return unicodedata.normalize("NFKC", text).strip().casefold()
