"""Where the public recording is silent: everything that is withheld, at the times of the original recording."""

from collections.abc import Iterator

from pipeline.publication.cover import hidden_blocks
from pipeline.publication.matching import merged
from pipeline.publication.withheld_words import withheld_words
from pipeline.records.base import Span
from pipeline.records.minutes import Block, Decision, Explanation, Heading, Inaudible, Masked, Minutes, Speech

_MARGIN_MS = 150
"""Word times of recognition are right to about a tenth of a second."""


def silent_spans(minutes: Minutes) -> tuple[Span, ...]:
    """In order, not touching, inside the recording. A withheld item is silent from its heading to the next, whatever is
    heard there; neighbouring withheld blocks are silent in between too."""
    said = [words.span for words in withheld_words(minutes) if words.span is not None]
    spans = [(span.start_ms - _MARGIN_MS, span.end_ms + _MARGIN_MS) for span in [*said, *_whole(minutes)]]
    inside = [(max(start, 0), min(end, minutes.duration_ms)) for start, end in spans]
    return tuple(Span(start_ms=start, end_ms=end) for start, end in merged([(s, e) for s, e in inside if s < e]))


def _whole(minutes: Minutes) -> Iterator[Span]:
    """Each run of hidden blocks from its beginning to its end; an item's to where the next heading begins."""
    hidden = hidden_blocks(minutes)
    run: list[Block] = []
    for place, block in enumerate(minutes.body):
        if place in hidden or (isinstance(block, Heading) and block.withheld):
            run.append(block)
            continue
        if run:
            yield _span(run, _times(block)[0])
        run = []
    if run:
        yield _span(run, minutes.duration_ms)


def _span(run: list[Block], following_ms: int) -> Span:
    start_ms = min(_times(block)[0] for block in run)
    end_ms = max(_times(block)[1] for block in run)
    item = any(isinstance(block, Heading) for block in run)
    return Span(start_ms=start_ms, end_ms=max(end_ms, following_ms) if item else end_ms)


def _times(block: Block) -> tuple[int, int]:
    match block:
        case Speech() | Explanation():
            return block.start_ms, block.end_ms
        case Heading() | Decision():
            return block.start_ms, block.start_ms
        case Inaudible():
            return block.span.start_ms, block.span.end_ms
        case Masked():
            return 0, 0
