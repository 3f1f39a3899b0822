"""Who spoke when: DER and JER by pyannote.metrics, no collar, overlap scored."""

from typing import Any

from pipeline.records.base import Record
from pipeline.records.speakers import SpeakerSegment


class DiarizationErrors(Record):
    """Seconds. DER = (missed + false alarm + confusion) / speech (NIST RT); JER: mean over reference speakers of the
    share of time not common to them and their voice (DIHARD II)."""

    speech_s: float
    missed_s: float
    false_alarm_s: float
    confusion_s: float
    jer: float
    speakers: int
    voices: int

    @property
    def der(self) -> float | None:
        return (self.missed_s + self.false_alarm_s + self.confusion_s) / self.speech_s if self.speech_s else None


def diarization_errors(
    reference: tuple[SpeakerSegment, ...], hypothesis: tuple[SpeakerSegment, ...]
) -> DiarizationErrors | None:
    """None where a side does not tell who spoke when."""
    if not reference or not hypothesis:
        return None
    from pyannote.core import Segment, Timeline
    from pyannote.metrics.diarization import DiarizationErrorRate, JaccardErrorRate

    told, heard = _annotation(reference), _annotation(hypothesis)
    end = max(segment.end_ms for segment in (*reference, *hypothesis)) / 1000
    whole = Timeline([Segment(0, end)])
    parts: dict[str, float] = DiarizationErrorRate()(told, heard, uem=whole, detailed=True)
    return DiarizationErrors(
        speech_s=parts["total"],
        missed_s=parts["missed detection"],
        false_alarm_s=parts["false alarm"],
        confusion_s=parts["confusion"],
        jer=float(JaccardErrorRate()(told, heard, uem=whole)),
        speakers=len(told.labels()),
        voices=len(heard.labels()),
    )


def _annotation(segments: tuple[SpeakerSegment, ...]) -> Any:
    from pyannote.core import Annotation, Segment

    made = Annotation()
    for number, segment in enumerate(segments):
        made[Segment(segment.start_ms / 1000, segment.end_ms / 1000), number] = segment.speaker
    return made
