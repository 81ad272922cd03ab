"""Dates as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorbot.chat.dates import written_for
from mentorbot.errors import Impossible
from mentorbot.slash.dates import DateRange, Sense, find_trailing_date, name_range, read_date, read_range

FRIDAY = date(2026, 12, 4)


def on(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    "text", ["4 dec", "this friday", "today", "eod", "tonight", "fri 4 dec", "by 4 dec", "Dec. 4th"]
)
def test_a_named_day_can_be_today(text: str) -> None:
    assert read_date(text, FRIDAY) == FRIDAY


def test_the_rest_of_a_year_is_all_of_it_from_today() -> None:
    assert read_range("the rest of the year", FRIDAY) == DateRange(FRIDAY, on("2026-12-31"))


def test_a_week_of_a_month_begins_on_a_monday() -> None:
    assert read_range("the first week of january", FRIDAY) == DateRange(on("2027-01-04"), on("2027-01-10"))


def test_a_pace_is_no_first_day() -> None:
    assert read_range("a week until june", FRIDAY) is None


@pytest.mark.parametrize("text", ["friday", "Fri", "next friday", "on friday", "by friday", "friday next week"])
def test_a_bare_weekday_is_never_today(text: str) -> None:
    assert read_date(text, FRIDAY) == on("2026-12-11")


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        ("2026-12-03", "next friday", "2026-12-11"),
        ("2026-12-01", "next fri", "2026-12-11"),
        ("2026-11-30", "next wednesday", "2026-12-09"),
        ("2026-12-03", "next tuesday", "2026-12-08"),
        ("2026-12-03", "coming friday", "2026-12-04"),
        ("2026-12-03", "friday", "2026-12-04"),
        ("2026-12-03", "next sunday", "2026-12-13"),
        ("2026-12-05", "next monday", "2026-12-07"),
        ("2026-12-06", "next monday", "2026-12-07"),
        ("2026-12-05", "next sunday", "2026-12-06"),
    ],
)
def test_the_next_of_a_weekday_is_next_weeks_unless_a_new_week_is_coming(today: str, text: str, day: str) -> None:
    assert read_date(text, on(today)) == on(day)


@pytest.mark.parametrize(
    ("text", "end", "start"),
    [
        ("next week", "2026-12-13", "2026-12-07"),
        ("this week", "2026-12-06", "2026-12-04"),
        ("next month", "2027-01-31", "2027-01-01"),
        ("next june", "2027-06-30", "2027-06-01"),
        ("by june 2027", "2027-06-30", "2027-06-01"),
        ("next summer", "2027-08-31", "2027-06-01"),
        ("next winter", "2028-02-29", "2027-12-01"),
        ("this winter", "2027-02-28", "2026-12-04"),
        ("december", "2026-12-31", "2026-12-04"),
        ("next december", "2027-12-31", "2027-12-01"),
        ("q1", "2027-03-31", "2027-01-01"),
        ("june '27", "2027-06-30", "2027-06-01"),
        ("2027 Q3", "2027-09-30", "2027-07-01"),
        ("next quarter", "2027-03-31", "2027-01-01"),
        ("2027", "2027-12-31", "2027-01-01"),
        ("2027-06", "2027-06-30", "2027-06-01"),
        ("next year", "2027-12-31", "2027-01-01"),
        ("this weekend", "2026-12-06", "2026-12-05"),
    ],
)
def test_a_week_a_month_or_a_season_is_its_last_day_as_an_end_and_its_first_as_a_start(
    text: str, end: str, start: str
) -> None:
    assert read_date(text, FRIDAY) == on(end)
    assert read_date(text, FRIDAY, sense=Sense.START) == on(start)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("in a week", "2026-12-11"),
        ("after christmas", "2026-12-26"),
        ("until after the weekend", "2026-12-07"),
        ("eob friday", "2026-12-11"),
        ("monday, end of day", "2026-12-07"),
        ("easter", "2027-03-28"),
        ("easter 2028", "2028-04-16"),
        ("in 2 weeks", "2026-12-18"),
        ("2w", "2026-12-18"),
        ("10 days", "2026-12-14"),
        ("in two weeks' time", "2026-12-18"),
        ("in a fortnight", "2026-12-18"),
        ("two weeks from monday", "2026-12-21"),
        ("a week on friday", "2026-12-18"),
        ("in a month", "2027-01-04"),
        ("in half a year", "2027-06-04"),
        ("in a year", "2027-12-04"),
        ("tomorrow", "2026-12-05"),
        ("day after tomorrow", "2026-12-06"),
        ("end of month", "2026-12-31"),
        ("by the end of the month", "2026-12-31"),
        ("end of next week", "2026-12-13"),
        ("end of june", "2027-06-30"),
        ("last day of february", "2027-02-28"),
        ("eom", "2026-12-31"),
        ("eoy", "2026-12-31"),
        ("mid january", "2027-01-15"),
        ("start of february", "2027-02-01"),
        ("mon 7 dec", "2026-12-07"),
        ("Monday, 7 December 2026", "2026-12-07"),
        ("7 dec, monday", "2026-12-07"),
        ("25.12.2026", "2026-12-25"),
        ("25.12.", "2026-12-25"),
        ("25/12", "2026-12-25"),
        ("12/25/2026", "2026-12-25"),
        ("4/4", "2027-04-04"),
        ("2026/12/24", "2026-12-24"),
        ("4 dec 27", "2027-12-04"),
        ("june 27", "2027-06-27"),
        ("the 1st of june", "2027-06-01"),
        ("the 5th", "2026-12-05"),
        ("the 3rd", "2027-01-03"),
        ("the 5th of next month", "2027-01-05"),
        ("5th of May", "2027-05-05"),
        ("feb 29", "2028-02-29"),
        ("christmas", "2026-12-25"),
        ("new year's eve", "2026-12-31"),
        ("2026–12–24", "2026-12-24"),
        ("5\u00a0dec", "2026-12-05"),
        ("5\u200b dec", "2026-12-05"),
        ("１５ dec", "2026-12-15"),
        ("٥ dec", "2026-12-05"),
    ],
)
def test_ways_to_name_a_day(text: str, day: str) -> None:
    assert read_date(text, FRIDAY) == on(day)
    assert read_date(text, FRIDAY, sense=Sense.START) == on(day)


def test_a_month_after_the_31st_is_the_last_day_of_the_next_month() -> None:
    assert read_date("in 1 month", date(2027, 1, 31)) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("text", "message", "suggestions"),
    [
        ("5 dec 2025", "5 Dec 2025 has passed. Did you mean Saturday, 5 Dec 2026?", ["2026-12-05"]),
        ("yesterday", "3 Dec 2026 has passed. Today is Friday, 4 Dec 2026.", []),
        ("2 weeks ago", "20 Nov 2026 has passed. Today is Friday, 4 Dec 2026.", []),
        ("last friday", "27 Nov 2026 has passed. Today is Friday, 4 Dec 2026.", []),
        ("monday 5 december", "5 December is a Saturday", ["2026-12-05", "2026-12-07"]),
        ("29 feb 2027", "There's no 29 February 2027. February ends on the 28th.", ["2027-02-28"]),
        ("31 nov", "There's no 31 November. November ends on the 30th.", ["2027-11-30"]),
        ("2026-13-01", "There's no month 13. Type it like 2026-12-01.", []),
        ("32/1", "There's no 32 January. January ends on the 31st.", ["2027-01-31"]),
        ("03/04", "3 April or 4 March?", ["2027-04-03", "2027-03-04"]),
        ("03/04/2027", "3 April or 4 March?", ["2027-04-03", "2027-03-04"]),
        ("9999-12-31", "9999 is too far off. Choose a date up to 2100.", []),
        ("in 9999 years", "That's too far away. Choose a date up to 2100.", []),
        ("23-25 dec", "23–25 Dec is 3 days. Which one do you mean?", ["2026-12-23", "2026-12-25"]),
    ],
)
def test_an_impossible_date_is_refused_with_the_fix(text: str, message: str, suggestions: list[str]) -> None:
    with pytest.raises(Impossible) as raised:
        read_date(text, FRIDAY)
    assert raised.value.message == message
    assert list(raised.value.suggestions) == suggestions
    assert all(read_date(suggestion, FRIDAY) for suggestion in suggestions)


def test_a_start_given_as_days_off_suggests_the_day_after_them() -> None:
    with pytest.raises(Impossible) as raised:
        read_date("23-25 dec", FRIDAY, sense=Sense.START)
    assert raised.value.suggestions == ("2026-12-23", "2026-12-26")


def test_a_day_that_has_passed_is_read_where_that_is_allowed() -> None:
    assert read_date("5 dec 2025", FRIDAY, past=True) == on("2025-12-05")


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "12",
        "",
        "week",
        "month",
        "half a week",
        "6 hours a week",
        "6h",
        "2 h",
        "9:00",
        "17.45",
        "20:00-08:00",
        "friday morning",
        "23-25",
        "12-23",
        "to",
        "my birthday 24 dec",
        "5 dec and more",
        "monday or so",
        "99999-01-01",
    ],
)
def test_what_is_no_date_as_a_whole_is_not_read(text: str) -> None:
    assert read_date(text, FRIDAY) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("23-25 dec", "2026-12-23", "2026-12-25"),
        ("23 – 25 dec", "2026-12-23", "2026-12-25"),
        ("23rd to 25th of december", "2026-12-23", "2026-12-25"),
        ("dec 23-25", "2026-12-23", "2026-12-25"),
        ("from 23 to 25 dec 2027", "2027-12-23", "2027-12-25"),
        ("between dec 23 and dec 25", "2026-12-23", "2026-12-25"),
        ("2026-12-23 to 2026-12-25", "2026-12-23", "2026-12-25"),
        ("2026-12-23–2026-12-25", "2026-12-23", "2026-12-25"),
        ("2026-12-23/2026-12-25", "2026-12-23", "2026-12-25"),
        ("dec 23 – jan 2", "2026-12-23", "2027-01-02"),
        ("23 dec until 2 january 2027", "2026-12-23", "2027-01-02"),
        ("mon-wed", "2026-12-07", "2026-12-09"),
        ("next week", "2026-12-07", "2026-12-13"),
        ("this week", "2026-12-04", "2026-12-06"),
        ("24 dec", "2026-12-24", "2026-12-24"),
        ("tomorrow", "2026-12-05", "2026-12-05"),
        ("week after next", "2026-12-14", "2026-12-20"),
        ("the weekend after next", "2026-12-19", "2026-12-20"),
        ("monday of the week after next", "2026-12-14", "2026-12-14"),
        ("tomorrow for 10 days", "2026-12-05", "2026-12-14"),
        ("the 10th, then two weeks of rest", "2026-12-10", "2026-12-23"),
        ("for two weeks from 14 dec", "2026-12-14", "2026-12-27"),
        ("monday for a month", "2026-12-07", "2027-01-06"),
        ("24 and 25 dec", "2026-12-24", "2026-12-25"),
        ("between 24 and 31 dec", "2026-12-24", "2026-12-31"),
        ("from the 22nd to the 4th", "2026-12-22", "2027-01-04"),
        ("dec 22 to the 4th", "2026-12-22", "2027-01-04"),
        ("30 to 2 february", "2027-01-30", "2027-02-02"),
        ("from friday 18 december to 10 january", "2026-12-18", "2027-01-10"),
        ("friday 18 december until sunday 10 january 2027", "2026-12-18", "2027-01-10"),
    ],
)
def test_ranges(text: str, first: str, last: str) -> None:
    days = read_range(text, FRIDAY)
    assert days == DateRange(on(first), on(last))
    assert read_range(str(days), FRIDAY) == days


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("25 dec to 23 dec", "Wednesday, 23 Dec, comes before Friday, 25 Dec."),
        ("30-31 nov", "There's no 31 November. November ends on the 30th."),
        ("1-3 dec 2026", "3 Dec 2026 has passed. Today is Friday, 4 Dec 2026."),
        ("24th and 31st december", "24 December and 31 December aren't days in a row. I can take one at a time."),
    ],
)
def test_an_impossible_range_is_refused(text: str, message: str) -> None:
    with pytest.raises(Impossible) as raised:
        read_range(text, FRIDAY)
    assert raised.value.message == message


@pytest.mark.parametrize(
    ("text", "rest", "day", "words"),
    [
        ("Read the RAG paper by friday", "Read the RAG paper", "2026-12-11", "by friday"),
        ("Read it tomorrow", "Read it", "2026-12-05", "tomorrow"),
        ("Read it 5 dec", "Read it", "2026-12-05", "5 dec"),
        ("Draft the ADR — by 12 Dec.", "Draft the ADR", "2026-12-12", "by 12 Dec."),
        ("Learn Kafka in 2 weeks", "Learn Kafka", "2026-12-18", "in 2 weeks"),
        ("Read chapter 12 no later than the 5th", "Read chapter 12", "2026-12-05", "no later than the 5th"),
        ("Ship it by end of next month", "Ship it", "2027-01-31", "by end of next month"),
    ],
)
def test_a_date_at_the_end_of_a_text_is_found(text: str, rest: str, day: str, words: str) -> None:
    found = find_trailing_date(text, FRIDAY)
    assert found is not None
    assert (found.rest, found.day, found.words) == (rest, on(day), words)


@pytest.mark.parametrize(
    "text",
    [
        "by friday",
        "Meet the friday crew",
        "Finish chapter 7",
        "Read about spring",
        "Plan for 2027",
        "Call Sun",
        "Read 3 days",
        "Notes of the talk on 5 dec 2025",
        "Prepare what may",
        "",
    ],
)
def test_other_texts_have_no_date_at_their_end(text: str) -> None:
    assert find_trailing_date(text, FRIDAY) is None


def test_an_impossible_date_at_the_end_is_refused_if_it_is_meant_as_one() -> None:
    with pytest.raises(Impossible, match="There's no 31 November"):
        find_trailing_date("Read it by 31 nov", FRIDAY)


@given(st.dates(date(2000, 1, 1), date(2099, 1, 1)), st.dates(date(2000, 1, 1), date(2099, 1, 1)))
def test_a_day_is_read_in_every_usual_form(today: date, day: date) -> None:
    for form in ("%Y-%m-%d", "%-d %B %Y", "%b %-d, %Y", "%A, %-d %b %Y", "%d.%m.%Y", "%a %-d %b %Y"):
        assert read_date(day.strftime(form), today, past=True) == day
    coming = read_date(day.strftime("%-d %b"), today)
    assert coming is not None
    assert coming >= today
    assert (coming.month, coming.day) == (day.month, day.day)


_WORDS = [
    "end",
    "of",
    "next",
    "this",
    "the",
    "in",
    "2",
    "23",
    "-",
    "to",
    "dec",
    "june",
    "friday",
    "week",
    "month",
    "2027",
    "5th",
]
_WORDS += ["/", ".", "03", "29", "feb", "summer", "q1", "a", "by", "from", "ago", "mid", "31", "christmas"]


@given(st.lists(st.sampled_from(_WORDS), max_size=8), st.sampled_from(Sense))
def test_whatever_is_read_lies_ahead(words: list[str], sense: Sense) -> None:
    try:
        day = read_date(" ".join(words), FRIDAY, sense=sense)
        days = read_range(" ".join(words), FRIDAY)
    except Impossible as error:
        assert error.message
    else:
        assert day is None or day >= FRIDAY
        assert days is None or FRIDAY <= days.first <= days.last


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5 dec 2025", "5. Dez. 2025 has passed. Did you mean Samstag, 5. Dez. 2026?"),
        ("monday 5 december", "5. Dezember is a Samstag"),
        ("31 nov", "There's no 31 November. The last day is 30. November."),
        ("03/04", "3. April or 4. März?"),
        ("30 nov 2026", "30. Nov. 2026 has passed. Today is Freitag, 4. Dez. 2026."),
    ],
)
def test_what_is_wrong_is_said_in_the_readers_dates(text: str, message: str) -> None:
    with written_for("de-DE"), pytest.raises(Impossible) as refused:
        read_date(text, date(2026, 12, 4))
    assert refused.value.message == message


def test_days_in_a_row_are_named_as_the_reader_names_them() -> None:
    days, new_year = DateRange(date(2026, 12, 23), date(2026, 12, 25)), DateRange(date(2026, 12, 30), date(2027, 1, 2))
    today = date(2026, 12, 4)
    assert (name_range(days, today), name_range(new_year, today)) == ("23–25 Dec", "30 Dec – 2 Jan 2027")
    with written_for("de-DE"):
        assert "23.–25. Dez." in name_range(days, today)
        assert "2027" in name_range(new_year, today)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("january", date(2027, 1, 4)),
        ("february", date(2027, 2, 1)),
        ("1 january", date(2027, 1, 1)),
        ("next week", date(2026, 12, 7)),
    ],
)
def test_a_month_to_begin_in_begins_with_its_first_whole_week(text: str, day: date) -> None:
    assert read_date(text, date(2026, 12, 4), sense=Sense.WEEK) == day
