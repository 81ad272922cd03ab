"""Charts drawn as PNG images by matplotlib (the extra `charts`).

The background is transparent and the colours are readable on light and dark themes alike, since a bot can't know which one a
person uses. Chats show images about 400 pixels wide, so text is large. Names are literal: nothing in them is read as TeX, and
anything the font lacks is dropped.
"""

from __future__ import annotations

import io
import math
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
"""Colour of text and lines. Like every tone, it has a contrast of at least 3:1 against white and both platforms' dark themes."""
TONES = {"main": "#4c7fe0", "before": "#7f8ba0", "goal": "#c9792b"}
_WIDTH, _DPI = 5.4, 200  # inches, and pixels per inch
_TEXT_SIZE, _NUMBER_SIZE = 11, 10
"""Font sizes in points. Shown 420 pixels wide, 11 points are 12 pixels."""
_DENSE_ROWS = 16
"""With this many rows or more, bars are drawn closer together."""
_draw_lock = threading.Lock()


@cache
def available() -> bool:
    """Return True if matplotlib is installed, so that charts can be drawn."""
    return find_spec("matplotlib") is not None


@lru_cache(maxsize=64)
def draw(chart: Chart) -> bytes:
    """Draw `chart` as a PNG. Takes about 100 ms of CPU time, so call it off the event loop.

    Raises:
        ImportError: matplotlib is not installed; ask `available` first.
    """
    # No pyplot, since its figures are global. One figure at a time, since matplotlib isn't thread-safe.
    from matplotlib.figure import Figure

    with _draw_lock:
        figure = Figure(figsize=(_WIDTH, _height(chart)), dpi=_DPI, layout="constrained")
        axes = figure.add_subplot()
        marks = _draw_bars(axes, chart) if chart.shape == "bars" else _draw_lines(axes, chart)
        _style_axes(axes)
        if len(chart.series) > 1:
            _draw_legend(figure, chart, marks)
        data = io.BytesIO()
        figure.savefig(data, format="png", transparent=True)
    return data.getvalue()


def _height(chart: Chart) -> float:
    """Return the height in inches: by rows for bars, fixed for lines."""
    rows = max(1, len(chart.labels))
    return 1.1 + rows * (0.46 if rows < _DENSE_ROWS else 0.27) if chart.shape == "bars" else 3.2


def _draw_bars(axes: Axes, chart: Chart) -> list[Any]:
    """Draw horizontal bars, so long names stay readable, with each figure at the right. A goal is a marker, not a bar."""
    rows = range(len(chart.labels))
    filled = [series for series in chart.series if series.tone != "goal"]
    thickness = 0.74 / max(1, len(filled))
    marks: list[Any] = []
    for series in chart.series:
        if series.tone == "goal":
            marks += axes.plot(
                _plot_values(series), rows, "D", color=TONES["goal"], markersize=7.5, clip_on=False, zorder=4
            )
            continue
        shift = (filled.index(series) - (len(filled) - 1) / 2) * thickness
        marks.append(_draw_bar(axes, series, [row + shift for row in rows], thickness))
        if len(rows) < _DENSE_ROWS or series.tone == "main":
            _label_bars(axes, series, [row + shift for row in rows])
    axes.set_yticks(rows, [_wrap(label, *((2, 22) if len(rows) < _DENSE_ROWS else (1, 26))) for label in chart.labels])
    axes.set_ylim(max(1, len(rows)) - 0.5, -0.5)
    axes.set_xlim(*_value_range(chart))
    _style_scale(axes, chart)
    return marks


def _draw_bar(axes: Axes, series: Series, positions: list[float], thickness: float) -> Any:
    """Draw one series of bars. The state before is hollow, so colour isn't the only difference."""
    tone, hollow = TONES[series.tone], series.tone == "before"
    return axes.barh(
        positions,
        _plot_values(series),
        height=thickness * (0.72 if hollow else 0.86),
        facecolor="none" if hollow else tone,
        edgecolor=tone,
        linewidth=1.6 if hollow else 0,
        zorder=3,
    )


def _label_bars(axes: Axes, series: Series, positions: list[float]) -> None:
    """Write each value at the right edge, beside its bar."""
    for position, value in zip(positions, series.values, strict=True):
        if value is not None:
            axes.annotate(
                _format_number(value),
                (1, position),
                xycoords=("axes fraction", "data"),
                xytext=(12, 0),
                textcoords="offset points",
                va="center_baseline",
                color=TONES[series.tone],
                fontsize=_NUMBER_SIZE,
                fontweight="bold" if series.tone == "main" else "normal",
            )


def _draw_lines(axes: Axes, chart: Chart) -> list[Any]:
    """Draw lines that end with their last value, which is written beside it."""
    positions = range(len(chart.labels))
    low, high = _value_range(chart)
    marks: list[Any] = []
    for series in chart.series:
        marks += _draw_line(axes, series)
        if series.tone == "main":
            axes.fill_between(positions, _plot_values(series), color=TONES["main"], alpha=0.16, linewidth=0)
    names = [_wrap(label, 1, 14) for label in chart.labels]
    interval = _label_interval(names)
    axes.set_xticks(positions[::interval], names[::interval])
    axes.set_xlim(-0.02 * len(positions) - 0.2, len(positions) * 1.04 - 0.8)
    axes.set_ylim(low, high + 0.08 * (high - low))
    _label_line_ends(axes, chart)
    _style_scale(axes, chart)
    return marks


