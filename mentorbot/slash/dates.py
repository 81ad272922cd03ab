"""Dates as people write them: `fri`, `in 2 weeks`, `end of june`, `23-25 dec`. Pure: the caller passes today's date.

Everything is read as a span of days: a day is a span of one, a month has a first and a last day. An option takes the end of a
span, its start, or all of it. A text is read whole: if it's no date, the answer is None; if it's a date that can't be, an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from mentorbot.chat import dates
from mentorbot.errors import Impossible
from mentorbot.slash.date_patterns import DAY_AND_MONTH, LEADERS, Span, calendar_day, read_span, refuse
from mentorbot.slash.folding import fold

_DAY, _HALF_A_YEAR = timedelta(days=1), timedelta(days=182)
_DAYS_OF_WEEK = 7


class Sense(Enum):
    """The day a week, a month or a season stands for: a day to be done by is its last, a day to begin on its first.

    A week to begin in is the first whole one of a month or a season, so that January doesn't begin in December.
    """

    END = "end"
    START = "start"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class DateRange:
    """Some days in a row; `first` and `last` are included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        """Return the text that reads back to it."""
        return f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"


@dataclass(frozen=True, slots=True)
class TrailingDate:
    """A date at the end of a text: the text before it, the day, and the words that name it (“by friday”)."""

    rest: str
    day: date
    words: str


def read_date(text: str, today: date, *, sense: Sense = Sense.END, past: bool = False) -> date | None:
    """Read the day that `text` means on `today`; None if it isn't a date.

    A date without a year is the next such day, which may be today. `past` allows days before today.

    Raises:
        Impossible: it's a date, but there's no such day, it has passed, or it could mean different days.
    """
    span = read_span(text, today)
    if span is None:
        return None
    if span.listed:
        # To be back after some days off, people name the days off.
        last = span.last if sense is Sense.END else span.last + _DAY
        refuse(f"{name_range(span, today)} is {span.days} days. Which one do you mean?", span.first, last)
    if sense is not Sense.END and span.first < today <= span.last:
        return today
    day = span.last if sense is Sense.END else span.first
    if sense is Sense.WEEK and (span.last - span.first).days >= _DAYS_OF_WEEK:
        day += -day.weekday() % _DAYS_OF_WEEK * _DAY
    return day if past else _not_past(day, text, today)


def read_range(text: str, today: date, *, past: bool = False) -> DateRange | None:
    """Read the days that `text` means on `today`, from the first to the last: “23-25 dec”, or a single day.

    Raises:
        Impossible: as for `read_date`.
    """
    span = read_span(text, today)
    if span is None:
        return None
    if not past:
        _not_past(span.last, text, today)
        if span.listed:
            _not_past(span.first, text, today)
    return DateRange(span.first if past else max(span.first, today), span.last)


def read_days(text: str, today: date) -> DateRange | None:
    """Read several days in a row, like “23-25 dec” or “19 dec to 2 jan”; None for a single day, a week or a month.

    Raises:
        Impossible: as for `read_date`.
    """
    span = read_span(text, today)
    return read_range(text, today) if span is not None and span.listed else None


_TRAILING_WORDS = 8
# Words that are only a date if something before them says so: “clean up the code for may”.
_WEAK = re.compile(
    r"mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|[a-z]{3}|january|february|march|april|june|july|august|september|october"
    r"|november|december|spring|summer|fall|autumn|winter|q\d|\d{4}|(?:the )?\d+[a-z]{1,2}"
    r"|(?:\d+|an?|one|two|three) (?:day|week|month|year|fortnight)s?"
)


def find_trailing_date(text: str, today: date) -> TrailingDate | None:
    """Find a date at the end of `text`, if something is left before it: “Read the RAG paper by friday”.

    Raises:
        Impossible: the last words begin with “by” or the like, and name a date that can't be.
    """
    words = list(re.finditer(r"\S+", text[-_TRAILING_WORDS * 40 :]))
    offset = max(0, len(text) - _TRAILING_WORDS * 40)
    for match in words[-_TRAILING_WORDS:]:
        start = offset + match.start()
        rest, candidate = text[:start].rstrip(" \t\n,;:–—-"), fold(text[start:]).strip(" .,;!").lower()
        if not rest or re.fullmatch(LEADERS, rest.lower()):
            continue
        found = _trailing(candidate, today)
        if found is not None:
            return TrailingDate(rest, found, text[start:].strip())
    return None


def _trailing(candidate: str, today: date) -> date | None:
    led = re.match(rf"{LEADERS} (?=.)", candidate)
    if led:
        return read_date(candidate[led.end() :], today)
    bare = re.sub(r"^on ", "", candidate)
    if bare == candidate and _WEAK.fullmatch(bare):
        return None
    try:
        return read_date(bare, today)
    except Impossible:
        return None  # “the talk of 5 dec 2025” is just text


def _not_past(day: date, text: str, today: date) -> date:
    if day >= today:
        return day
    # A day of last month isn't meant for next year, but one of last year was probably meant for this.
    wrong_year = today - day > _HALF_A_YEAR and re.search(DAY_AND_MONTH, text.lower())
    again = _same_day_later(day, today) if wrong_year else None
    near = dates.weekday_and_day(again or today, year=True)
    guess = f"Did you mean {near}?" if again else f"Today is {near}."
    return refuse(f"{dates.short_day(day, year=True)} has passed. {guess}", *([again] if again else []))


def _same_day_later(day: date, today: date) -> date | None:
    """Find the next day with the same day and month; None if that's far off (29 February)."""
    years = (today.year, today.year + 1)
    return next((later for year in years if (later := calendar_day(year, day.month, day.day)) and later >= today), None)


def name_range(span: Span | DateRange, today: date) -> str:
    """Name days in a row: “23–25 Dec”, with the year unless it's this one."""
    return dates.day_range(span.first, span.last, year=span.last.year != today.year)
