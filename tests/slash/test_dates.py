"""Dates as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from mentorbot.slash.dates import read_date

from .sample_registry import TODAY


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
def test_read_date(text: str, day: date | None) -> None:
    assert read_date(text, TODAY) == day


def test_a_month_after_the_31st_is_the_last_day_of_the_next_month() -> None:
    assert read_date("in 1 month", date(2027, 1, 31)) == date(2027, 2, 28)
