"""Who spoke when, as anonymous voices."""

from pipeline.records.base import Record, Span


class SpeakerSegment(Span):
    """A stretch of one anonymous voice. speaker is S01, S02 … in order of first appearance."""

    speaker: str


class Voice(Record):
    """One anonymous voice of this recording: its mean embedding (unit length) and how much speech it rests on."""

    speaker: str
    speech_ms: int
    embedding: tuple[float, ...] = ()


class Diarization(Record):
    """segments: all speech, overlaps included. exclusive: the same without overlap, one voice at a time, for
    attributing words. network: sha256 of the weights that made the voices' embeddings, empty where unknown."""

    segments: tuple[SpeakerSegment, ...]
    exclusive: tuple[SpeakerSegment, ...]
    voices: tuple[Voice, ...] = ()
    network: str = ""
