"""The settings of the transcribe stage, apart from the stage itself because all its parts read them."""

from pydantic import Field

from pipeline.records.base import Record

_MEETING = (
    "ただいまより、令和7年度第1回会議を開会いたします。議題、議案第1号、報告案件、所管、庁内LAN、議事録、Teams、"
    "資料1をご覧ください。ご質問はございますか。"
)
"""How meetings of any office are written: words, numbers and signs as the minutes have them. It names nothing of this
meeting, so that what is known of a meeting may change without listening again."""


class TranscribeSettings(Record):
    """Times in ms. The defaults were measured (docs/evaluation-recognition.md)."""

    language: str = "ja"
    prompt: str | None = _MEETING
    """Said to the recogniser before every window in the first pass; what is heard again is heard without it. None:
    nothing."""
    beam_size: int = Field(default=4, ge=1)
    """Of the first pass. Four is 6 % fewer errors than two at a tenth more time; five is no better."""
    careful_beam_size: int = Field(default=5, ge=1)
    """Of the passes over what ran in a loop or was left out."""
    window_ms: int = Field(default=28_000, ge=5_000, le=29_000)
    """Longest window."""
    pause_ms: int = Field(default=5_000, ge=300)
    """A pause this long always ends a window: what is behind it is another matter, or no speech at all."""
    silence_ms: int = Field(default=1_000, ge=200)
    """Of a longer pause within a window only this much is listened to: it costs time, and Whisper invents text."""
    padding_ms: int = Field(default=200, ge=0, le=500)
    """Silence taken along at both ends of a window."""
    overlap_ms: int = Field(default=2_000, ge=500, le=4_000)
    """How much two windows share where speech without any pause had to be cut."""
    uncovered_ms: int = Field(default=400, ge=100)
    """Speech without words longer than this is decoded again on its own, and reported if nothing is found."""
    tolerance_ms: int = Field(default=300, ge=0)
    """Inaccuracy allowed to word times and speech spans when the two are compared."""
