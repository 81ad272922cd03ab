"""Days that are read relative to those they change."""

from __future__ import annotations

from datetime import date

import pytest

from mentorbot.slash.dates import DateRange
from mentorbot.slash.relative_days import corrected_days, lead_of, shifted

TODAY = date(2026, 12, 1)
CHRISTMAS = DateRange(date(2026, 12, 21), date(2027, 1, 1))
BACK = DateRange(date(2027, 1, 11), date(2027, 1, 11))


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("a week later", "2026-12-28 to 2027-01-08"),
        ("two days earlier", "2026-12-19 to 2026-12-30"),
        ("by a month", "2027-01-21 to 2027-02-01"),
    ],
)
def test_days_move_as_a_whole(text: str, moved: str) -> None:
    assert str(shifted(text, CHRISTMAS)) == moved


@pytest.mark.parametrize("text", ["a week", "later", "friday", ""])
def test_what_does_not_say_which_way_moves_nothing(text: str) -> None:
    assert shifted(text, CHRISTMAS) is None


@pytest.mark.parametrize(
    ("text", "lead", "days", "corrected"),
    [
        ("the 3rd", "till", CHRISTMAS, "2026-12-21 to 2027-01-03"),
        ("till 6 jan", "", CHRISTMAS, "2026-12-21 to 2027-01-06"),
        ("the 22nd", "from", CHRISTMAS, "2026-12-22 to 2027-01-01"),
        ("two weeks", "for", CHRISTMAS, "2026-12-21 to 2027-01-03"),
        ("30 dec", "back", CHRISTMAS, "2026-12-21 to 2026-12-29"),
        ("the 18th", "", BACK, "2027-01-18"),
        ("from 4 jan", "", BACK, "2027-01-04 to 2027-01-10"),
    ],
)
def test_a_part_of_the_days_changes(text: str, lead: str, days: DateRange, corrected: str) -> None:
    assert str(corrected_days(text, lead, days, TODAY, ranges=True)) == corrected


@pytest.mark.parametrize(
    ("before", "lead"),
    [
        ("I'll be back on ", "back"),
        ("back at the office from ", "back"),
        ("come back, but only till ", "till"),
        ("", ""),
    ],
)
def test_the_words_before_a_day_say_what_it_is(before: str, lead: str) -> None:
    assert lead_of(before) == lead


@pytest.mark.parametrize("text", ["friday", "12 dec", "next week", "nonsense", "the 31st of never"])
def test_other_days_mean_what_they_always_do(text: str) -> None:
    assert corrected_days(text, "", BACK, TODAY, ranges=True) is None


def test_a_day_that_has_passed_is_no_correction() -> None:
    this_week = DateRange(date(2026, 12, 4), date(2026, 12, 4))
    assert corrected_days("the 1st", "", this_week, date(2026, 12, 2), ranges=False) == DateRange(
        date(2027, 1, 1), date(2027, 1, 1)
    )


def test_a_month_without_such_a_day_is_skipped() -> None:
    february = DateRange(date(2027, 2, 10), date(2027, 2, 10))
    assert str(corrected_days("the 30th", "", february, TODAY, ranges=False)) == "2027-03-30"
