"""Scoring: transcriptions in, an evaluation out. Pure: files, recordings and the database are other rooms' business."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from pipeline.errors import UsageError
from pipeline.evaluate.alignment.align import align
from pipeline.evaluate.alignment.alignment import Alignment
from pipeline.evaluate.alignment.words import words_of
from pipeline.evaluate.claim import audit
from pipeline.evaluate.comparison import fair
from pipeline.evaluate.metrics.confusions import confusions
from pipeline.evaluate.metrics.critical import critical_errors
from pipeline.evaluate.metrics.diarization import diarization_errors
from pipeline.evaluate.metrics.dimensions import dimensions_of
from pipeline.evaluate.metrics.effort import edit_effort
from pipeline.evaluate.metrics.passages import long_runs, worst_passages
from pipeline.evaluate.metrics.rates import group_rates, rate_of
from pipeline.evaluate.metrics.roles import role_accuracy
from pipeline.evaluate.metrics.speakers import speaker_rates
from pipeline.evaluate.profiles.registry import SHOWN, profile
from pipeline.evaluate.results import Evaluation, Provenance, SystemScores, now
from pipeline.evaluate.transcription import Transcription
from pipeline.evaluate.uncertainty.bootstrap import table
from pipeline.evaluate.uncertainty.paired import PairedTest, paired_test

Acoustic = Callable[[Alignment], Mapping[str, Sequence[str | None]]]
"""Level and signal-to-noise band of each reference utterance; known where there is a recording."""


class System(NamedTuple):
    """A hypothesis and what is known of how it was made. clerk_ms: active time of correcting, where recorded."""

    transcription: Transcription
    provenance: Provenance = Provenance()
    clerk_ms: int | None = None


class Wanted(NamedTuple):
    """What to measure: against the spoken words (reference), against corrected minutes, or both."""

    title: str
    reference: Transcription | None = None
    corrected: Transcription | None = None
    profile: str = "standard"
    claimed: float | None = None
    terms: tuple[str, ...] = ()
    acoustic: Acoustic | None = None
    speakers: bool = False
    """Also cpCER, tcpCER, ORC-CER, DER and JER: their libraries take seconds and memory."""


def evaluate(systems: Sequence[System], wanted: Wanted) -> Evaluation:
    """Measure each system and compare each two of them. Raises UsageError for what makes no sense."""
    main = profile(wanted.profile).name
    if wanted.reference is None and wanted.corrected is None:
        raise UsageError("there is nothing to measure against.", "Name --reference, --corrected, or both.")
    systems = _same_extent(systems, wanted)
    scores = tuple(_score(system, wanted, main) for system in systems)
    return Evaluation(
        made_at=now(),
        title=wanted.title,
        reference=wanted.reference.name if wanted.reference else None,
        reference_sha256=wanted.reference.digest if wanted.reference else None,
        corrected=wanted.corrected.name if wanted.corrected else None,
        profile=main,
        systems=scores,
        paired=compared([scores], main),
    )


def compared(meetings: Sequence[Sequence[SystemScores]], profile_name: str) -> tuple[PairedTest, ...]:
    """Every two systems on the recordings that both were scored on, turn by turn."""
    tables = [{system.name: table(system.main.turns) for system in meeting if system.main} for meeting in meetings]
    found = []
    for first, second in combinations(dict.fromkeys(name for meeting in tables for name in meeting), 2):
        pairs = [(m[first], m[second]) for m in tables if first in m and second in m]
        pairs = [(one, other) for one, other in pairs if len(one) and len(one) == len(other)]
        if pairs:
            found.append(paired_test((first, second), profile_name, pairs))
    return tuple(found)


def _same_extent(systems: Sequence[System], wanted: Wanted) -> Sequence[System]:
    """Where one system leaves out what minutes only mention, all that tell it apart are compared without it."""
    if all(s.transcription.complete for s in systems) or wanted.reference is None:
        return systems
    return [
        system._replace(transcription=system.transcription.without_mentions())
        if any(not utterance.printed for utterance in system.transcription.utterances)
        else system
        for system in systems
    ]


def _score(system: System, wanted: Wanted, main: str) -> SystemScores:
    scores = SystemScores(name=system.transcription.name, provenance=system.provenance)
    if wanted.reference is not None:
        scores = _against_words(system.transcription, wanted.reference, wanted, main, scores)
    if wanted.corrected is not None and system.transcription.source != "speakers":
        effort = edit_effort(system.transcription, wanted.corrected, system.clerk_ms)
        scores = scores.model_copy(update={"effort": effort})
    return scores


def _against_words(
    heard: Transcription, told: Transcription, wanted: Wanted, main: str, scores: SystemScores
) -> SystemScores:
    heard, told, notes = fair(heard, told)
    only_speakers = "speakers" in (heard.source, told.source)
    asked = wanted.speakers or only_speakers
    diarization = diarization_errors(told.segments(), heard.segments()) if asked else None
    notes = (*notes, *told.notes, *heard.notes)
    if only_speakers:
        if diarization is None:
            raise UsageError(
                f"{heard.name}, {told.name}: only one of them tells who spoke when.", "Name two files with speakers."
            )
        return scores.model_copy(update={"diarization": diarization, "notes": notes})
    alignment = align(told, heard, profile(main))
    turns = alignment.by_utterance()
    words, heard_words = words_of(alignment.reference), words_of(alignment.hypothesis)
    parts = {main: turns} | {name: align(told, heard, profile(name)).by_utterance() for name in SHOWN if name != main}
    rates = tuple(rate_of(members, name) for name, members in parts.items())
    acoustic = wanted.acoustic(alignment) if wanted.acoustic else {}
    groups = group_rates(turns, dimensions_of(alignment, acoustic), main)
    return scores.model_copy(
        update={
            "rates": rates,
            "groups": groups,
            "roles": role_accuracy(alignment),
            "critical": critical_errors(alignment, words, heard_words, (*wanted.terms, *heard.terms, *told.terms)),
            "passages": worst_passages(alignment),
            "runs": long_runs(alignment),
            "confusions": confusions(alignment, words, heard_words),
            "speakers": speaker_rates(alignment.reference, alignment.hypothesis) if asked else (),
            "diarization": diarization,
            "claim": audit(wanted.claimed, rates, groups) if wanted.claimed is not None else None,
            "notes": notes,
        }
    )
