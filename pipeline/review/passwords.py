"""Passwords: what is accepted as one, and their argon2id hashes."""

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 200
"""Characters. Long and simple is better than short and odd (NIST SP 800-63B)."""


def weakness(password: str, name: str) -> str | None:
    """Why a password is not accepted, for people to read; None when it is."""
    plain = _plain(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        return f"パスワードは{SHORTEST}文字以上{LONGEST}文字以下にしてください。"
    if name and name.casefold() in plain.casefold() and len(plain) < 2 * len(name) + SHORTEST:
        return "パスワードに利用者名を含めないでください。"
    if len(set(plain)) < 5:
        return "同じ文字の繰り返しはパスワードにできません。"
    return None


def hashed(password: str) -> str:
    """For the database: argon2id with the library's parameters (RFC 9106, low memory), salt included."""
    return _hasher().hash(_plain(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether it is the password of this hash. Takes as long for a name nobody has (kept: None)."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(kept or _nobodys(), _plain(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody's password")


def _plain(password: str) -> str:
    """Typed with an input method on or off, it is the same password."""
    return unicodedata.normalize("NFKC", password)
