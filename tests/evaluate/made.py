"""Transcriptions made by hand for tests."""

from pipeline.evaluate.transcription import Transcription, Utterance


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
