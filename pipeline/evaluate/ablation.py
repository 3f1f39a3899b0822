"""Which layers earn their keep: the same words with and without each of them, against what was said."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from pipeline.evaluate.alignment.align import align
from pipeline.evaluate.comparison import fair
from pipeline.evaluate.counts import ErrorCounts
from pipeline.evaluate.metrics.rates import Rate, pooled_rate, rate_of
from pipeline.evaluate.profiles.registry import profile
from pipeline.evaluate.transcription import Transcription
from pipeline.evaluate.uncertainty.bootstrap import table
from pipeline.evaluate.uncertainty.paired import PairedTest, paired_test
from pipeline.records.base import Record

ALL, NONE = "all layers", "no layer"
PROFILES = ("standard-1", "strict-1")
"""standard sees words, strict also how they are written: punctuation and number layers only show there."""


class Variants(NamedTuple):
    """One meeting: what was said, and what each variant made of the same words."""

    reference: Transcription
    texts: Mapping[str, Transcription]


class LayerEffect(Record):
    """A layer under one profile: the rate of everything without it, and the paired test of all layers (first) against
    that (second): first means that the layer helps, second that it harms."""

    layer: str
    without: Rate
    test: PairedTest

    @property
    def verdict(self) -> Literal["helps", "harms", "no difference shown"]:
        return {"first": "helps", "second": "harms", "undecided": "no difference shown"}[self.test.verdict]  # type: ignore[return-value]


class Ablation(Record):
    """all_layers, no_layer: their rates under each profile, in the order of PROFILES."""

    meetings: int
    all_layers: tuple[Rate, ...]
    no_layer: tuple[Rate, ...]
    effects: tuple[LayerEffect, ...]


def ablate(meetings: Sequence[Variants], layers: Sequence[str]) -> Ablation:
    """texts of each meeting: ALL, NONE, and for each layer everything but it, under the layer's name."""
    rates = {name: {v: [_rate(m, v, name) for m in meetings] for v in (ALL, NONE, *layers)} for name in PROFILES}
    return Ablation(
        meetings=len(meetings),
        all_layers=tuple(pooled_rate(rates[name][ALL]) for name in PROFILES),
        no_layer=tuple(pooled_rate(rates[name][NONE]) for name in PROFILES),
        effects=tuple(
            LayerEffect(
                layer=layer,
                without=pooled_rate(rates[name][layer]),
                test=_tested(name, layer, rates[name][ALL], rates[name][layer]),
            )
            for layer in layers
            for name in PROFILES
        ),
    )


def _tested(name: str, layer: str, having: Sequence[Rate], without: Sequence[Rate]) -> PairedTest:
    pairs = [(table(one.turns), table(other.turns)) for one, other in zip(having, without, strict=True)]
    return paired_test((ALL, f"without {layer}"), name, pairs)


def _rate(meeting: Variants, variant: str, profile_name: str) -> Rate:
    compared = fair(meeting.texts[variant], meeting.reference)
    parts: list[ErrorCounts] = align(compared.reference, compared.hypothesis, profile(profile_name)).by_utterance()
    return rate_of(parts, profile_name)
