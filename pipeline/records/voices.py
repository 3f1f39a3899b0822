"""A voice somebody agreed to have known: an embedding and where it comes from, never sound."""

import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from pipeline.records.base import Record

Told = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class VoiceProfile(Record):
    """One person's voice. Comparable only with embeddings of the same network."""

    name: Told
    """As on the roster, family name first."""
    office: str | None = None
    embedding: tuple[float, ...] = Field(min_length=1)
    """Unit length."""
    network: Told
    """What made the embedding: sha256 of its weights."""
    speech_ms: int = Field(ge=0)
    """How much speech it rests on."""
    enrolled: datetime.date
    source: Told
    """The meeting or recording it was taken from."""
    consent: Told
    """Who agreed, when, and to what, in words."""
