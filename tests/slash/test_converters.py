"""Converters: numbers, dates, times, zones, weekdays and choices as people write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorbot.clock import Weekday
from mentorbot.errors import BadValue, Impossible
from mentorbot.slash.choices import nearest
from mentorbot.slash.converters import accepts, read
from mentorbot.slash.dates import Sense
from mentorbot.slash.registry import ChannelRef, Option, OptionSpec, OptionType
from mentorbot.slash.times import read_time_range

from .sample_registry import CONTEXT, skills


def option(kind: OptionType, declared: Option | None = None) -> OptionSpec:
    return OptionSpec("it", kind, required=True, declared=declared or Option("It"))


@pytest.mark.parametrize(
    ("text", "message", "suggestions"),
    [
        ("2026-11-22", "22 Nov 2026 has passed. Today is Monday, 23 Nov 2026.", ()),
        ("2101-01-01", "2101 is too far off. Choose a date up to 2100.", ()),
        ("31 feb", "There's no 31 February. February ends on the 28th.", ("2027-02-28",)),
        ("sometime", "I can't read “sometime” as a date. Enter one like 1 dec, friday or in 2 weeks.", ()),
    ],
)
def test_unusable_date_says_why(text: str, message: str, suggestions: tuple[str, ...]) -> None:
    with pytest.raises(BadValue) as raised:
        read(option(OptionType.DATE), text, CONTEXT)
    assert (raised.value.message, raised.value.suggestions) == (message, suggestions)
    assert raised.value.option == "it"


def test_a_date_option_says_which_end_of_a_month_it_takes() -> None:
    for sense, day in ((Sense.END, date(2027, 6, 30)), (Sense.START, date(2027, 6, 1))):
        assert read(option(OptionType.DATE, Option("It", sense=sense)), "june", CONTEXT) == day


def test_an_impossible_date_belongs_to_the_option_as_a_whole() -> None:
    assert accepts(option(OptionType.DATE), "monday 5 december", CONTEXT)
    assert accepts(option(OptionType.DATE), "29 feb 2027", CONTEXT)
    assert not accepts(option(OptionType.DATE), "monday 5 december please", CONTEXT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09:00", time(9)),
        ("9am", time(9)),
        ("five pm", time(17)),
        ("eight thirty in the morning", time(8, 30)),
        ("ten to five pm", time(16, 50)),
        ("a quarter past nine in the evening", time(21, 15)),
        ("9 AM", time(9)),
        ("12 am", time(0)),
        ("12:30pm", time(12, 30)),
        ("17.45", time(17, 45)),
        ("7 p.m.", time(19)),
        ("at 7pm", time(19)),
        ("noon", time(12)),
        ("midnight", time(0)),
        ("15h", time(15)),
        ("15h30", time(15, 30)),
        ("9 in the morning", time(9)),
        ("9:30 in the evening", time(21, 30)),
        ("in the morning, 8:30", time(8, 30)),
        ("mornings at 8:30", time(8, 30)),
        ("afternoon 2", time(14)),
        ("٩:٠٠", time(9)),
        ("９：００", time(9)),
    ],
)
def test_time(text: str, expected: time) -> None:
    assert read(option(OptionType.TIME), text, CONTEXT) == expected


@pytest.mark.parametrize(
    ("text", "message", "suggestions"),
    [
        ("25:00", "There's no 25:00. Enter a time, e.g. 09:00, 17:30 or 9am.", ()),
        ("24:00", "There's no 24:00. Enter a time, e.g. 09:00, 17:30 or 9am.", ("00:00",)),
        ("13pm", "There's no 13pm. Enter a time, e.g. 09:00, 17:30 or 9am.", ()),
        ("0am", "There's no 0am. Enter a time, e.g. 09:00, 17:30 or 9am.", ()),
        ("10:61", "There's no 10:61. Enter a time, e.g. 09:00, 17:30 or 9am.", ()),
        ("9", "09:00 or 21:00?", ("09:00", "21:00")),
        ("9 o'clock", "09:00 or 21:00?", ("09:00", "21:00")),
        ("half past nine", "09:30 or 21:30?", ("09:30", "21:30")),
        ("halb neun", "08:30 or 20:30?", ("08:30", "20:30")),
        ("9ish", "09:00 or 21:00?", ("09:00", "21:00")),
        ("quarter to one", "00:45 or 12:45?", ("00:45", "12:45")),
        ("noonish", "I can't read “noonish” as a time. Enter one like 09:00, 17:30 or 9am.", ()),
        ("", "Enter a time like 09:00, 17:30 or 9am.", ()),
    ],
)
def test_unusable_time_is_refused_with_the_fix(text: str, message: str, suggestions: tuple[str, ...]) -> None:
    with pytest.raises(BadValue) as raised:
        read(option(OptionType.TIME), text, CONTEXT)
    assert (raised.value.message, raised.value.suggestions) == (message, suggestions)


@pytest.mark.parametrize("text", ["monday", "Mondays", "mo", "MON", "every monday", "on mondays", "Mon."])
def test_weekday(text: str) -> None:
    assert read(option(OptionType.WEEKDAY), text, CONTEXT) is Weekday.MONDAY


@pytest.mark.parametrize(
    ("text", "message", "suggestions"),
    [
        ("wensday", "“wensday” isn't a day of the week. Did you mean Wednesday?", ("wednesday",)),
        ("fryday", "“fryday” isn't a day of the week. Did you mean Friday?", ("friday",)),
        ("weekday", "“weekday” isn't a day of the week. Enter one like monday or mon.", ()),
        ("today", "“today” isn't a day of the week. Enter one like monday or mon.", ()),
    ],
)
def test_misspelt_weekday_suggests_one_that_is_near(text: str, message: str, suggestions: tuple[str, ...]) -> None:
    with pytest.raises(BadValue) as raised:
        read(option(OptionType.WEEKDAY), text, CONTEXT)
    assert (raised.value.message, raised.value.suggestions) == (message, suggestions)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-thu", "0123"),
        ("mon – thu", "0123"),
        ("Monday through Thursday", "0123"),
        ("mon to wed and sat", "0125"),
        ("fri-mon", "0456"),
        ("weekdays", "01234"),
        ("every weekday", "01234"),
        ("workdays", "01234"),
        ("weekends", "56"),
        ("mon, wed & fri", "024"),
        ("tu/th", "13"),
        ("every friday", "4"),
        ("fridays", "4"),
        ("every day", "0123456"),
        ("daily", "0123456"),
        ("wed mon", "02"),
    ],
)
def test_weekdays(text: str, days: str) -> None:
    assert read(option(OptionType.WEEKDAYS), text, CONTEXT) == tuple(Weekday(int(day)) for day in days)


def test_a_misspelt_day_among_several_keeps_the_others() -> None:
    with pytest.raises(BadValue, match=r"“fryday” isn't a day of the week\. Did you mean Friday\?") as raised:
        read(option(OptionType.WEEKDAYS), "mon, fryday", CONTEXT)
    assert raised.value.suggestions == ("mon friday",)


@pytest.mark.parametrize("text", ["every other friday", "friday 9am", "fri-day", "someday", "mon-xyz"])
def test_what_is_not_days_as_a_whole_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        read(option(OptionType.WEEKDAYS), text, CONTEXT)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("Munich", "Europe/Berlin"),
        ("München", "Europe/Berlin"),
        ("Zürich", "Europe/Zurich"),
        ("São Paulo", "America/Sao_Paulo"),
        ("sao paulo", "America/Sao_Paulo"),
        ("Delhi", "Asia/Kolkata"),
        ("New Delhi", "Asia/Kolkata"),
        ("Bangalore", "Asia/Kolkata"),
        ("Calcutta", "Asia/Kolkata"),
        ("Kiev", "Europe/Kyiv"),
        ("New York", "America/New_York"),
        ("New York City", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("St. Louis", "America/Chicago"),
        ("London", "Europe/London"),
        ("in Berlin", "Europe/Berlin"),
        ("Germany", "Europe/Berlin"),
        ("India", "Asia/Kolkata"),
        ("colombia", "America/Bogota"),
        ("PST", "America/Los_Angeles"),
        ("Berlin time", "Europe/Berlin"),
        ("GMT", "GMT"),
        ("utc", "UTC"),
    ],
)
def test_zone(text: str, zone: str) -> None:
    assert read(option(OptionType.ZONE), text, CONTEXT) == ZoneInfo(zone)


@pytest.mark.parametrize(
    ("text", "message", "suggestions"),
    [
        (
            "Springfield",
            "Which Springfield? Choose a bigger city in its time zone: Chicago or New York.",
            ("America/Chicago", "America/New_York"),
        ),
        ("Melborne", "I don't know that place: “Melborne”. Did you mean Melbourne?", ("Australia/Melbourne",)),
        (
            "Europe/Berln",
            "I don't know that place: “Europe/Berln”. Did you mean Berlin or Zurich?",
            ("Europe/Berlin", "Europe/Zurich"),
        ),
        (
            "CET",
            "Which CET? Choose a bigger city in its time zone: Berlin, Paris or Madrid.",
            ("Europe/Berlin", "Europe/Paris", "Europe/Madrid"),
        ),
        (
            "UTC+2",
            "Which UTC+2? Choose a bigger city in its time zone: Kyiv, Cairo or Johannesburg.",
            ("Europe/Kyiv", "Africa/Cairo", "Africa/Johannesburg"),
        ),
        *(
            (text, f"I don't know that place: “{text}”. Enter the nearest big city, e.g. Berlin or New York.", ())
            for text in ("East", "Central", "West", "Lond", "Mars/Olympus", "../etc", "+02:00", "monday")
        ),
    ],
)
def test_unknown_place_gets_near_names_or_none(text: str, message: str, suggestions: tuple[str, ...]) -> None:
    with pytest.raises(BadValue) as raised:
        read(option(OptionType.ZONE), text, CONTEXT)
    assert (raised.value.message, raised.value.suggestions) == (message, suggestions)


@pytest.mark.parametrize("text", ["mlops", "MLOps practices", "ml ops practices", "machine learning", "pipelines"])
def test_choice_by_value_label_or_start_of_words(text: str) -> None:
    if text == "ml ops practices":
        with pytest.raises(BadValue, match="Did you mean “MLOps practices”"):
            read(option(OptionType.TEXT, Option("Skill", choices=skills)), text, CONTEXT)
        return
    assert read(option(OptionType.TEXT, Option("Skill", choices=skills)), text, CONTEXT) in {
        "mlops",
        "ml-infrastructure",
        "data-pipelines",
    }


@pytest.mark.parametrize("text", ["0", "100", "-1", "3.5", "three", "", "3 h", "3rd", "9" * 40])
def test_number_out_of_bounds_names_the_bounds(text: str) -> None:
    with pytest.raises(BadValue, match=r"Enter a whole number from 1 to 99, e\.g\. 3\."):
        read(option(OptionType.NUMBER, Option("n", low=1, high=99)), text, CONTEXT)


@pytest.mark.parametrize("text", ["3", "03", "+3", "٣", "३", "３", "3\u200b", " 3 "])
def test_number_in_the_digits_of_any_script(text: str) -> None:
    assert read(option(OptionType.NUMBER, Option("n", low=1, high=99)), text, CONTEXT) == 3


HOURS = option(OptionType.NUMBER, Option("Hours a week", unit="hours", low=1, high=40))


@pytest.mark.parametrize(
    "text",
    [
        "6",
        "6h",
        "6 h",
        "6 hrs",
        "6 hours",
        "six hours",
        "six",
        "6 hours a week",
        "six hours per week",
        "6h/week",
        "6 h weekly",
        "about 6 hours",
        "6-hour",
        "٦ h",
        "6\u00a0h",
        "06 Hours",
        "360 minutes",
        "6:00 h",
        "6 h 0 min",
    ],
)
def test_hours(text: str) -> None:
    assert read(HOURS, text, CONTEXT) == 6
    assert accepts(HOURS, text, CONTEXT)


@pytest.mark.parametrize(
    ("text", "message", "suggestions"),
    [
        ("many", "I can't read “many” as a number of hours. {}", ()),
        ("", "{}", ()),
        ("50 h", "50 hours is too many. {}", ("40",)),
        ("0", "0 hours is too few. {}", ("1",)),
        ("1.5", "1 h or 2 h? I only count whole hours.", ("1", "2")),
        ("2.5 hours", "2 h or 3 h? I only count whole hours.", ("2", "3")),
        ("half an hour", "Shall I make it 1 h? I only count whole hours.", ("1",)),
        ("6-8 hours", "6 h or 8 h? I only count whole hours.", ("6", "8")),
        ("99.5 hours", "I only count whole hours. {}", ()),
        ("2 hours a day", "I plan in hours a week. {}", ()),
    ],
)
def test_unusable_hours_are_refused_with_the_fix(text: str, message: str, suggestions: tuple[str, ...]) -> None:
    with pytest.raises(BadValue) as raised:
        read(HOURS, text, CONTEXT)
    assert raised.value.message == message.format("How many hours? Enter a number from 1 to 40, e.g. 6.")
    assert raised.value.suggestions == suggestions


@pytest.mark.parametrize("text", ["6 days", "6 hours on python", "a", "h", "6 w"])
def test_other_amounts_are_no_hours(text: str) -> None:
    assert not accepts(HOURS, text, CONTEXT)


def test_a_value_of_its_own_is_read_by_the_commands_reader() -> None:
    def shout(text: str) -> str:
        if not text.isupper():
            raise BadValue("Louder.")
        return text

    custom = option(OptionType.CUSTOM, Option("It", reader=shout))
    assert read(custom, "HELLO", CONTEXT) == "HELLO"
    assert accepts(custom, "HELLO", CONTEXT)
    assert not accepts(custom, "hello", CONTEXT)
    with pytest.raises(BadValue, match="Louder") as raised:
        read(custom, "hello", CONTEXT)
    assert raised.value.option == "it"


def test_too_long_text_names_the_limit() -> None:
    with pytest.raises(BadValue, match=r"That's 10,000 characters, but only 200 fit here"):
        read(option(OptionType.TEXT), "x" * 10_000, CONTEXT)


HOSTILE = [
    "[a TO b] " * 430,
    "2026-12-23 to " * 290,
    "end of " * 570,
    "1" * 4000,
    "٣" * 4000,
    "a" * 4000,
    "\u200b" * 4000,
    "\ufdfa" * 4000,
    "e\u0301" * 2000,
    "mon-" * 1000,
    "mon, " * 800,
    "(" * 4000,
    ": " * 2000,
    "10pm-" * 800,
    "a/" * 2000,
    "6 hours " * 500,
    " " * 4000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
@pytest.mark.parametrize("kind", OptionType)
def test_a_long_hostile_text_is_answered_at_once(kind: OptionType, text: str) -> None:
    declared = Option("It", reader=read_time_range) if kind is OptionType.CUSTOM else Option("It", unit="hours")
    for asked in (option(kind, declared), option(OptionType.TEXT, Option("Skill", choices=skills))):
        accepts(asked, "warm", CONTEXT)  # the lists of cities and zones are loaded once
        began = process_time()
        accepts(asked, text, CONTEXT)
        with suppress(BadValue):
            read(asked, text, CONTEXT)
        assert process_time() - began < 0.02


@given(st.sampled_from(OptionType), st.text(max_size=60))
def test_any_text_is_read_or_raises_bad_value(kind: OptionType, text: str) -> None:
    asked = option(kind, Option("It", unit="hours", reader=read_time_range if kind is OptionType.CUSTOM else None))
    claimed = accepts(asked, text, CONTEXT)
    try:
        value = read(asked, text, CONTEXT)
    except Impossible as error:
        assert claimed
        assert error.message
    except BadValue as error:
        assert not claimed
        assert error.message
    else:
        # A picker sends a channel's bare id by name. A word without a name is only a channel if it's a mention.
        assert claimed or kind is OptionType.CHANNEL
        assert value is not None


@pytest.mark.parametrize(
    ("typed", "words", "near"),
    [
        ("wensday", ["monday", "wednesday"], "wednesday"),
        ("weekday", ["monday", "wednesday"], None),
        ("mentro", ["me", "ask", "tip"], None),
        ("chekin", ["checkin", "plan"], "checkin"),
        ("ad", ["add", "show"], "add"),
        ("juggling", ["mlops", "cloud"], None),
        ("okafro", ["Ben Okafor", "Chen Li"], "Ben Okafor"),
        ("x" * 4000, ["x"], None),
        ("anything", [], None),
    ],
)
def test_a_guess_contains_what_was_typed(typed: str, words: list[str], near: str | None) -> None:
    assert nearest(typed, words) == near


@pytest.mark.parametrize(
    ("text", "claimed", "channel"),
    [
        ("<#770000000000000001>", True, ChannelRef("770000000000000001")),
        ("<#C0123456|general>", True, ChannelRef("C0123456", "general")),
        ("C0123456", False, ChannelRef("C0123456")),
        ("GMT", False, ChannelRef("GMT")),
    ],
)
def test_channel_is_a_mention_or_what_a_picker_sends(text: str, claimed: bool, channel: ChannelRef) -> None:
    asked = option(OptionType.CHANNEL, Option("Which"))
    assert (accepts(asked, text, CONTEXT), read(asked, text, CONTEXT)) == (claimed, channel)


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("half past 8 in the morning", time(8, 30)),
        ("quarter to one pm", time(12, 45)),
        ("quarter past twelve am", time(0, 15)),
    ],
)
def test_spoken_times_with_their_half_of_the_day(text: str, read_as: time) -> None:
    assert read(option(OptionType.TIME), text, CONTEXT) == read_as


def test_two_numbers_are_no_quiet_hours() -> None:
    assert read_time_range("6 and 7") is None
