"""A term: how it is written, how it is spoken, and why we expect it."""

from typing import Literal

from pydantic import Field

from pipeline.lexicon.kana import is_kana, to_katakana
from pipeline.records.base import Record

Source = Literal["meeting", "dictionary", "learned", "handout", "builtin"]
LABELS: dict[Source, str] = {
    "meeting": "会議情報",
    "dictionary": "庁内辞書",
    "learned": "過去の修正",
    "handout": "配布資料",
    "builtin": "標準辞書",
}
"""For the clerk: where a term came from."""


class Term(Record):
    """written is printed; reading is katakana. weight (0–1): how surely it is said in this meeting."""

    written: str = Field(min_length=1)
    reading: str = Field(min_length=1)
    source: Source
    weight: float = Field(default=0.5, ge=0.0, le=1.0)
    contexts: tuple[str, ...] = ()
    """When not empty, the term is a homophone of everyday words and only believed where one of these patterns fits
    (~ is the term's place: 用の~, ~の更新)."""
    misheard: tuple[str, ...] = ()
    """What stood in its place where people put it right (kaigiroku learn): put right from now on, wherever it stands
    as whole words."""


def make_term(
    written: str, reading: str | None, source: Source, weight: float, contexts: tuple[str, ...] = ()
) -> Term | None:
    """A term from what a person or a document gives; the reading is looked up when not given. None when the reading
    cannot be known or is shorter than two kana: such a term would match everywhere."""
    from pipeline.lexicon.builtin import known_readings
    from pipeline.lexicon.japanese import reading_of

    text = written.strip()
    kana = (
        to_katakana(reading).replace(" ", "").replace("・", "")
        if reading
        else known_readings().get(text) or reading_of(text)
        if text
        else ""
    )
    if not is_kana(kana) or len(kana) < 2:
        return None
    return Term(written=text, reading=kana, source=source, weight=weight, contexts=contexts)
