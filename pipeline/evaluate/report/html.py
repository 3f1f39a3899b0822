"""report.html: all that was measured on one page that needs nothing else, neither network nor fonts nor files."""

import base64
import mimetypes
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from pipeline.errors import UsageError
from pipeline.evaluate.claim import profile_label
from pipeline.evaluate.metrics import critical, dimensions
from pipeline.evaluate.profiles.registry import PROFILES
from pipeline.evaluate.report.environment import render
from pipeline.evaluate.report.plots import Dot, dot_of, dots
from pipeline.evaluate.results import Evaluation, SystemScores

_MOST_EMBEDDED = 64_000_000
"""Bytes of a recording put into the page: browsers open larger pages only slowly."""


def html(evaluation: Evaluation, recording: Path | None = None) -> str:
    """The page. recording: embedded, so that the play buttons work at once; else the reader chooses the file.

    Raises UsageError for a recording too large to embed."""
    return render(
        "page.html",
        evaluation=evaluation,
        plots={system.name: _plots(system) for system in evaluation.systems},
        overview=_overview(evaluation),
        profiles=[PROFILES[rate.profile] for system in evaluation.systems[:1] for rate in system.rates],
        critical=critical.LABELS,
        audio=_embedded(recording) if recording else None,
        rate_under=lambda system, name: next(rate for rate in system.rates if rate.profile == name),
    )


def _overview(evaluation: Evaluation) -> Markup:
    """All systems under each profile."""
    measured = [system for system in evaluation.systems if system.main]
    if not measured:
        return Markup()
    claimed = next((system.claim.claimed for system in measured if system.claim), None)
    profiles = [rate.profile for rate in measured[0].rates]
    if len(measured) == 1:
        rows = [dot_of(profile_label(rate.profile), rate) for rate in measured[0].rates]
        return Markup(dots([("", rows)], "認識率（%）", claimed))
    groups = [
        (profile_label(name), [dot_of(s.name, rate) for s in measured for rate in s.rates if rate.profile == name])
        for name in profiles
    ]
    return Markup(dots(groups, "認識率（%）", claimed))


def _plots(system: SystemScores) -> Markup:
    """The rate per role, item, time and sound."""
    groups: list[tuple[str, Sequence[Dot]]] = []
    for dimension, members in groupby(system.groups, key=lambda group: group.dimension):
        groups.append((dimensions.LABELS[dimension], [dot_of(group.name, group.rate) for group in members]))
    claimed = system.claim.claimed if system.claim else None
    return Markup(dots(groups, "認識率（%）", claimed)) if groups else Markup()


def _embedded(recording: Path) -> str:
    size = recording.stat().st_size
    if size > _MOST_EMBEDDED:
        raise UsageError(
            f"{recording}: {size / 1e6:.0f} MB are too much to embed in a page.",
            "Leave out --embed-audio: the reader then chooses the recording on the page.",
        )
    kind = mimetypes.guess_type(recording.name)[0] or "audio/mpeg"
    return f"data:{kind};base64,{base64.b64encode(recording.read_bytes()).decode('ascii')}"
