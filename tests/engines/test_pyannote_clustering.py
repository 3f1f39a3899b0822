"""Voices drawn around known people: the right number is found, bounds hold, the roster splits only what is credible."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.contracts import SpeakerHints
from pipeline.engines.pyannote.clustering import Limits, Stretches, best_count, cluster, unit

LIMITS = Limits(certain=1.5, smallest=0.75)
DIMENSIONS = 64


def meeting(
    people: int, each: int, noise: float = 0.5, likeness: float = 0.1, seed: int = 0
) -> tuple[Stretches, np.ndarray]:
    """people * each stretches of 4 s; voices of different people have about the given cosine, and noise is the share of
    the variance that is not the person's."""
    rng = np.random.default_rng(seed)
    common = rng.standard_normal(DIMENSIONS)
    persons = unit(np.sqrt(likeness) * common + np.sqrt(1 - likeness) * rng.standard_normal((people, DIMENSIONS)))
    truth = np.tile(np.arange(people), each)
    random = unit(rng.standard_normal((len(truth), DIMENSIONS)))
    voices = np.sqrt(1 - noise) * persons[truth] + np.sqrt(noise) * random
    return Stretches(voices.astype(np.float64), np.full(len(truth), 2.0), 2 * noise), truth


def same_partition(a: np.ndarray, b: np.ndarray) -> bool:
    pairs = set(zip(a.tolist(), b.tolist(), strict=True))
    return len(pairs) == len(set(a.tolist())) == len(set(b.tolist()))


@pytest.mark.parametrize("people", [1, 2, 5, 14])
def test_distinct_voices_are_found_without_hints(people: int) -> None:
    stretches, truth = meeting(people, 12, noise=0.25)
    assert same_partition(cluster(stretches, LIMITS, SpeakerHints()), truth)


def test_two_who_speak_twice_among_many_hours_are_found() -> None:
    stretches, truth = meeting(6, 200, noise=0.25)
    rare = [i for person in (4, 5) for i in np.flatnonzero(truth == person)[2:]]
    kept = np.setdiff1d(np.arange(len(truth)), rare)
    fewer = Stretches(stretches.means[kept], stretches.pieces[kept], stretches.noise)
    assert same_partition(cluster(fewer, LIMITS, SpeakerHints()), truth[kept])


def with_short(stretches: Stretches, voices: np.ndarray, pieces: float) -> Stretches:
    return Stretches(
        np.concatenate([stretches.means, voices]),
        np.concatenate([stretches.pieces, np.full(len(voices), pieces)]),
        stretches.noise,
    )


def test_short_answers_join_a_voice_and_make_none() -> None:
    stretches, _ = meeting(3, 10, noise=0.25)
    odd = unit(np.random.default_rng(5).standard_normal((8, DIMENSIONS)))
    assert cluster(with_short(stretches, odd, 0.2), LIMITS, SpeakerHints()).max() + 1 == 3


def test_somebody_who_says_one_sentence_is_found() -> None:
    stretches, truth = meeting(3, 10, noise=0.25)
    once = 0.87 * unit(np.random.default_rng(5).standard_normal((1, DIMENSIONS)))
    labels = cluster(with_short(stretches, once, 1.2), LIMITS, SpeakerHints())
    assert same_partition(labels, np.append(truth, 3))


@pytest.mark.parametrize("expected", [None, 7, 11])
def test_voices_that_are_nearly_alike_are_told_apart(expected: int | None) -> None:
    stretches, truth = meeting(10, 25, noise=0.15, likeness=0.75, seed=3)
    assert same_partition(cluster(stretches, LIMITS, SpeakerHints(expected=expected)), truth)


def test_a_roster_decides_where_the_voices_leave_it_open() -> None:
    heights = [0.0] * 20 + [0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7]
    assert best_count(heights, SpeakerHints(expected=5)) < best_count(heights, SpeakerHints(expected=9))


def test_a_long_roster_does_not_split_one_voice_to_pieces() -> None:
    stretches, truth = meeting(4, 25, noise=0.25)
    assert same_partition(cluster(stretches, LIMITS, SpeakerHints(expected=20)), truth)


@settings(deadline=None, max_examples=30)
@given(
    people=st.integers(1, 6),
    each=st.integers(2, 6),
    at_least=st.integers(1, 8),
    more=st.integers(0, 3),
    expected=st.none() | st.integers(1, 12),
    seed=st.integers(0, 99),
)
def test_the_operators_bounds_hold(
    people: int, each: int, at_least: int, more: int, expected: int | None, seed: int
) -> None:
    stretches, _ = meeting(people, each, noise=0.4, seed=seed)
    hints = SpeakerHints(at_least=at_least, at_most=at_least + more, expected=expected)
    labels = cluster(stretches, LIMITS, hints)
    assert sorted(set(labels.tolist())) == list(range(labels.max() + 1))
    assert min(at_least, len(labels)) <= labels.max() + 1 <= at_least + more


def test_nothing_gives_nothing() -> None:
    none = Stretches(np.zeros((0, DIMENSIONS)), np.zeros(0), 0.2)
    assert len(cluster(none, LIMITS, SpeakerHints(at_least=2))) == 0
