"""Values as people write them."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from mentorbot.clock import Weekday
from mentorbot.errors import BadValue
from mentorbot.slash.converters import read
from mentorbot.slash.dates import read_date
from mentorbot.slash.registry import Option, OptionSpec, OptionType

from .grammar import READING, TODAY, skills


def option(kind: OptionType, about: Option | None = None) -> OptionSpec:
    return OptionSpec("it", kind, required=True, about=about or Option("It"))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("fri", date(2026, 11, 27)),
        ("next monday", date(2026, 11, 30)),
        ("today", TODAY),
        ("tomorrow", date(2026, 11, 24)),
        ("in 2 weeks", date(2026, 12, 7)),
        ("next week", date(2026, 11, 30)),
        ("3 days", date(2026, 11, 26)),
        ("in a month", date(2026, 12, 23)),
        ("1 dec", date(2026, 12, 1)),
        ("5th of May", date(2027, 5, 5)),
        ("feb 29", date(2028, 2, 29)),
        ("31 feb", None),
        ("2026-02-30", None),
        ("soon", None),
        ("12", None),
        ("dec", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    assert read_date(text, TODAY) == day


def test_a_month_ahead_stays_in_that_month() -> None:
    assert read_date("in 1 month", date(2027, 1, 31)) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-11-22", "has passed; today is Monday, 23 November 2026"),
        ("2101-01-01", "too far away"),
        ("31 feb", "not a date that I can find"),
    ],
)
def test_dates_that_cannot_be_used(text: str, says: str) -> None:
    with pytest.raises(BadValue, match=says):
        read(option(OptionType.DATE), text, READING)


@pytest.mark.parametrize(
    ("text", "at"),
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
def test_times(text: str, at: time) -> None:
    assert read(option(OptionType.TIME), text, READING) == at


@pytest.mark.parametrize("text", ["25:00", "9", "13pm", "0am", "10:61", "noonish", ""])
def test_times_that_cannot_be_used(text: str) -> None:
    with pytest.raises(BadValue, match="Write it as 09:00"):
        read(option(OptionType.TIME), text, READING)


@pytest.mark.parametrize("text", ["monday", "Mondays", "mo", "MON"])
def test_weekdays(text: str) -> None:
    assert read(option(OptionType.WEEKDAY), text, READING) is Weekday.MONDAY


def test_a_weekday_misspelt() -> None:
    with pytest.raises(BadValue, match="Did you mean Wednesday") as raised:
        read(option(OptionType.WEEKDAY), "wensday", READING)
    assert raised.value.suggestions == ("wednesday",)


@pytest.mark.parametrize("text", ["Europe/Berlin", "europe/berlin", "berlin", "Berlin"])
def test_zones(text: str) -> None:
    assert read(option(OptionType.ZONE), text, READING) == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "guess"), [("Europe/Berln", "Did you mean Europe/Berlin"), ("Mars/Olympus", ""), ("../etc", "")]
)
def test_unknown_zones(text: str, guess: str) -> None:
    with pytest.raises(BadValue, match="not a time zone") as raised:
        read(option(OptionType.ZONE), text, READING)
    assert guess in raised.value.message


@pytest.mark.parametrize("text", ["mlops", "MLOps practices", "ml ops practices", "machine learning", "pipelines"])
def test_choices_by_value_label_or_the_words_of_one(text: str) -> None:
    if text == "ml ops practices":
        with pytest.raises(BadValue, match="Did you mean “mlops”"):
            read(option(OptionType.TEXT, Option("Skill", choices=skills)), text, READING)
        return
    assert read(option(OptionType.TEXT, Option("Skill", choices=skills)), text, READING) in {
        "mlops",
        "ml-infrastructure",
        "data-pipelines",
    }


@pytest.mark.parametrize("text", ["0", "100", "3.5", "three", "", "९", "9" * 40])
def test_numbers_out_of_bounds(text: str) -> None:
    with pytest.raises(BadValue, match="whole number from 1 to 99"):
        read(option(OptionType.NUMBER, Option("n", low=1, high=99)), text, READING)


def test_a_text_that_is_too_long_says_how_long_it_may_be() -> None:
    with pytest.raises(BadValue, match="10,000 characters are too many for it; at most 200"):
        read(option(OptionType.TEXT), "x" * 10_000, READING)


@for_all(st.sampled_from(OptionType), st.text(max_size=60))
def test_reading_never_crashes(kind: OptionType, text: str) -> None:
    try:
        value = read(option(kind), text, READING)
    except BadValue as error:
        assert error.message
    else:
        assert value is not None
