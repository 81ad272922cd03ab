"""Pictures of charts, by matplotlib (the extra `charts`). They lie on no ground of their own and are drawn in tones that can
be read on a light theme and on a dark one, since nobody tells a bot which one a person uses. Chats show them some 400 pixels
wide, so words are large. Names are literal: nothing in them is read as TeX, and what the font lacks is left out."""

from __future__ import annotations

import io
import textwrap
import threading
import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from mentorbot.chat.cards import Chart, Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#7d8590"
"""Words and lines: at least 3:1 against white, and against Slack's and Discord's dark grounds, as each of the tones."""
TONES = {"main": "#4c7fe0", "before": "#7f8ba0", "goal": "#c9792b"}
_WIDTH, _DPI = 5.4, 200
_WORDS, _NUMBERS = 11, 10
"""Sizes in points; at a width of 420 pixels, 11 points are 12 pixels."""
_CROWD = 16  # from so many rows on they stand close
_drawing = threading.Lock()


@cache
def available() -> bool:
    """Whether charts can be drawn here."""
    return find_spec("matplotlib") is not None


@lru_cache(maxsize=64)
def draw(chart: Chart) -> bytes:
    """`chart` as a PNG. Takes some 100 ms of a processor: call it off the event loop.

    Raises:
        ImportError: matplotlib is not installed; ask `available` first.
    """
    # Without pyplot, whose figures are global; and one at a time, since matplotlib promises nothing about threads.
    from matplotlib.figure import Figure

    with _drawing:
        figure = Figure(figsize=(_WIDTH, _height(chart)), dpi=_DPI, layout="constrained")
        axes = figure.add_subplot()
        marks = _bars(axes, chart) if chart.shape == "bars" else _lines(axes, chart)
        _dress(axes)
        if len(chart.series) > 1:
            _legend(figure, chart, marks)
        data = io.BytesIO()
        figure.savefig(data, format="png", transparent=True)
    return data.getvalue()


def _height(chart: Chart) -> float:
    rows = max(1, len(chart.labels))
    return 1.1 + rows * (0.46 if rows < _CROWD else 0.27) if chart.shape == "bars" else 3.2


def _bars(axes: Axes, chart: Chart) -> list[Any]:
    """Lying bars, so that long names can be read, each with its figure at the right; a goal is a mark on the scale."""
    rows = range(len(chart.labels))
    filled = [series for series in chart.series if series.tone != "goal"]
    thick = 0.74 / max(1, len(filled))
    marks: list[Any] = []
    for series in chart.series:
        if series.tone == "goal":
            marks += axes.plot(
                _numbers(series), rows, "D", color=TONES["goal"], markersize=7.5, clip_on=False, zorder=4
            )
            continue
        shift = (filled.index(series) - (len(filled) - 1) / 2) * thick
        marks.append(_bar(axes, series, [row + shift for row in rows], thick))
        if len(rows) < _CROWD or series.tone == "main":
            _figures(axes, series, [row + shift for row in rows])
    axes.set_yticks(rows, [_lines_of(label, *((2, 22) if len(rows) < _CROWD else (1, 26))) for label in chart.labels])
    axes.set_ylim(max(1, len(rows)) - 0.5, -0.5)
    axes.set_xlim(*_scale(chart))
    _ticks(axes, chart)
    return marks


def _bar(axes: Axes, series: Series, at: list[float], thick: float) -> Any:
    """What was before is hollow, so that it differs for those who see no hues."""
    tone, hollow = TONES[series.tone], series.tone == "before"
    return axes.barh(
        at,
        _numbers(series),
        height=thick * (0.72 if hollow else 0.86),
        facecolor="none" if hollow else tone,
        edgecolor=tone,
        linewidth=1.6 if hollow else 0,
        zorder=3,
    )


def _figures(axes: Axes, series: Series, at: list[float]) -> None:
    for place, value in zip(at, series.values, strict=True):
        if value is not None:
            axes.annotate(
                _figure(value),
                (1, place),
                xycoords=("axes fraction", "data"),
                xytext=(12, 0),
                textcoords="offset points",
                va="center_baseline",
                color=TONES[series.tone],
                fontsize=_NUMBERS,
                fontweight="bold" if series.tone == "main" else "normal",
            )


