"""Chart images, checked as pixels: sane size, readable on every theme, identical for equal charts."""

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


def rgb(tone: str) -> tuple[int, int, int]:
    """Split a colour like `#7d8590` into its channels, 0 to 255."""
    return int(tone[1:3], 16), int(tone[3:5], 16), int(tone[5:7], 16)


def luminance(tone: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [value / 255 for value in rgb(tone)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def pixels(chart: Chart) -> Image.Image:
    return Image.open(io.BytesIO(draw(chart))).convert("RGBA")


def count_pixels(chart: Chart, tone: str) -> int:
    """Count the opaque pixels of exactly that tone."""
    return pixels(chart).tobytes().count(bytes((*rgb(tone), 255)))


@pytest.mark.parametrize("chart", [BARS, LINES], ids=["bars", "lines"])
def test_image_size_suits_chats(chart: Chart) -> None:
    assert draw(chart).startswith(b"\x89PNG\r\n")
    width, height = pixels(chart).size
    assert width == 1080
    assert 500 < height < 1400
    assert len(draw(chart)) < 200_000


@pytest.mark.parametrize("background", [WHITE, SLACK, DISCORD])
@pytest.mark.parametrize("tone", [INK, *TONES.values()])
def test_every_tone_contrasts_with_every_background(tone: str, background: str) -> None:
    dark, light = sorted((luminance(tone), luminance(background)))
    assert (light + 0.05) / (dark + 0.05) >= 3


def test_background_is_transparent() -> None:
    assert pixels(BARS).getpixel((0, 0)) == (255, 255, 255, 0)


@pytest.mark.parametrize("chart", [BARS, LINES], ids=["bars", "lines"])
def test_equal_charts_give_equal_images(chart: Chart) -> None:
    copy = replace(chart, labels=chart.labels)
    assert draw.__wrapped__(chart) == draw.__wrapped__(copy)


def test_every_series_is_visible() -> None:
    assert all(count_pixels(BARS, tone) > 300 for tone in TONES.values())
    assert count_pixels(LINES, TONES["main"]) > 300
    assert count_pixels(LINES, TONES["goal"]) > 300


def test_gap_is_not_drawn() -> None:
    (done, plan) = LINES.series
    whole = replace(LINES, series=(replace(done, values=(0, 2, 2, 5, 5, 5, 5, 5)), plan))
    assert count_pixels(LINES, TONES["main"]) < count_pixels(whole, TONES["main"])


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
def test_any_data_is_drawn(shape: str, labels: tuple[str, ...], values: tuple[float | None, ...]) -> None:
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
def test_hostile_names_are_drawn_without_a_warning(shape: str, name: str) -> None:
    chart = Chart(
        "bars" if shape == "bars" else "lines", (name, "b"), (Series(name, (1, 2)), Series(name, (2, 1), "goal")), name
    )
    assert pixels(chart).width == 1080
    assert count_pixels(chart, TONES["main"]) > 300


def test_names_are_not_read_as_tex() -> None:
    plain, formula = (replace(BARS, labels=(name, *SKILLS[1:])) for name in ("x2", "$x_2$"))
    ink = [count_pixels(chart, INK) for chart in (plain, formula)]
    assert ink[1] > ink[0]  # literally drawn, it has three characters more


def test_series_name_with_leading_underscore_is_in_the_legend() -> None:
    named = [Chart("bars", ("a",), (Series(name, (1,)), Series("y", (1,), "goal"))) for name in ("_", "_ten")]
    assert count_pixels(named[0], INK) < count_pixels(named[1], INK)
