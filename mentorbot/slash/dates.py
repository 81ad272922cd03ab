"""Dates as people write them: `fri`, `in 2 weeks`, `2026-12-01`, `5th of May`. Pure: the caller passes today's date."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from mentorbot.clock import Weekday

MAX_DATE_LENGTH = 40
"""Characters. No date is longer, so anything more isn't worth handing to dateparser."""
_NUMBER_WORDS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_RELATIVE_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1, "next week": 7}


def read_date(text: str, today: date) -> date | None:
    """Return the day that `text` means when read on `today`, or None if it isn't a date.

    A date without a year is the next such day. The result may lie in the past ("yesterday", "2020-01-01").
    """
    text = text.strip().lower()
    if len(text) > MAX_DATE_LENGTH or not text:
        return None
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        return _calendar_day(*map(int, text.split("-")))
    word = text.removeprefix("next ").removeprefix("on ").removeprefix("this ")
    # Inside a date, three letters are the shortest form people use: “fri”.
    if (weekday := weekday_by_prefix(word, min_letters=3)) is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if match := re.fullmatch(r"(?:in )?(\d{1,3}|a|an|one|two|three|four) (day|week|month)s?", text):
        return _days_ahead(match[1], match[2], today)
    if text in _RELATIVE_DAYS:
        return today + timedelta(days=_RELATIVE_DAYS[text])
    return _date_with_month_name(text, today)


def weekday_by_prefix(word: str, *, min_letters: int) -> Weekday | None:
    """Return the first weekday whose lower-case English name begins with `word`, which must have `min_letters` letters."""
    if len(word) < min_letters:
        return None
    return next((day for day in Weekday if day.name.lower().startswith(word)), None)


def _days_ahead(count: str, unit: str, today: date) -> date:
    number = _NUMBER_WORDS.get(count) or int(count)
    if unit == "month":
        month = today.month - 1 + number
        year, month = today.year + month // 12, month % 12 + 1
        # A month after 31 January is the last day of February, so step back to a day that exists.
        return next(day for last in range(today.day, 0, -1) if (day := _calendar_day(year, month, last)))
    return today + timedelta(days=number * (7 if unit == "week" else 1))


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _date_with_month_name(text: str, today: date) -> date | None:
    """Read a date that names its month. dateparser is told to be strict, so it never makes up a missing day or month."""
    if not re.search(r"\d", text) or not re.search(r"[a-z]{3}", text):
        return None
    import dateparser

    parsed = dateparser.parse(
        text,
        languages=["en"],
        settings={
            "RELATIVE_BASE": datetime.combine(today, time()),
            "PREFER_DATES_FROM": "future",
            "REQUIRE_PARTS": ["day", "month"],
        },
    )
    return parsed.date() if parsed else None
