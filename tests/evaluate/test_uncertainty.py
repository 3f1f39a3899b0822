"""Intervals that hold what they promise, tests that see a difference only where there is one."""

import numpy as np
import pytest

from pipeline.evaluate.claim import audit
from pipeline.evaluate.counts import ErrorCounts
from pipeline.evaluate.metrics.rates import GroupRate, Rate, pooled_rate, rate_of
from pipeline.evaluate.uncertainty.bootstrap import rate_interval
from pipeline.evaluate.uncertainty.paired import paired_test


def counts(errors: int, reference: int) -> ErrorCounts:
    return ErrorCounts(profile="standard-1", substitutions=errors, deletions=0, insertions=0, reference=reference)


def turns(random: np.random.Generator, number: int, rate: float) -> np.ndarray:
    """Turns of 5 to 80 characters; errors come in clusters, as they do (the rate itself differs from turn to turn)."""
    lengths = random.integers(5, 80, number)
    return np.column_stack([random.binomial(lengths, random.beta(2, 2 / rate - 2, number)), lengths]).astype(float)


def test_the_interval_holds_the_true_rate_95_times_of_100() -> None:
    random = np.random.default_rng(1)
    intervals = [rate_interval([turns(random, 80, 0.1)], resamples=300) for _ in range(300)]
    held = sum(found is not None and found.low <= 90 <= found.high for found in intervals)
    assert 0.91 <= held / 300 <= 0.985


def test_over_meetings_the_interval_speaks_of_meetings_not_yet_recorded() -> None:
    random = np.random.default_rng(2)
    held = 0
    for _ in range(150):
        rates = random.beta(4, 36, 8)  # meetings differ: 0.1 on average
        found = rate_interval([turns(random, 60, rate) for rate in rates], resamples=200)
        held += found is not None and found.low <= 90 <= found.high
    assert held / 150 >= 0.88


def test_an_interval_is_reproducible_and_needs_two_turns() -> None:
    meeting = turns(np.random.default_rng(3), 40, 0.1)
    assert rate_interval([meeting]) == rate_interval([meeting])
    assert rate_interval([meeting[:1]]) is None
    assert rate_interval([]) is None
    assert rate_interval([np.zeros((3, 2))]) is None


def test_nothing_wrong_is_a_point() -> None:
    found = rate_interval([np.array([[0.0, 30.0]] * 40)])
    assert found is not None and found.low == found.high == 100


def test_the_paired_test_sees_a_difference_only_where_there_is_one() -> None:
    random = np.random.default_rng(4)
    wrongly = 0
    for _ in range(60):
        one = turns(random, 60, 0.1)
        other = one.copy()
        other[:, 0] = random.binomial(one[:, 1].astype(int), 0.1)
        one[:, 0] = random.binomial(one[:, 1].astype(int), 0.1)
        wrongly += paired_test(("a", "b"), "standard-1", [(one, other)], shuffles=400).verdict != "undecided"
    assert wrongly <= 8
    better = turns(random, 100, 0.05)
    worse = better.copy()
    worse[:, 0] = np.minimum(worse[:, 0] + random.integers(0, 4, 100), worse[:, 1])
    found = paired_test(("a", "b"), "standard-1", [(better, worse)])
    assert (found.verdict, found.p_value < 0.001) == ("first", True)
    assert found.interval is not None and found.interval.low <= found.difference <= found.interval.high
    assert paired_test(("b", "a"), "standard-1", [(worse, better)]).verdict == "second"


def test_the_same_output_is_no_better_than_itself() -> None:
    one = turns(np.random.default_rng(5), 50, 0.1)
    found = paired_test(("a", "b"), "standard-1", [(one, one)])
    assert (found.verdict, found.difference, found.p_value) == ("undecided", 0.0, 1.0)


def test_other_turns_cannot_be_paired() -> None:
    one = turns(np.random.default_rng(6), 50, 0.1)
    with pytest.raises(ValueError, match="the same turns"):
        paired_test(("a", "b"), "standard-1", [(one, one[:-1])])


def rate(errors_each: int, number: int = 100, length: int = 40) -> Rate:
    random = np.random.default_rng(7)
    errors = random.poisson(errors_each, number)
    return rate_of([counts(min(int(n), length), length) for n in errors], "standard-1")


def test_a_small_sample_says_so_and_how_much_is_needed() -> None:
    few = rate(4, number=10)
    assert not few.sample.enough
    assert "発言が10件しかありません" in few.sample.reasons[0]
    assert few.sample.minutes_needed is not None and few.sample.minutes_needed > 2
    many = rate(4, number=2000)
    assert many.sample.enough and many.sample.minutes_needed is None


@pytest.mark.parametrize(
    ("claimed", "verdict", "words"),
    [(98, "below", "に届いていません"), (90, "consistent", "と矛盾しません"), (80, "above", "を満たしています")],
)
def test_verdicts_on_a_claim(claimed: float, verdict: str, words: str) -> None:
    found = audit(claimed, [rate(4)], []).overall
    assert (found.verdict, words in found.words) == (verdict, True)
    assert f"主張の{claimed}%" in found.words


def test_a_claim_is_audited_per_condition_and_small_ones_decide_nothing() -> None:
    groups = [
        GroupRate(dimension="role", name="会長", rate=rate(2)),
        GroupRate(dimension="role", name="委員", rate=rate(8, number=5)),
    ]
    found = audit(95, [rate(4)], groups)
    assert [(f.condition, f.verdict) for f in found.findings] == [
        ("全体\uff08標準 standard-1\uff09", "below"),
        ("役職 会長", "consistent"),
        ("役職 委員", "undecided"),
    ]
    assert "判断できません" in found.findings[2].words


def test_nothing_said_decides_nothing() -> None:
    found = audit(95, [rate_of([counts(0, 0)], "standard-1")], []).overall
    assert (found.verdict, found.percent) == ("undecided", None)


def test_a_corpus_adds_errors_and_never_averages_rates() -> None:
    found = pooled_rate([rate_of([counts(*one)] * 20, "standard-1") for one in ((1, 10), (0, 90))])
    assert found.percent == pytest.approx(99.0)
