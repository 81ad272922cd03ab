"""Converters: numbers, dates, times, zones, weekdays and choices as people write them."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorbot.clock import Weekday
from mentorbot.errors import BadValue
from mentorbot.slash.converters import read
from mentorbot.slash.registry import Option, OptionSpec, OptionType

from .sample_registry import CONTEXT, skills


def option(kind: OptionType, declared: Option | None = None) -> OptionSpec:
    return OptionSpec("it", kind, required=True, declared=declared or Option("It"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-11-22", "has passed; today is Monday, 23 November 2026"),
        ("2101-01-01", "too far away"),
        ("31 feb", "not a date that I can find"),
    ],
)
def test_unusable_date_says_why(text: str, message: str) -> None:
    with pytest.raises(BadValue, match=message):
        read(option(OptionType.DATE), text, CONTEXT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09:00", time(9)),
        ("9am", time(9)),
        ("12 am", time(0)),
        ("12:30pm", time(12, 30)),
        ("17.45", time(17, 45)),
        ("7 p.m.", time(19)),
        ("٩:٠٠", time(9)),
    ],
)
def test_time(text: str, expected: time) -> None:
    assert read(option(OptionType.TIME), text, CONTEXT) == expected


@pytest.mark.parametrize("text", ["25:00", "9", "13pm", "0am", "10:61", "noonish", ""])
def test_unusable_time_is_rejected(text: str) -> None:
    with pytest.raises(BadValue, match="Write it as 09:00"):
        read(option(OptionType.TIME), text, CONTEXT)


@pytest.mark.parametrize("text", ["monday", "Mondays", "mo", "MON"])
def test_weekday(text: str) -> None:
    assert read(option(OptionType.WEEKDAY), text, CONTEXT) is Weekday.MONDAY


def test_misspelt_weekday_suggests_the_nearest() -> None:
    with pytest.raises(BadValue, match="Did you mean Wednesday") as raised:
        read(option(OptionType.WEEKDAY), "wensday", CONTEXT)
    assert raised.value.suggestions == ("wednesday",)


@pytest.mark.parametrize("text", ["Europe/Berlin", "europe/berlin", "berlin", "Berlin"])
def test_zone(text: str) -> None:
    assert read(option(OptionType.ZONE), text, CONTEXT) == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "guess"), [("Europe/Berln", "Did you mean Europe/Berlin"), ("Mars/Olympus", ""), ("../etc", "")]
)
def test_unknown_zone_suggests_the_nearest(text: str, guess: str) -> None:
    with pytest.raises(BadValue, match="not a time zone") as raised:
        read(option(OptionType.ZONE), text, CONTEXT)
    assert guess in raised.value.message


@pytest.mark.parametrize("text", ["mlops", "MLOps practices", "ml ops practices", "machine learning", "pipelines"])
def test_choice_by_value_label_or_start_of_words(text: str) -> None:
    if text == "ml ops practices":
        with pytest.raises(BadValue, match="Did you mean “mlops”"):
            read(option(OptionType.TEXT, Option("Skill", choices=skills)), text, CONTEXT)
        return
    assert read(option(OptionType.TEXT, Option("Skill", choices=skills)), text, CONTEXT) in {
        "mlops",
        "ml-infrastructure",
        "data-pipelines",
    }


@pytest.mark.parametrize("text", ["0", "100", "3.5", "three", "", "९", "9" * 40])
def test_number_out_of_bounds_names_the_bounds(text: str) -> None:
    with pytest.raises(BadValue, match="whole number from 1 to 99"):
        read(option(OptionType.NUMBER, Option("n", low=1, high=99)), text, CONTEXT)


def test_too_long_text_names_the_limit() -> None:
    with pytest.raises(BadValue, match="10,000 characters are too many for it; at most 200"):
        read(option(OptionType.TEXT), "x" * 10_000, CONTEXT)


@given(st.sampled_from(OptionType), st.text(max_size=60))
def test_any_text_is_read_or_raises_bad_value(kind: OptionType, text: str) -> None:
    try:
        value = read(option(kind), text, CONTEXT)
    except BadValue as error:
        assert error.message
    else:
        assert value is not None
