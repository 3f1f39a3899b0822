"""The layers over the words of a turn, for the clerk: what was heard, who changed it and why, what a person wrote."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from pipeline.editing.alignment import Piece, pieces
from pipeline.editing.passages import placed
from pipeline.records.minutes import Speech
from pipeline.records.words import Layer, Word
from pipeline.review.views import is_retyped


def layer_views(block: Speech) -> list[dict[str, Any]]:
    """Every place of a turn of which there is more to tell than what is written: one word, or the words that one
    replacement joined. Places count characters of the turn's text."""
    found = []
    for each in placed(block.paragraphs):
        at = each.start
        for run in _runs(pieces(each.sentence.text, each.sentence.words)):
            text = "".join(piece.text for piece in run)
            if any(piece.word.layers or is_retyped(piece) for piece in run):
                found.append({"start": at, "end": at + len(text), "text": text} | _told([piece.word for piece in run]))
            at += len(text)
    return found


def _runs(row: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Words whose last replacement was one and the same stay together."""
    numbers = iter(range(len(row)))

    def run_of(piece: Piece) -> object:
        number = next(numbers)
        layers = piece.word.layers
        return layers[-1].run if layers and layers[-1].run else number

    for _, group in groupby(row, run_of):
        yield list(group)


def _told(words: Sequence[Word]) -> dict[str, Any]:
    """machine: what stands there when no person typed. probability: of the least sure word."""
    now = [word.raw for word in words]
    steps: dict[tuple[str, str, str], list[tuple[int, Layer]]] = {}
    for number, word in enumerate(words):
        for layer in word.layers:
            steps.setdefault((layer.by, layer.run, layer.reason), []).append((number, layer))
    layers = []
    for (by, _, reason), changed in steps.items():
        before = "".join(now)
        for number, layer in changed:
            now[number] = layer.after
        layers.append({"by": by, "before": before, "after": "".join(now), "reason": reason})
    return {
        "startMs": words[0].start_ms,
        "endMs": words[-1].end_ms,
        "raw": "".join(word.raw for word in words),
        "layers": layers,
        "machine": "".join(word.text for word in words),
        "probability": round(min(word.probability for word in words), 2),
    }
