"""Days and numbers as the reader's language writes them: “Monday, 7 Dec”, “Montag, 7. Dez.”, “12月7日(月曜日)”.

Texts are English for everyone; days, months, weekdays and decimal marks are the reader's. In English, whichever country's,
they're the way our own texts are written. Patterns are those of Unicode's CLDR, through Babel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval
from babel.numbers import format_decimal

_reader: ContextVar[Locale | None] = ContextVar("reader", default=None)
"""The reader's locale; None is English."""
_DAY_OF_WEEK = re.compile(r"E+|c{3,}")


@contextmanager
def written_for(locale: str) -> Iterator[None]:
    """Write days and numbers for a reader whose app is set to `locale`, e.g. "de-DE"; "" or an unknown one is English."""
    token = _reader.set(_parsed(locale))
    try:
        yield
    finally:
        _reader.reset(token)


@lru_cache(maxsize=200)
def _parsed(locale: str) -> Locale | None:
    language = re.split("[-_]", locale)[0]
    # Slack's es-LA is no locale of Unicode's, but its language is.
    for name in filter(None, (locale.replace("-", "_"), language)):
        try:
            parsed = Locale.parse(name)
        except (ValueError, UnknownLocaleError):
            continue
        return None if parsed.language == "en" else parsed
    return None


def weekday(day: date) -> str:
    """Name a day of the week: “Monday”."""
    reader = _reader.get()
    return f"{day:%A}" if reader is None else format_date(day, "cccc", reader)


def weekday_name(number: int, english: str) -> str:
    """Name a day of the week by its number (Monday is 0), given its `english` name."""
    reader = _reader.get()
    return english if reader is None else reader.days["stand-alone"]["wide"][number]


def in_english() -> bool:
    """Tell whether days are written in English, so that an ending such as a plural's fits."""
    return _reader.get() is None


def weekday_and_day(day: date, *, year: bool = False) -> str:
    """Name a day with its weekday: “Monday, 7 Dec”, with its `year` if it's needed."""
    reader = _reader.get()
    if reader is None:
        return f"{day:%A, %-d %b %Y}" if year else f"{day:%A, %-d %b}"
    pattern = str(reader.datetime_skeletons["yMMMEd" if year else "MMMEd"])
    return format_date(day, _DAY_OF_WEEK.sub("EEEE", pattern), reader)


def short_day(day: date, *, year: bool = False) -> str:
    """Name a day with a short month: “7 Dec”."""
    reader = _reader.get()
    if reader is None:
        return f"{day:%-d %b %Y}" if year else f"{day:%-d %b}"
    return format_date(day, str(reader.datetime_skeletons["yMMMd" if year else "MMMd"]), reader)


def long_day(day: date, *, year: bool = False) -> str:
    """Name a day with its month in full: “7 December”."""
    reader = _reader.get()
    if reader is None:
        return f"{day:%-d %B %Y}" if year else f"{day:%-d %B}"
    return format_date(day, "long" if year else str(reader.datetime_skeletons["MMMMd"]), reader)


def day_range(first: date, last: date, *, year: bool) -> str:
    """Name days in a row: “23–25 Dec”, “30 Dec – 2 Jan 2027”, with the `year` they end in if it's needed."""
    if first == last:
        return short_day(first, year=year)
    reader = _reader.get()
    if reader is not None:
        return format_interval(first, last, "yMMMd" if year else "MMMd", locale=reader)
    ending = f"{last:%-d %b %Y}" if year else f"{last:%-d %b}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{ending}"
    return f"{first:%-d %b} – {ending}"


def month(day: date, *, year: bool = False) -> str:
    """Name the month of a day: “December”, “December 2026”."""
    reader = _reader.get()
    if reader is None:
        return f"{day:%B %Y}" if year else f"{day:%B}"
    return format_date(day, str(reader.datetime_skeletons["yMMMM"]) if year else "LLLL", reader)


def number(value: float) -> str:
    """Write a number: “1,000”, “2.5”."""
    if isinstance(value, int) and abs(value) < 100:
        return str(value)  # the same in every language, and most numbers are hours
    reader = _reader.get()
    if reader is None:
        return str(format_decimal(value, locale="en"))
    return str(format_decimal(value, locale=reader))
