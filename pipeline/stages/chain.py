"""The one place that knows the order of the stages: which results each needs and which settings decide its own."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel

from pipeline.contracts import Decoder, Detector, Diarizer, Engine, Progress, SpeakerHints, Transcriber
from pipeline.lexicon.lexicon import Lexicon
from pipeline.records.base import Record
from pipeline.records.meeting import Meeting
from pipeline.records.minutes import Minutes
from pipeline.records.recording import Recording
from pipeline.records.roles import Roles
from pipeline.records.speakers import Diarization
from pipeline.records.speech import Speech
from pipeline.records.turns import Turns
from pipeline.records.voices import VoiceProfile
from pipeline.records.words import Transcript
from pipeline.stages import assign_roles, attribute, compose, correct, detect, diarize, ingest, transcribe
from pipeline.stages.roles.voices import known_voices

Results = Mapping[str, Record]
Work = Callable[[Results, Path, Progress], Record]
"""(results of the stages before, path of the waveform, progress) → result."""


@dataclass(frozen=True)
class Engines:
    """The strangers that the first half of the chain asks."""

    decoder: Decoder
    detector: Detector
    transcriber: Transcriber
    diarizer: Diarizer


@dataclass(frozen=True)
class ChainSettings:
    """Settings of all stages; each is part of its own stage's key only."""

    transcribe: transcribe.TranscribeSettings
    correct: correct.CorrectSettings
    roles: assign_roles.RoleSettings
    compose: compose.ComposeSettings
    voices: tuple[VoiceProfile, ...] = ()
    """Of people who agreed to be known by them."""


@dataclass(frozen=True)
class Stage:
    """One step. own is canonical JSON of what else than upstream results decides its outcome."""

    name: str
    version: int
    needs: tuple[str, ...]
    result: type[Record]
    own: str
    engine: Engine | None
    work: Work


def build_chain(
    sources: tuple[tuple[Path, str], ...],
    meeting: Meeting,
    lexicon: Lexicon,
    hints: SpeakerHints,
    engines: Engines,
    settings: ChainSettings,
) -> tuple[Stage, ...]:
    """All stages in order. sources: (path, sha256) of each file of the recording."""
    return (
        Stage(
            "ingest", ingest.VERSION, (), Recording, _own([[path.name, digest] for path, digest in sources]),
            engines.decoder, lambda _, wav, tell: ingest.ingest(engines.decoder, sources, wav, tell),
        ),
        Stage(
            "detect", detect.VERSION, ("ingest",), Speech, "", engines.detector,
            lambda _, wav, tell: detect.detect(engines.detector, wav, tell),
        ),
        Stage(
            "transcribe", transcribe.VERSION, ("ingest", "detect"), Transcript, _own(settings.transcribe),
            engines.transcriber,
            lambda got, wav, tell: transcribe.transcribe(
                engines.transcriber, wav, _speech(got), settings.transcribe, tell
            ),
        ),
        Stage(
            "correct", correct.VERSION, ("transcribe",), Transcript, _own([settings.correct, lexicon.digest]), None,
            lambda got, _, __: correct.correct(cast(Transcript, got["transcribe"]), lexicon, settings.correct),
        ),
        Stage(
            "diarize", diarize.VERSION, ("ingest", "detect"), Diarization, _own(hints), engines.diarizer,
            lambda got, wav, tell: diarize.diarize(engines.diarizer, wav, _speech(got), hints, tell),
        ),
        Stage(
            "attribute", attribute.VERSION, ("correct", "diarize"), Turns, "", None,
            lambda got, _, __: attribute.attribute(_corrected(got), _voices(got)),
        ),
        Stage(
            "assign_roles", assign_roles.VERSION, ("attribute", "diarize"), Roles,
            _own([settings.roles, meeting, list(settings.voices)]), None,
            lambda got, _, __: assign_roles.assign_roles(
                _turns(got), meeting, settings.roles, known=known_voices(_voices(got), settings.voices)
            ),
        ),
        Stage(
            "compose", compose.VERSION, ("ingest", "correct", "attribute", "assign_roles"), Minutes,
            _own([settings.compose, meeting]), None,
            lambda got, _, __: compose.compose(
                _turns(got), cast(Roles, got["assign_roles"]), meeting, _corrected(got),
                cast(Recording, got["ingest"]), settings.compose,
            ),
        ),
    )  # fmt: skip


STAGE_NAMES = (
    "ingest",
    "detect",
    "transcribe",
    "correct",
    "diarize",
    "attribute",
    "assign_roles",
    "compose",
)


def _own(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"not a setting: {value!r}")


def _speech(got: Results) -> Speech:
    return cast(Speech, got["detect"])


def _corrected(got: Results) -> Transcript:
    return cast(Transcript, got["correct"])


def _voices(got: Results) -> Diarization:
    return cast(Diarization, got["diarize"])


def _turns(got: Results) -> Turns:
    return cast(Turns, got["attribute"])
