"""Pictures of charts, looked at as pixels: of sane size, readable on each ground, the same for the same chart."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from mentorbot.chat.cards import Chart, Series
from mentorbot.chat.charts import INK, TONES, draw

WHITE, SLACK, DISCORD = "#ffffff", "#1a1d21", "#313338"
SKILLS = ("System design", "Machine learning operations", "Data engineering for learning systems", "Cloud", "Security")
BARS = Chart(
    "bars",
    SKILLS,
    (
        Series("Now", (2, 3, 1, 4, 0)),
        Series("At the start", (1, 2, 1, None, 0), "before"),
        Series("Asked for", (4, 4, 3, 4, 3), "goal"),
    ),
    "level",
    4,
)
LINES = Chart(
    "lines",
    tuple(f"week {number}" for number in range(1, 9)),
    (Series("Done", (0, 2, 2, 5, None, None, None, None)), Series("Plan", (0, 2, 4, 6, 8, 10, 12, 14), "goal")),
    "hours",
)


def luminance(tone: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(tone[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def pixels(chart: Chart) -> Image.Image:
    return Image.open(io.BytesIO(draw(chart))).convert("RGBA")


def painted(chart: Chart, tone: str) -> int:
    """How many pixels have exactly that tone."""
    wanted = (*(int(tone[at : at + 2], 16) for at in (1, 3, 5)), 255)
    return pixels(chart).tobytes().count(bytes(wanted))


@pytest.mark.parametrize("chart", [BARS, LINES], ids=["bars", "lines"])
def test_a_picture_is_of_a_size_that_chats_show(chart: Chart) -> None:
    assert draw(chart).startswith(b"\x89PNG\r\n")
    width, height = pixels(chart).size
    assert width == 1080
    assert 500 < height < 1400
    assert len(draw(chart)) < 200_000


@pytest.mark.parametrize("ground", [WHITE, SLACK, DISCORD])
@pytest.mark.parametrize("tone", [INK, *TONES.values()])
def test_every_tone_can_be_told_from_every_ground(tone: str, ground: str) -> None:
    dark, light = sorted((luminance(tone), luminance(ground)))
    assert (light + 0.05) / (dark + 0.05) >= 3


def test_a_picture_lies_on_no_ground_of_its_own() -> None:
    assert pixels(BARS).getpixel((0, 0)) == (255, 255, 255, 0)


@pytest.mark.parametrize("chart", [BARS, LINES], ids=["bars", "lines"])
def test_equal_charts_give_equal_pictures(chart: Chart) -> None:
    again = replace(chart, labels=chart.labels)
    assert draw.__wrapped__(chart) == draw.__wrapped__(again)


def test_each_series_is_seen() -> None:
    assert all(painted(BARS, tone) > 300 for tone in TONES.values())
    assert painted(LINES, TONES["main"]) > 300
    assert painted(LINES, TONES["goal"]) > 300


def test_a_gap_is_not_drawn() -> None:
    (done, plan) = LINES.series
    whole = replace(LINES, series=(replace(done, values=(0, 2, 2, 5, 5, 5, 5, 5)), plan))
    assert painted(LINES, TONES["main"]) < painted(whole, TONES["main"])


@pytest.mark.parametrize("shape", ["bars", "lines"])
@pytest.mark.parametrize(
    ("labels", "values"),
    [
        ((), ()),
        (("alone",), (3.0,)),
        (("alone",), (0.0,)),
        (("a", "b", "c"), (None, None, None)),
        (("a", "b", "c"), (1.0, None, 2.5)),
        (("low", "high"), (-3.0, 1_234_567.0)),
        (tuple(f"label number {number}" for number in range(60)), tuple(map(float, range(60)))),
    ],
    ids=["none", "one", "zero", "gaps", "between gaps", "far apart", "sixty"],
)
def test_whatever_there_is_is_drawn(shape: str, labels: tuple[str, ...], values: tuple[float | None, ...]) -> None:
    chart = Chart("bars" if shape == "bars" else "lines", labels, (Series("x", values), Series("y", values, "goal")))
    width, height = pixels(chart).size
    assert width == 1080
    assert 200 < height < 4000


HOSTILE = (
    "$x^2$",
    "$\\frac{1$ \\",
    "_hidden_",
    "🚀 Ada 👩‍👩‍👧 🇪🇺 ✌🏽",
    "陈先生",
    "",
    "\n\t\x00\u202eevil\u202c",
    "W" * 3000,
    "a very long name " * 50,
    "e" + "\u0301" * 200,
)


@pytest.mark.parametrize("shape", ["bars", "lines"])
@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_drawn_without_a_word_of_warning(shape: str, name: str) -> None:
    chart = Chart(
        "bars" if shape == "bars" else "lines", (name, "b"), (Series(name, (1, 2)), Series(name, (2, 1), "goal")), name
    )
    assert pixels(chart).width == 1080
    assert painted(chart, TONES["main"]) > 300


def test_names_are_no_formulas() -> None:
    plain, formula = (replace(BARS, labels=(name, *SKILLS[1:])) for name in ("x2", "$x_2$"))
    ink = [painted(chart, INK) for chart in (plain, formula)]
    assert ink[1] > ink[0]  # two dollars and a dash more


def test_a_series_whose_name_begins_with_an_underscore_is_in_the_legend() -> None:
    named = [Chart("bars", ("a",), (Series(name, (1,)), Series("y", (1,), "goal"))) for name in ("_", "_ten")]
    assert painted(named[0], INK) < painted(named[1], INK)
