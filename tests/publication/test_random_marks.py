"""Random marks on random minutes: not a character of what is withheld reaches any file.

Every character of the minutes is used once (CJK extension A: none of the form's own), so that one is enough to tell.
"""

import io
import itertools
import zipfile
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from withheld_cases import GROUND, ITEMS, minutes_of, rendered

from pipeline.publication.masking import Mask
from pipeline.publication.public_copy import public_copy
from pipeline.publication.withheld_words import withheld_words
from pipeline.records.minutes import Decision, Explanation, Heading, Minutes, Sentence, Speech
from pipeline.records.withheld import WithheldItem, WithheldName, WithheldPassage
from pipeline.records.words import Word


class Case(NamedTuple):
    minutes: Minutes
    secret: set[str]
    public: set[str]
    """Printed characters of which no mark speaks."""


class _Maker:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.signs = (chr(code) for code in itertools.count(0x3400))
        self.secret: set[str] = set()
        self.public: set[str] = set()
        self.item = False
        self.number = 0
        self.time = 0

    def sentence(self, hidden: bool, printed: bool = True) -> Sentence:
        text = "".join(itertools.islice(self.signs, self.draw(st.integers(1, 8))))
        heard = "".join(itertools.islice(self.signs, len(text)))  # what recognition wrote, all of it corrected
        marks = []
        for _ in range(self.draw(st.integers(0, 2))):
            start = self.draw(st.integers(0, len(text) - 1))
            end = self.draw(st.integers(start + 1, len(text)))
            marks.append(WithheldPassage(**GROUND.model_dump(), start=start, end=end))
        covered = {text[at] for mark in marks for at in range(mark.start, mark.end)}
        self.secret |= set(heard) | (set(text) if hidden or not printed else covered)
        if printed and not hidden:
            self.public |= set(text) - covered
        words = tuple(
            Word(start_ms=self.time + at, end_ms=self.time + at + 1, raw=raw, probability=0.5)
            for at, raw in enumerate(heard)
        )
        self.time += len(text)
        return Sentence(text=text, start_ms=self.time - len(text), end_ms=self.time, words=words, withheld=tuple(marks))

    def block(self) -> Heading | Speech | Explanation | Decision:
        self.number += 1
        ident = f"b{self.number}"
        match self.draw(st.sampled_from(["speech", "speech", "heading", "explanation", "decision"])):
            case "heading":
                self.item = self.draw(st.booleans())
                withheld = WithheldItem(**GROUND.model_dump()) if self.item else None
                return Heading(id=ident, item=ITEMS[0], text="報告案件(1)", start_ms=self.time, withheld=withheld)
            case "explanation":
                said = self.speech(f"{ident}e", printed=False)
                text = "".join(itertools.islice(self.signs, 5))
                mark = self.mark(text)
                return Explanation(
                    id=ident, item=ITEMS[0], text=text, speech=(said,), start_ms=0, end_ms=0, withheld=mark
                )
            case "decision":
                text = "".join(itertools.islice(self.signs, 5))
                return Decision(id=ident, text=text, inferred=False, start_ms=0, withheld=self.mark(text))
        return self.speech(ident)

    def mark(self, text: str) -> object:
        mark = GROUND if self.draw(st.booleans()) else None
        (self.secret if mark or self.item else self.public).update(text)
        return mark

    def speech(self, ident: str, printed: bool = True) -> Speech:
        mark = GROUND if printed and self.draw(st.integers(0, 3)) == 0 else None
        hidden = self.item or mark is not None
        paragraphs = tuple(
            tuple(self.sentence(hidden, printed) for _ in range(self.draw(st.integers(1, 3))))
            for _ in range(self.draw(st.integers(1, 2)))
        )
        return Speech(
            id=ident, role="委員", speaker="S01", confidence=1, paragraphs=paragraphs, start_ms=0, end_ms=0,
            withheld=mark,
        )  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> Case:
    maker = _Maker(draw)
    body = tuple(maker.block() for _ in range(draw(st.integers(1, 6))))
    names = []
    if maker.public and draw(st.booleans()):
        name = draw(st.sampled_from(sorted(maker.public)))
        names.append(WithheldName(text=name, reading="", ground="g", by="b"))
        maker.secret.add(name)
        maker.public.discard(name)
    return Case(minutes_of(*body, withheld_names=tuple(names)), maker.secret, maker.public)


MASKS = st.builds(Mask, sign=st.sampled_from(["words", "blocks"]), with_ground=st.booleans())
_QUICK = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=30)


@given(cases(), MASKS)
@_QUICK
def test_no_character_of_what_is_withheld_is_in_a_page_or_text(case: Case, mask: Mask) -> None:
    copied = public_copy(case.minutes, mask, rendered("html", "txt"), "公開用")
    for _, data in copied.files:
        told = set(data.decode())
        assert not told & case.secret
        assert case.public <= told


@given(cases(), MASKS)
@settings(_QUICK, max_examples=8)
def test_nor_in_any_part_of_a_word_file(case: Case, mask: Mask) -> None:
    ((_, data),) = public_copy(case.minutes, mask, rendered("docx"), "公開用").files
    package = zipfile.ZipFile(io.BytesIO(data))
    told = {sign for name in package.namelist() for sign in package.read(name).decode("utf-8", "ignore") + name}
    assert not told & case.secret
    assert case.public <= told


@given(cases())
@_QUICK
def test_the_list_of_what_is_withheld_names_every_character_of_it(case: Case) -> None:
    listed = {sign for words in withheld_words(case.minutes) for sign in words.text}
    assert not listed & case.public
    assert all(words.mark.ground and words.mark.by for words in withheld_words(case.minutes))
