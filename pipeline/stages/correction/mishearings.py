"""What people put right before is put right again: forms that the dictionary knows as mishearings of a term."""

import re
from collections.abc import Iterator

from pipeline.lexicon.japanese import analyse
from pipeline.lexicon.lexicon import Lexicon
from pipeline.lexicon.terms import LABELS
from pipeline.stages.correction.sheet import Edit, Sheet

_AROUND = 12


def mishearings(sheet: Sheet, lexicon: Lexicon) -> Iterator[Edit]:
    """Edits that put in terms for their known mishearings, in order, the longest form first where several fit. A form
    within a longer word stays."""
    terms = {form: term for term in lexicon.terms for form in term.misheard}
    if not terms:
        return
    forms = re.compile("|".join(re.escape(form) for form in sorted(terms, key=len, reverse=True)))
    for match in forms.finditer(sheet.text):
        if _whole_words(sheet.text, match.start(), match.end()):
            term = terms[match.group()]
            reason = f"{LABELS['learned']}「{term.written}」が「{match.group()}」と聞かれていました"
            yield Edit(match.start(), match.end(), term.written, reason)


def _whole_words(text: str, start: int, end: int) -> bool:
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    edges = {0} | {token.end for token in analyse(text[first:last])}
    return start - first in edges and end - first in edges
