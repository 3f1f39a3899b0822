"""The signs of the form: full-width punctuation in its fields, and nothing that a document cannot carry."""

import re

COLON = "\uff1a"
TILDE = "\uff5e"
_WIDE = {"(": "\uff08", ")": "\uff09", "~": TILDE, "\u301c": TILDE}
_COLON_IN_JAPANESE = re.compile(r"(?<![\x21-\x7e]):|:(?![\x20-\x7e])")
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


def bracketed(text: str) -> str:
    """The text in full-width brackets."""
    return f"{_WIDE['(']}{text}{_WIDE[')']}"
