"""corpus.html and the trend: many meetings on one page."""

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from pipeline.evaluate.corpus import CorpusEvaluation, SystemTotal
from pipeline.evaluate.metrics import critical
from pipeline.evaluate.metrics.dimensions import LABELS
from pipeline.evaluate.profiles.registry import PROFILES
from pipeline.evaluate.report.environment import render
from pipeline.evaluate.report.plots import Dot, dot_of, dots
from pipeline.evaluate.trend import Version


def corpus_html(found: CorpusEvaluation) -> str:
    """The page; the same evaluation gives the same page."""
    return render(
        "corpus.html",
        found=found,
        plots={total.name: _plot(total) for total in found.totals},
        critical=critical.LABELS,
        profiles=PROFILES,
    )


def _plot(total: SystemTotal) -> Markup:
    groups: list[tuple[str, Sequence[Dot]]] = []
    if total.rates:
        groups.append(("", [dot_of("全体", total.rates[0])]))
    for dimension, members in groupby(total.groups, key=lambda group: group.dimension):
        groups.append((LABELS[dimension], [dot_of(group.name, group.rate) for group in members]))
    claimed = total.claim.claimed if total.claim else None
    return Markup(dots(groups, "認識率（%）", claimed)) if total.rates else Markup()


def trend_html(versions: Sequence[Version]) -> str:
    """The rate of each model and dictionary version, in order of first use."""
    groups = [
        (f"{system} {profile}", [_version_dot(version) for version in members if version.percent is not None])
        for (system, profile), members in groupby(
            sorted(versions, key=lambda v: (v.system, v.profile, v.first_day)), key=lambda v: (v.system, v.profile)
        )
    ]
    shown = [(name, members) for name, members in groups if members]
    plot = Markup(dots(shown, "認識率（%）")) if shown else Markup()
    return render("trend.html", versions=versions, plot=plot)


def _version_dot(version: Version) -> Dot:
    made = " ".join(filter(None, (version.model, version.dictionary[:8])))
    return Dot(f"{version.first_day} {made}", version.percent, None, None, version.recordings > 1)
