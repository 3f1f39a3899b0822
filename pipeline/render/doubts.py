"""Doubtful places for those who correct on paper or in Word: which words, when they are said, what was heard."""

from collections.abc import Sequence

from pipeline.records.base import elapsed
from pipeline.records.minutes import Sentence
from pipeline.records.words import Word
from pipeline.render.typography import printable

DOUBTED = 0.5
"""Doubt from which a word is shown. Hand-set: on the sample meeting it shows one word in nine."""
OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Stand around a doubtful place while a document is filled in: signs that no text may hold."""


class Doubts:
    """Marks the doubtful places of sentences, in order; notes says of each what to listen to."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def marked(self, sentence: Sentence) -> str:
        """The sentence's text with OPEN and CLOSE around each doubtful place. A text that a person wrote anew has
        none: it is no longer what was recognised."""
        text = sentence.text.replace(OPEN, "").replace(CLOSE, "")
        if "".join(word.text for word in sentence.words) != text:
            return text
        pieces: list[str] = []
        run: list[Word] = []
        for word in sentence.words:
            if word.doubt >= DOUBTED and word.text:
                run.append(word)
            elif word.text:
                pieces += [self._place(run), word.text]
                run = []
        return "".join([*pieces, self._place(run)])

    def _place(self, run: Sequence[Word]) -> str:
        if not run:
            return ""
        text = "".join(word.text for word in run)
        heard = "".join(word.raw for word in run)
        sure = 1 - max(word.doubt for word in run)
        other = f"認識では「{printable(heard)}」。" if heard != text else ""
        self.notes.append(f"{elapsed(run[0].start_ms)} 聞き取りの確からしさ{sure:.0%}。{other}録音をお聞きください。")
        return f"{OPEN}{text}{CLOSE}"
