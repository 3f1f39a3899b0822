"""Transcriptions made by hand for tests."""

from pathlib import Path

from pipeline.documents.minutes_json import read_minutes
from pipeline.evaluate.transcription import Transcription, Utterance
from pipeline.records.minutes import Minutes, Sentence, Speech
from pipeline.records.words import Word

_EMPTY = Path(__file__).parent.parent / "data" / "minutes_short.json"


def turn(role: str, text: str, start_s: float | None = None, end_s: float | None = None, **more: object) -> Utterance:
    """One utterance; times in seconds."""
    return Utterance(
        role=role,
        text=text,
        start_ms=None if start_s is None else round(start_s * 1000),
        end_ms=None if end_s is None else round(end_s * 1000),
        **more,  # type: ignore[arg-type]
    )


def transcription(*utterances: Utterance, name: str = "test", **more: object) -> Transcription:
    """Of a transcript unless said otherwise."""
    fields: dict[str, object] = {"source": "transcript"} | more
    return Transcription(name=name, utterances=utterances, **fields)  # type: ignore[arg-type]


def spoken(*texts: str) -> Minutes:
    """Minutes in which each text is a turn, one recognised word per sign."""
    clock, body = 0, []
    for number, text in enumerate(texts, 1):
        found = []
        for sign in text:
            found.append(Word(start_ms=clock, end_ms=clock + 150, raw=sign, probability=0.55))
            clock += 150
        sentence = Sentence(text=text, start_ms=found[0].start_ms, end_ms=clock, words=tuple(found))
        body.append(
            Speech(
                id=f"b{number}", role="会長", speaker="S01", confidence=1.0, paragraphs=((sentence,),),
                start_ms=sentence.start_ms, end_ms=clock,
            )
        )  # fmt: skip
    empty = read_minutes(_EMPTY)
    return empty.model_copy(update={"body": tuple(body), "duration_ms": clock})
