"""Dates as people write them: `fri`, `in 2 weeks`, `2026-12-01`, `5th of May`. Pure: today is given."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from mentorbot.clock import Weekday


def read_date(text: str, today: date) -> date | None:
    """The day that `text` means on the day `today`; None when it means none. Days without a year lie ahead."""
    text = text.strip().lower()
    if len(text) > 40 or not text:
        return None
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        return _calendar_day(*map(int, text.split("-")))
    word = text.removeprefix("next ").removeprefix("on ").removeprefix("this ")
    for day in Weekday:
        if len(word) >= 3 and day.name.lower().startswith(word):
            return today + timedelta(days=(day - today.weekday() - 1) % 7 + 1)
    if found := re.fullmatch(r"(?:in )?(\d{1,3}|a|an|one|two|three|four) (day|week|month)s?", text):
        return _ahead(found[1], found[2], today)
    near = {"yesterday": -1, "today": 0, "tomorrow": 1, "next week": 7}
    return today + timedelta(days=near[text]) if text in near else _parsed(text, today)


_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}


def _ahead(count: str, uow: str, today: date) -> date:
    number = _NUMBERS.get(count) or int(count)
    if uow == "month":
        month = today.month - 1 + number
        year, month = today.year + month // 12, month % 12 + 1
        return next(day for last in range(today.day, 0, -1) if (day := _calendar_day(year, month, last)))
    return today + timedelta(days=number * (7 if uow == "week" else 1))


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _parsed(text: str, today: date) -> date | None:
    """Dates with a month's name, through dateparser, which is strict: a part that is missing is not invented."""
    if not re.search(r"\d", text) or not re.search(r"[a-z]{3}", text):
        return None
    import dateparser

    base = datetime.combine(today, time())
    found = dateparser.parse(
        text,
        languages=["en"],
        settings={"RELATIVE_BASE": base, "PREFER_DATES_FROM": "future", "REQUIRE_PARTS": ["day", "month"]},
    )
    return found.date() if found else None
