"""A claimed recognition rate against the measured one: verdicts in words, as a whole and per condition."""

from collections.abc import Iterable
from typing import Literal

from pipeline.evaluate.metrics.dimensions import LABELS
from pipeline.evaluate.metrics.rates import GroupRate, Rate
from pipeline.records.base import Record

Verdict = Literal["below", "consistent", "above", "undecided"]
_PROFILE_LABELS = {
    "strict": "表記どおり",
    "standard": "標準",
    "lenient": "表記ゆれ許容",
    "verbatim": "言いよどみを含む",
}


class Finding(Record):
    """One condition: what was measured, the verdict, and the verdict as a Japanese sentence."""

    condition: str
    percent: float | None
    low: float | None
    high: float | None
    verdict: Verdict
    words: str


class ClaimAudit(Record):
    """All conditions for one claimed figure; the first finding is the overall one under the main profile."""

    claimed: float
    findings: tuple[Finding, ...]

    @property
    def overall(self) -> Finding:
        return self.findings[0]


def audit(claimed: float, rates: Iterable[Rate], groups: Iterable[GroupRate]) -> ClaimAudit:
    """The claim is refuted where the whole 95 % interval lies below it, borne out where it lies at or above it, and
    neither where the interval holds it. Too small a sample decides nothing."""
    findings = [_finding(f"全体（{profile_label(rate.profile)}）", claimed, rate) for rate in rates]
    findings += [_finding(f"{LABELS[group.dimension]} {group.name}", claimed, group.rate) for group in groups]
    return ClaimAudit(claimed=claimed, findings=tuple(findings))


def profile_label(profile: str) -> str:
    """A profile's name for Japanese readers, with its number."""
    kind, _, number = profile.rpartition("-")
    return f"{_PROFILE_LABELS[kind]} {kind}-{number}" if kind in _PROFILE_LABELS else profile


def _finding(condition: str, claimed: float, rate: Rate) -> Finding:
    interval = rate.interval
    verdict = _verdict(claimed, rate)
    return Finding(
        condition=condition,
        percent=rate.percent,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        verdict=verdict,
        words=_words(claimed, rate, verdict),
    )


def _verdict(claimed: float, rate: Rate) -> Verdict:
    if rate.percent is None or rate.interval is None or not rate.sample.enough:
        return "undecided"
    if rate.interval.high < claimed:
        return "below"
    return "above" if rate.interval.low >= claimed else "consistent"


def _words(claimed: float, rate: Rate, verdict: Verdict) -> str:
    if rate.percent is None:
        return "比べる発言がないため、判断できません。"
    measured = f"測定値は{rate.percent:.1f}%"
    if rate.interval:
        measured += f"（95%信頼区間 {rate.interval.low:.1f}〜{rate.interval.high:.1f}%）"
    if verdict == "undecided":
        why = next(iter(rate.sample.reasons), "発言が少なすぎます")
        return f"{measured}ですが、{why}。主張の{claimed:g}%については判断できません。"
    return {
        "below": f"{measured}で、主張の{claimed:g}%に届いていません。",
        "consistent": f"{measured}で、主張の{claimed:g}%と矛盾しません（届いているとも、いないとも言えません）。",
        "above": f"{measured}で、主張の{claimed:g}%を満たしています。",
    }[verdict]