def _draw_line(axes: Axes, series: Series) -> list[Any]:
    """Draw one line. A value between two gaps gets a dot, since it makes no line; so does the latest value of the main line."""
    known = [index for index, value in enumerate(series.values) if value is not None]
    dots = [index for index in known if not {index - 1, index + 1} & set(known)]
    if series.tone == "main":
        dots += known[-1:]
    return axes.plot(
        range(len(series.values)),
        _plot_values(series),
        {"main": "-", "before": ":", "goal": "--"}[series.tone],
        color=TONES[series.tone],
        linewidth=3.2 if series.tone == "main" else 2.4,
        marker="o" if dots else None,
        markevery=dots or None,
        markersize=7,
    )


def _label_line_ends(axes: Axes, chart: Chart) -> None:
    """Write the last value of each line, the main one's first. One that would overlap another is left out."""
    low, high = axes.get_ylim()
    taken: list[tuple[float, float]] = []
    for series in sorted(chart.series, key=lambda series: series.tone != "main"):
        known = [(index, value) for index, value in enumerate(series.values) if value is not None]
        if not known:
            continue
        # As fractions of the axes' width and height, to compare distances on screen.
        end_x, end_y = known[-1][0] / len(chart.labels), (known[-1][1] - low) / (high - low)
        if all(abs(end_x - x) > 0.12 or abs(end_y - y) > 0.1 for x, y in taken):
            taken.append((end_x, end_y))
            tone = TONES[series.tone]
            note = axes.annotate(
                _format_number(known[-1][1]), known[-1], xytext=(0, 7), textcoords="offset points", ha="center"
            )
            note.set(color=tone, fontsize=_TEXT_SIZE, fontweight="bold")


def _label_interval(labels: list[str]) -> int:
    """Return n so that every n-th label fits side by side; about 50 characters fit into the width."""
    capacity = max(1, 50 // (max(map(len, labels), default=1) + 2))
    return max(1, math.ceil(len(labels) / capacity))


def _value_range(chart: Chart) -> tuple[float, float]:
    """Return the ends of the scale: it includes zero and is never empty."""
    known = [value for series in chart.series for value in series.values if value is not None]
    low, high = min((0.0, *known)), max((chart.high or 0.0, *known))
    return low, high if high > low else low + 1


def _style_scale(axes: Axes, chart: Chart) -> None:
    """Put round numbers and the unit on the value axis, with grid lines."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis, other = (axes.xaxis, axes.yaxis) if chart.shape == "bars" else (axes.yaxis, axes.xaxis)
    whole = all(value is None or value == int(value) for series in chart.series for value in series.values)
    axis.set_major_locator(MaxNLocator(5, integer=whole, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _format_number(value)))
    axis.set_label_text(_wrap(chart.unit, 1, 40), color=INK, fontsize=_NUMBER_SIZE)
    axis.grid(visible=True, color=INK, alpha=0.35)
    # Names may hold dollar signs, which matplotlib would read as TeX.
    for text in (axis.label, *other.get_ticklabels()):
        text.set_parse_math(False)


def _style_axes(axes: Axes) -> None:
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, labelsize=_TEXT_SIZE, length=0, pad=6)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _draw_legend(figure: Figure, chart: Chart, marks: list[Any]) -> None:
    names = [_wrap(series.name, 1, 32) or "–" for series in chart.series]
    beside = sum(map(len, names)) + 6 * len(names) < 54
    # The real names are set afterwards, because matplotlib skips a legend entry that begins with `_`.
    legend = figure.legend(
        marks,
        ["–"] * len(names),
        loc="outside upper center",
        ncols=len(names) if beside else 1,
        frameon=False,
        labelcolor=INK,
        fontsize=_TEXT_SIZE,
        handlelength=2.2,
    )
    for text, name in zip(legend.get_texts(), names, strict=True):
        text.set_text(name)
        text.set_parse_math(False)


def _plot_values(series: Series) -> list[float]:
    return [float("nan") if value is None else value for value in series.values]


def _format_number(value: float) -> str:
    # A proper minus sign, which is as wide as a digit.
    return (f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.3g}").replace("-", "−")


def _wrap(text: str, lines: int, width: int) -> str:
    """Wrap `text` to `width` characters and at most `lines` lines, with only what the font can draw."""
    return "\n".join(textwrap.wrap("".join(map(_drawable, text)), width, max_lines=lines, placeholder=" …"))


def _drawable(char: str) -> str:
    """Return `char` if the font has it. A missing letter becomes a box; any other missing character is dropped."""
    if char.isspace():
        return " "
    category = unicodedata.category(char)[0]
    if ord(char) in _font_code_points() and category != "C":
        return char
    return "□" if category == "L" else ""


@cache
def _font_code_points() -> frozenset[int]:
    """List the characters of matplotlib's own default font."""
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())
