"""Plots as SVG for the page: text stays text, in the reader's Japanese fonts, so none is needed on this machine."""

import io
import logging
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from unicodedata import east_asian_width

from pipeline.evaluate.metrics.rates import Rate

FONTS = ("Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", "Yu Gothic", "Hiragino Sans", "Meiryo", "IPAexGothic")
"""Families that offices' machines have; the browser takes the first it knows."""
_ROW_INCHES = 0.34
_WIDTH_INCHES = 7.4
_INK, _PALE, _CLAIM, _MAIN = "#1a1a1c", "#d8d8db", "#ce0000", "#0017c1"
"""Text, grid, red and key blue of デジタル庁デザインシステム."""
_FONT_POINTS = 9.5
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "kaigiroku",
    "font.family": ["sans-serif"],
    "font.sans-serif": [*FONTS, "DejaVu Sans"],
    "font.size": _FONT_POINTS,
    "axes.edgecolor": _PALE,
    "axes.labelcolor": _INK,
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "ytick.left": False,
    "axes.grid": True,
    "axes.grid.axis": "x",
    "grid.color": _PALE,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
}
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_SIZE = re.compile(r' width="[\d.]+pt" height="[\d.]+pt"')


class Dot(NamedTuple):
    """A figure with its interval. sure: the sample is large enough to quote it; else it is drawn hollow."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    sure: bool


def dot_of(label: str, rate: Rate) -> Dot:
    """A rate as a dot."""
    interval = rate.interval
    low, high = (interval.low, interval.high) if interval else (None, None)
    return Dot(label, rate.percent, low, high, rate.sample.enough)


def dots(groups: Sequence[tuple[str, Sequence[Dot]]], axis: str, claimed: float | None = None) -> str:
    """One row per dot with its 95 % interval as a line, groups set apart; an SVG element, without an XML header.
    claimed draws a vertical line."""
    rows = [dot for _, members in groups for dot in members]
    height = _ROW_INCHES * (len(rows) + 0.7 * sum(bool(name) for name, _ in groups)) + 0.75
    with _drawing(height, max((_width(dot.label) for dot in rows), default=1)) as axes:
        place = 0.0
        ticks: list[tuple[float, str]] = []
        for name, members in groups:
            if name:
                axes.text(
                    -0.01,
                    place + 0.1,
                    name,
                    transform=axes.get_yaxis_transform(),
                    weight="bold",
                    va="center",
                    ha="right",
                )
                place += 0.7
            for dot in members:
                _draw(axes, place, dot)
                ticks.append((place, dot.label))
                place += 1
        if claimed is not None:
            axes.axvline(claimed, color=_CLAIM, linewidth=1.2, linestyle=(0, (4, 3)))
            axes.text(claimed, -0.75, f"主張 {claimed:g}%", color=_CLAIM, ha="center", va="bottom")
        axes.set_yticks([at for at, _ in ticks], [label for _, label in ticks])
        axes.set_ylim(place - 0.4, -0.7)
        axes.set_xlim(*_limits(rows, claimed))
        axes.set_xlabel(axis)
        return _svg(axes.figure)


def _width(label: str) -> float:
    """In em: Japanese signs are one wide, Latin ones about half; measured by hand, for no font here has them."""
    return sum(1.0 if east_asian_width(sign) in "WFA" else 0.55 for sign in label)


def _draw(axes: Any, place: float, dot: Dot) -> None:
    if dot.value is None:
        return
    if dot.low is not None and dot.high is not None:
        axes.plot([dot.low, dot.high], [place, place], color=_MAIN, linewidth=2, solid_capstyle="butt", alpha=0.55)
    axes.plot([dot.value], [place], "o", color=_MAIN, markersize=6, markerfacecolor=_MAIN if dot.sure else "white")
    axes.annotate(
        f"{dot.value:.1f}", (dot.value, place), xytext=(0, 6), textcoords="offset points", ha="center", size=8
    )


def _limits(rows: Sequence[Dot], claimed: float | None) -> tuple[float, float]:
    values = [value for row in rows for value in (row.value, row.low, row.high) if value is not None]
    values += [claimed] if claimed is not None else []
    low = min(values, default=0.0)
    return max(-50.0, low - 3 if low < 98 else 95.0), max([100.5, *(value + 1 for value in values if value > 100)])


@contextmanager
def _drawing(height: float, label_width: float) -> Iterator[Any]:
    """Axes of a new figure, with room for labels of this width; no warnings about fonts that only the reader needs."""
    import matplotlib
    from matplotlib.figure import Figure

    logger = logging.getLogger("matplotlib.font_manager")
    level = logger.level
    with warnings.catch_warnings(), matplotlib.rc_context(_SETTINGS):
        warnings.filterwarnings("ignore", message=".*[Gg]lyph")
        logger.setLevel(logging.ERROR)
        try:
            figure = Figure(figsize=(_WIDTH_INCHES, height))
            left = (label_width * _FONT_POINTS + 8) / 72 / _WIDTH_INCHES
            figure.subplots_adjust(left=left, right=0.985, top=1 - 0.28 / height, bottom=0.5 / height)
            yield figure.subplots()
        finally:
            logger.setLevel(level)


def _svg(figure: Any) -> str:
    written = io.StringIO()
    figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    svg = written.getvalue()
    return _SIZE.sub("", _METADATA.sub("", svg[svg.index("<svg") :]), count=1)
