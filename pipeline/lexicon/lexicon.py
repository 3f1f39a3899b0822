"""What a meeting is expected to say: terms with readings, gathered from all sources, best source first."""

import hashlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from pipeline.lexicon.terms import Source, Term
from pipeline.records.base import Record
from pipeline.records.meeting import Meeting

_ORDER: tuple[Source, ...] = ("meeting", "dictionary", "learned", "handout", "builtin")


class Lexicon(Record):
    """Terms without duplicates (same written form and reading), in order of their sources' authority."""

    terms: tuple[Term, ...] = ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything that decides what the lexicon does."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def from_source(self, *sources: Source) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.source in sources)


def build_lexicon(
    meeting: Meeting, *, handouts: Sequence[Path] = (), dictionary: Path | None = None, builtin: bool = True
) -> Lexicon:
    """All that is known beforehand. Raises LexiconFileError for a handout or dictionary that cannot be read."""
    from pipeline.lexicon.builtin import builtin_terms
    from pipeline.lexicon.dictionary import read_dictionary
    from pipeline.lexicon.handouts import from_handouts
    from pipeline.lexicon.meeting_terms import from_meeting

    found = [
        *from_meeting(meeting),
        *(read_dictionary(dictionary) if dictionary else ()),
        *from_handouts(handouts),
        *(builtin_terms() if builtin else ()),
    ]
    return Lexicon(terms=merge(found))


def merge(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Each (written, reading) once, from its most authoritative source, with what any source knows of mishearings."""
    best: dict[tuple[str, str], Term] = {}
    for term in sorted(terms, key=lambda term: _ORDER.index(term.source)):
        first = best.setdefault((term.written, term.reading), term)
        if new := [form for form in term.misheard if form not in first.misheard]:
            misheard = (*first.misheard, *new)
            best[term.written, term.reading] = first.model_copy(update={"misheard": misheard})
    return tuple(best.values())
