"""The signs of the form: full-width punctuation, digits as the office writes them, and nothing that a document cannot
carry."""

import re
import unicodedata

COLON = "\uff1a"
TILDE = "\uff5e"
_WIDE = {"(": "\uff08", ")": "\uff09", "~": TILDE, "\u301c": TILDE}
_COLON_IN_JAPANESE = re.compile(r"(?<![\x21-\x7e]):|:(?![\x20-\x7e])")
_ENDS_IN_JAPANESE = re.compile(r"(?<=[^\x00-\x7e\s])[?!]+")
_NUMBER = re.compile(r"[0-9０-９](?:[0-9０-９]|[,.，．](?=[0-9０-９]))*")
_TO_WIDE = {code: code + 0xFEE0 for code in b"0123456789,.?!"}
_NOT_XML = re.compile("[^\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u007f-\u009f]")


def printable(text: str) -> str:
    """Text on one line that any document format can carry: line ends, tabs and other separators become one space;
    control characters and what XML forbids (lone surrogates, U+FFFE, U+FFFF) are left out."""
    spaced = re.sub(r"[\t\n\r\v\f\x85\u2028\u2029]+", " ", text)
    return _NOT_XML.sub("", spaced).strip()


def in_form(text: str) -> str:
    """A field's text as the form prints it: printable, with full-width brackets, tilde, and colons in Japanese text
    (those of 10:30 or https:// stay)."""
    wide = "".join(_WIDE.get(sign, sign) for sign in printable(text))
    return _COLON_IN_JAPANESE.sub(COLON, wide)


def in_speech(text: str) -> str:
    """As in_form, for what was said: question and exclamation marks after Japanese are full-width too."""
    return _ENDS_IN_JAPANESE.sub(lambda found: found[0].translate(_TO_WIDE), in_form(text))


def with_digits(text: str, width: str) -> str:
    """The text with its Arabic numbers as-is, half, wide, or single-wide: one digit alone full-width, longer numbers
    half-width. Beside a Latin letter (A4, Wi-Fi6) a number is never full-width."""
    return text if width == "as-is" else _NUMBER.sub(lambda found: _digits(found, width), text)


def _digits(found: re.Match[str], width: str) -> str:
    number = unicodedata.normalize("NFKC", found[0])
    around = found.string[: found.start()][-1:] + found.string[found.end() :][:1]
    latin = any(sign.isascii() and sign.isalpha() for sign in around)
    wide = width == "wide" or (width == "single-wide" and len(number) == 1)
    return number.translate(_TO_WIDE) if wide and not latin else number


def width_in_em(text: str) -> float:
    """Width in full-width characters: half-width ones count half."""
    return sum(0.5 if unicodedata.east_asian_width(sign) in ("Na", "N", "H") else 1 for sign in text)


def bracketed(text: str) -> str:
    """The text in full-width brackets."""
    return f"{_WIDE['(']}{text}{_WIDE[')']}"
