"""What an evaluation found, as one record: the JSON report is exactly this, and every other report is made from it."""

import datetime
from typing import Literal

from pydantic import AwareDatetime

from pipeline import __version__
from pipeline.evaluate.claim import ClaimAudit
from pipeline.evaluate.metrics.confusions import Confusion
from pipeline.evaluate.metrics.critical import CriticalErrors
from pipeline.evaluate.metrics.diarization import DiarizationErrors
from pipeline.evaluate.metrics.effort import EditEffort
from pipeline.evaluate.metrics.passages import LongRun, Passage
from pipeline.evaluate.metrics.rates import GroupRate, Rate
from pipeline.evaluate.metrics.roles import RoleAccuracy
from pipeline.evaluate.metrics.speakers import SpeakerRate
from pipeline.evaluate.recording.preflight import Preflight
from pipeline.evaluate.uncertainty.paired import PairedTest
from pipeline.records.base import Record

SCHEMA: Literal["kaigiroku-evaluation/1"] = "kaigiroku-evaluation/1"


class Provenance(Record):
    """What made a draft, as its run.json tells: enough to draw a trend. Empty for other products."""

    model: str = ""
    model_sha256: str = ""
    kaigiroku: str = ""
    dictionary: str = ""
    """Digest of the whole lexicon that corrected it."""


class SystemScores(Record):
    """One system on one recording. rates: one per profile, the main one first."""

    name: str
    rates: tuple[Rate, ...] = ()
    groups: tuple[GroupRate, ...] = ()
    roles: RoleAccuracy | None = None
    critical: CriticalErrors | None = None
    passages: tuple[Passage, ...] = ()
    runs: tuple[LongRun, ...] = ()
    confusions: tuple[Confusion, ...] = ()
    speakers: tuple[SpeakerRate, ...] = ()
    diarization: DiarizationErrors | None = None
    effort: EditEffort | None = None
    claim: ClaimAudit | None = None
    provenance: Provenance = Provenance()
    notes: tuple[str, ...] = ()

    @property
    def main(self) -> Rate | None:
        """The rate that is quoted; None where only effort or speakers were measured."""
        return self.rates[0] if self.rates else None


class Evaluation(Record):
    """Systems measured on one recording."""

    schema_name: Literal["kaigiroku-evaluation/1"] = SCHEMA
    made_at: AwareDatetime
    kaigiroku: str = __version__
    title: str
    reference: str | None
    reference_sha256: str | None = None
    """Of the reference's words and times: which recording it is."""
    corrected: str | None = None
    profile: str
    systems: tuple[SystemScores, ...]
    paired: tuple[PairedTest, ...] = ()
    preflight: Preflight | None = None
    """What the recording is like, where one was at hand."""


def now() -> datetime.datetime:
    """This moment, to the second, in UTC."""
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)