def _lines(axes: Axes, chart: Chart) -> list[Any]:
    """Lines that end where their figures end; the last one of each is written out."""
    places = range(len(chart.labels))
    low, high = _scale(chart)
    marks: list[Any] = []
    for series in chart.series:
        marks += _line(axes, series)
        if series.tone == "main":
            axes.fill_between(places, _numbers(series), color=TONES["main"], alpha=0.16, linewidth=0)
    names = [_lines_of(label, 1, 14) for label in chart.labels]
    step = _step(names)
    axes.set_xticks(places[::step], names[::step])
    axes.set_xlim(-0.02 * len(places) - 0.2, len(places) * 1.04 - 0.8)
    axes.set_ylim(low, high + 0.08 * (high - low))
    _ends(axes, chart)
    _ticks(axes, chart)
    return marks


def _line(axes: Axes, series: Series) -> list[Any]:
    """A line, with dots at figures between two gaps, which are no line, and where the main one has come to."""
    known = [index for index, value in enumerate(series.values) if value is not None]
    dots = [index for index in known if not {index - 1, index + 1} & set(known)]
    if series.tone == "main":
        dots += known[-1:]
    return axes.plot(
        range(len(series.values)),
        _numbers(series),
        {"main": "-", "before": ":", "goal": "--"}[series.tone],
        color=TONES[series.tone],
        linewidth=3.2 if series.tone == "main" else 2.4,
        marker="o" if dots else None,
        markevery=dots or None,
        markersize=7,
    )


def _ends(axes: Axes, chart: Chart) -> None:
    """The last figure of each line, the main one's first; one that would lie on another is left out."""
    low, high = axes.get_ylim()
    taken: list[tuple[float, float]] = []
    for series in sorted(chart.series, key=lambda series: series.tone != "main"):
        known = [(index, value) for index, value in enumerate(series.values) if value is not None]
        if not known:
            continue
        at = (known[-1][0] / len(chart.labels), (known[-1][1] - low) / (high - low))
        if all(abs(at[0] - x) > 0.12 or abs(at[1] - y) > 0.1 for x, y in taken):
            taken.append(at)
            tone = TONES[series.tone]
            note = axes.annotate(
                _figure(known[-1][1]), known[-1], xytext=(0, 7), textcoords="offset points", ha="center"
            )
            note.set(color=tone, fontsize=_WORDS, fontweight="bold")


def _step(labels: list[str]) -> int:
    """Every how many labels there is room for one."""
    fit = max(1, 50 // (max(map(len, labels), default=1) + 2))
    return max(1, -(-len(labels) // fit))


def _scale(chart: Chart) -> tuple[float, float]:
    known = [value for series in chart.series for value in series.values if value is not None]
    low, high = min((0.0, *known)), max((chart.high or 0.0, *known))
    return low, high if high > low else low + 1


def _ticks(axes: Axes, chart: Chart) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis, other = (axes.xaxis, axes.yaxis) if chart.shape == "bars" else (axes.yaxis, axes.xaxis)
    whole = all(value is None or value == int(value) for series in chart.series for value in series.values)
    axis.set_major_locator(MaxNLocator(5, integer=whole, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _figure(value)))
    axis.set_label_text(_lines_of(chart.unit, 1, 40), color=INK, fontsize=_NUMBERS)
    axis.grid(visible=True, color=INK, alpha=0.35)
    for text in (axis.label, *other.get_ticklabels()):
        text.set_parse_math(False)


def _dress(axes: Axes) -> None:
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, labelsize=_WORDS, length=0, pad=6)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _legend(figure: Figure, chart: Chart, marks: list[Any]) -> None:
    names = [_lines_of(series.name, 1, 32) or "–" for series in chart.series]
    beside = sum(map(len, names)) + 6 * len(names) < 54
    # The names are put in afterwards: one that begins with `_` would be left out.
    legend = figure.legend(
        marks,
        ["–"] * len(names),
        loc="outside upper center",
        ncols=len(names) if beside else 1,
        frameon=False,
        labelcolor=INK,
        fontsize=_WORDS,
        handlelength=2.2,
    )
    for text, name in zip(legend.get_texts(), names, strict=True):
        text.set_text(name)
        text.set_parse_math(False)


def _numbers(series: Series) -> list[float]:
    return [float("nan") if value is None else value for value in series.values]


def _figure(value: float) -> str:
    return (f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.3g}").replace("-", "−")


def _lines_of(text: str, lines: int, width: int) -> str:
    """`text` as the font can draw it, in so many lines at most."""
    return "\n".join(textwrap.wrap("".join(map(_drawable, text)), width, max_lines=lines, placeholder=" …"))


def _drawable(char: str) -> str:
    """A letter that the font lacks is a box; a picture or a control character is nothing."""
    if char.isspace():
        return " "
    kind = unicodedata.category(char)[0]
    if ord(char) in _known() and kind != "C":
        return char
    return "□" if kind == "L" else ""


@cache
def _known() -> frozenset[int]:
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())
