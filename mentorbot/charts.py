"""Pictures of charts, by matplotlib (the extra `charts`). They lie on no ground of their own and are drawn in tones that can
be read on a light theme and on a dark one, since nobody tells a bot which one a person uses."""

from __future__ import annotations

import io
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from mentorbot.cards import Chart, Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK = "#7d8590"
"""Words and lines: about 3.7:1 or more against white, and against Slack's and Discord's dark grounds."""
TONES = {"main": "#4c7fe0", "before": "#9aa3b2", "goal": "#c9792b"}
_WIDTH, _DPI = 7.0, 160


def available() -> bool:
    """Whether charts can be drawn here."""
    return find_spec("matplotlib") is not None


@lru_cache(maxsize=64)
def draw(chart: Chart) -> bytes:
    """`chart` as a PNG. Takes some 100 ms of a processor: call it off the event loop.

    Raises:
        ImportError: matplotlib is not installed; ask `available` first.
    """
    # Without pyplot: its figures are global, and this runs in threads.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, _height(chart)), dpi=_DPI, layout="constrained")
    axes = figure.add_subplot()
    _bars(axes, chart) if chart.shape == "bars" else _lines(axes, chart)
    _dress(axes, chart)
    data = io.BytesIO()
    figure.savefig(data, format="png", transparent=True)
    return data.getvalue()


def _height(chart: Chart) -> float:
    return 1.1 + 0.5 * len(chart.labels) if chart.shape == "bars" else 3.4


def _bars(axes: Axes, chart: Chart) -> None:
    """Lying bars, so that long names can be read; a goal is a mark on the scale."""
    filled = [series for series in chart.series if series.tone != "goal"]
    thick = 0.72 / max(1, len(filled))
    for place, series in enumerate(filled):
        at = [row + (place - (len(filled) - 1) / 2) * thick for row in range(len(chart.labels))]
        axes.barh(at, _numbers(series), height=thick * 0.9, color=TONES[series.tone], label=series.name)
    for series in chart.series:
        if series.tone == "goal":
            rows = range(len(chart.labels))
            axes.plot(_numbers(series), rows, "D", color=TONES["goal"], label=series.name, markersize=8, clip_on=False)
    axes.set_yticks(range(len(chart.labels)), chart.labels)
    axes.invert_yaxis()
    axes.set_xlim(0, chart.high)
    axes.set_xlabel(chart.unit)
    axes.grid(axis="x", color=INK, alpha=0.35)


def _lines(axes: Axes, chart: Chart) -> None:
    places = range(len(chart.labels))
    for series in chart.series:
        dashes = "--" if series.tone == "goal" else "-"
        axes.plot(places, _numbers(series), dashes, color=TONES[series.tone], label=series.name, linewidth=3)
    step = max(1, len(chart.labels) // 8)
    axes.set_xticks(list(places)[::step], chart.labels[::step])
    axes.set_ylim(0, chart.high)
    axes.set_ylabel(chart.unit)
    axes.grid(axis="y", color=INK, alpha=0.35)


def _numbers(series: Series) -> list[float]:
    return [float("nan") if value is None else value for value in series.values]


def _dress(axes: Axes, chart: Chart) -> None:
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, labelsize=11, length=0)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)
    for spine in axes.spines.values():
        spine.set_visible(False)
    if len(chart.series) > 1:
        axes.legend(
            frameon=False, labelcolor=INK, ncols=len(chart.series), loc="lower center", bbox_to_anchor=(0.5, 1.0)
        )
