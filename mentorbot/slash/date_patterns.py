"""The ways to write a date, each with its reader: “4 dec”, “friday next week”, “end of june”, “23-25 dec”."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NoReturn

from mentorbot.chat import dates
from mentorbot.clock import Weekday
from mentorbot.errors import Impossible
from mentorbot.slash.folding import fold

MAX_DATE_LENGTH = 60
"""Characters. No date is longer."""
MAX_YEAR = 2100
LEADERS = r"(?:by|until|till|til|before|due(?: by| on)?|no later than)"
"""Words that say a date follows, as a pattern."""
_DAY = timedelta(days=1)
_MAX_PAIR = 2
"""Days that “and” joins to a range: “24 and 25 dec”."""
_LONGEST_ROLLOVER = timedelta(days=180)
"""“25 dec to 23 dec” is a slip rather than a year."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days that a text names. `listed` is True if it names the first and the last day, as in “23-25 dec”."""

    first: date
    last: date
    listed: bool = False

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1


def name_day(day: date, today: date) -> str:
    """Name a day with its weekday, and with its year unless that's this one: “Saturday, 5 Dec”."""
    return dates.weekday_and_day(day, year=day.year != today.year)


def refuse(message: str, *days: date) -> NoReturn:
    """Raise `Impossible`, with the days that may be meant."""
    raise Impossible(message, suggestions=[day.isoformat() for day in dict.fromkeys(days)])


_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_WEEKDAYS = {day.name.lower(): day for day in Weekday}
_WEEKDAYS |= {name[:length]: day for name, day in _WEEKDAYS.items() for length in (3, 4, 5)}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_NUMBERS = {
    word: number
    for number, words in enumerate(
        ["zero", "a an one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
    for word in words.split()
} | {"a couple of": 2, "couple of": 2}
_NAMED_DAYS = {
    "christmas": (12, 25),
    "christmas day": (12, 25),
    "xmas": (12, 25),
    "christmas eve": (12, 24),
    "new year's eve": (12, 31),
    "new years eve": (12, 31),
    "new year's day": (1, 1),
    "new years day": (1, 1),
    "new year": (1, 1),
    "new year's": (1, 1),
}
_RELATIVE = {
    "today": 0,
    "tonight": 0,
    "now": 0,
    "eod": 0,
    "cob": 0,
    "eob": 0,
    "end of day": 0,
    "end of the day": 0,
    "end of today": 0,
    "tomorrow": 1,
    "tmrw": 1,
    "tmr": 1,
    "tomorrow night": 1,
    "end of tomorrow": 1,
    "day after tomorrow": 2,
    "the day after tomorrow": 2,
    "overmorrow": 2,
    "yesterday": -1,
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
DAY_AND_MONTH = rf"\d\D\d|\b(?:{_MONTH})\b.*\d|\d.*\b(?:{_MONTH})\b"
_WEEKDAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_COUNT = r"\d{1,4}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True))
_LEAP_YEAR = 2028
_UNIT = "day|week|fortnight|month|quarter|year"
_DAYS_PER_UNIT = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS_PER_UNIT = {"month": 1, "quarter": 3, "year": 12}
_SHIFT = re.compile(
    rf"(?:(?P<lead>(?:back |forward )?(?:by|back|forward)) )?(?P<count>{_COUNT}) (?P<unit>{_UNIT})s?"
    r"(?: (?P<way>later|earlier|sooner|back|forward))?"
)
_MAX_SHIFT_LENGTH = 40
"""Characters."""
_YEAR = r"\d{4}|'?\d{2}"
_DAY_ENDS = r"(?:eod|eob|cob|(?:the )?end of (?:the )?(?:business |working )?day|close of business)"
_PLACES = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3}
"""Weeks of a month, counted from the one that its first Monday begins."""
_PREPOSITIONS = re.compile(
    rf"^(?:{LEADERS}|on|in the|during|from|starting|as of|of)(?: the(?= \d| end| last| first))? (?=\S)"
)
_RETURNS = re.compile(
    r",? (?:and )?(?:i'?m |we'?re )?(?:back|return(?:ing)?)(?: again)?(?: (?:on|by|at work|to work|in))* (?=\S)"
)
"""Stands between the first day off and the first one back."""
_NO_DATE = re.compile(r"[^a-z0-9 .,/'&-]")


def read_span(text: str, today: date) -> Span | None:
    """Read the days that `text` names, whether they've passed or not; None if it isn't a date."""
    if len(text) > MAX_DATE_LENGTH * 2:
        return None
    text = fold(text).lower().strip(" .,;!") + ("." if re.search(r"\d\.\s*$", text) else "")
    if not text or len(text) > MAX_DATE_LENGTH or _NO_DATE.search(text):
        return None
    # “from 23 to 25 dec” needs its “from”; for a single day it means nothing.
    span = _read_whole(text, today) or _read_whole(_PREPOSITIONS.sub("", text), today)
    if span is not None and span.last.year > MAX_YEAR:
        refuse(f"{span.last.year} is too far off. Choose a date up to {MAX_YEAR}.")
    return span


def _read_whole(text: str, today: date) -> Span | None:
    return _read_one(text, today) or _read_listed(text, today)


def _read_one(text: str, today: date) -> Span | None:
    for pattern, reader in _PATTERNS:
        if match := pattern.fullmatch(text):
            try:
                span = reader(match, today)
            except OverflowError:
                refuse(f"That's too far away. Choose a date up to {MAX_YEAR}.")
            if span is not None:
                return span
    return None


def _read_listed(text: str, today: date) -> Span | None:
    """Read a first and a last day: “23-25 dec”, “dec 23 to jan 2”, “2026-12-23 - 2026-12-25”.

    Raises:
        Impossible: it's two days with others between them, like “24 and 31 dec”.
    """
    between = text.startswith("between ")
    text = re.sub(r"^(?:from|between) ", "", text)
    if (returns := _RETURNS.search(text)) and (span := _between(text[: returns.start()], text[returns.end() :], today)):
        return Span(span.first, span.last - _DAY, listed=True) if span.days > 1 else None
    if not between and re.match(rf"(?:{_COUNT}) (?:{_UNIT})s? ", text):
        return None  # “a week until june” is a pace or a length, and no first day
    for separator in re.finditer(
        r" ?(?:\.\.+|\b(?:to|until|till|til|untill|through|thru|and)\b|&|-|(?<=-\d\d)/) ?", text
    ):
        first, last = text[: separator.start()], text[separator.end() :]
        if first and last and (span := _between(first, last, today)):
            if separator[0].strip() in ("and", "&") and not between and span.days > _MAX_PAIR:
                named = f"{dates.long_day(span.first)} and {dates.long_day(span.last)}"
                refuse(f"{named} aren't days in a row. I can take one at a time.", span.first, span.last)
            return span
    return None


def _between(first: str, last: str, today: date) -> Span | None:
    """Read two days. Either may leave out what the other says: the month, the year."""
    if named := re.fullmatch(rf"({_WEEKDAY}),? ((?:the )?\d{{1,2}}(?:st|nd|rd|th)?)", first):
        # “thursday 10 and friday 11 dec”: the weekday must be the one that day falls on.
        span = _between(named[2], last, today)
        return span if span and span.first.weekday() == _WEEKDAYS[named[1]] else None
    if re.fullmatch(r"(?:the )?\d{1,2}(?:st|nd|rd|th)?", first):
        names_month = re.search(DAY_AND_MONTH, last)
        if names_month or re.fullmatch(r"(?:the )?\d{1,2}(?:st|nd|rd|th)", last):
            end = _read_one(last, today)
            number = int(re.sub(r"\D", "", first))
            return _over_new_month(number, end.first, today, ends_later=not names_month) if end else None
        if first.isdecimal():
            return None
    start = _read_one(first, today)
    if start is None:
        return None
    if (year := re.search(r" (\d{4})$", last)) and not re.search(r"\d{4}", first):
        # “23 dec - 25 dec 2027”: the year is meant for both, unless a new one begins between them.
        same, before = (_possible(f"{first} {number}", today) for number in (int(year[1]), int(year[1]) - 1))
        end = _read_one(last, today)
        start = (before if end and (same is None or same.first > end.last) else same) or start
    if match := re.fullmatch(rf"(\d{{1,2}})(?:st|nd|rd|th)?,?(?: ({_YEAR}))?", last):
        year_number = _full_year(match[2]) if match[2] else start.first.year
        begins = start.first.replace(year=year_number) if match[2] else start.first
        ends = _existing(year_number, start.first.month, int(match[1]))
        # “dec 20 to the 3rd”: the second day is in the next month.
        return _listed(begins, _add_months(ends, 1) if ends < begins and not match[2] else ends, today)
    end = _read_one(last, today)
    # “dec 23 to jan 2”: the second day is the next one after the first.
    later = _read_one(last, start.first) if end and end.last < start.first else end
    end = later if later and later.last - start.first < _LONGEST_ROLLOVER else end
    return _listed(start.first, end.last, today) if end else None


def _over_new_month(number: int, last: date, today: date, *, ends_later: bool) -> Span:
    """Give the days from a day of the month to `last`. If a new month begins between them, either may be in the wrong one."""
    month_before = last.replace(day=1) - _DAY
    earlier = calendar_day(month_before.year, month_before.month, number) if number > last.day else None
    if earlier is not None and earlier >= today and not ends_later:  # “28 to 3 jan”
        return _listed(earlier, last, today)
    first = _existing(last.year, last.month, number)
    return _listed(first, _add_months(last, 1) if first > last and ends_later else last, today)  # “the 20th to the 3rd”


def _possible(text: str, today: date) -> Span | None:
    """Read a date; None if it isn't one, or can't be: “saturday 19 dec 2027” is a Sunday."""
    try:
        return _read_one(text, today)
    except Impossible:
        return None


def _listed(first: date, last: date, today: date) -> Span:
    if last < first:
        raise Impossible(
            f"{name_day(last, today)}, comes before {name_day(first, today)}.", suggestions=[f"{last} to {first}"]
        )
    return Span(first, last, listed=first != last)


def calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _existing(year: int, month: int, day: int) -> date:
    """Return that day.

    Raises:
        Impossible: there's no such day.
    """
    found = calendar_day(year, month, day)
    if found is not None:
        return found
    if not 1 <= month <= 12 or year < 1:
        refuse(f"There's no month {month}. Type it like 2026-12-01." if year >= 1 else "There's no such year.")
    last, name = calendar.monthrange(year, month)[1], dates.month(date(year, month, 1))
    named = f"{day} {name}" + (f" {year}" if (month, day) == (2, 29) else "")
    end = date(year, month, last)
    ends = f"{name} ends on the {'31st' if last == 31 else f'{last}th'}"
    ends = ends if dates.in_english() else f"The last day is {dates.long_day(end)}"
    refuse(f"There's no {named}. {ends}.", end)


def _full_year(text: str) -> int:
    digits = text.lstrip("'")
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _one(day: date) -> Span:
    return Span(day, day)


def _month_of(year: int, month: int) -> Span:
    """Return a month, whose number may be beyond 12."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _months(year: int, month: int, count: int) -> Span:
    return Span(_month_of(year, month).first, _month_of(year, month + count - 1).last)


def _week_of(day: date) -> Span:
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=6))


def _next_yearless(month: int, day: int, today: date) -> date:
    """Find the next such day, which may be today; 29 February may be years away."""
    longest = calendar.monthrange(_LEAP_YEAR, month)[1]
    if not 1 <= day <= longest:
        _existing(today.year if date(today.year, month, 28) >= today else today.year + 1, month, day)
    years = range(today.year, today.year + 9)
    return next(found for year in years if (found := calendar_day(year, month, day)) and found >= today)


# Readers, one for each way to write a date. Each returns None if the text turns out to be something else.


def _read_iso(match: re.Match[str], _: date) -> Span:
    return _one(_existing(int(match[1]), int(match[2]), int(match[3])))


def _read_dotted(match: re.Match[str], today: date) -> Span:
    day, month = int(match[1]), int(match[2])
    return _one(_existing(_full_year(match[3]), month, day) if match[3] else _next_yearless_checked(month, day, today))


def _next_yearless_checked(month: int, day: int, today: date) -> date:
    return _next_yearless(month, day, today) if 1 <= month <= 12 else _existing(today.year, month, day)


def _read_slashed(match: re.Match[str], today: date) -> Span:
    """Read “25/12” or “12/25”. Where both could be the month, ask."""
    first, second, year = int(match[1]), int(match[2]), match[3]

    def on(month: int, day: int) -> date:
        return _existing(_full_year(year), month, day) if year else _next_yearless_checked(month, day, today)

    if first > 12 or first == second:
        return _one(on(second, first))
    if second > 12:
        return _one(on(first, second))
    if not first or not second:
        return _one(on(second or first, 0))
    shown = [dates.long_day(date(_LEAP_YEAR, second, first)), dates.long_day(date(_LEAP_YEAR, first, second))]
    refuse(f"{shown[0]} or {shown[1]}?", on(second, first), on(first, second))


def _read_day_and_month(match: re.Match[str], today: date) -> Span:
    month, day, year = _MONTHS[match["month"]], int(match["day"]), match["year"]
    return _one(_existing(_full_year(year), month, day) if year else _next_yearless(month, day, today))


def _read_with_weekday(match: re.Match[str], today: date) -> Span | None:
    """Read a date with its weekday, which must agree."""
    span = _read_one(match["date"].strip(), today)
    if span is None or span.first != span.last:
        return None
    day, weekday = span.first, _WEEKDAYS[match["weekday"]]
    if day.weekday() != weekday:
        named = [later for offset in range(1, 7) if (later := day + timedelta(days=offset)).weekday() == weekday]
        refuse(f"{dates.long_day(day)} is a {dates.weekday(day)}", day, *named)
    return span


def _read_relative_word(match: re.Match[str], today: date) -> Span:
    return _one(today + timedelta(days=_RELATIVE[match[0]]))


def _read_named_day(match: re.Match[str], today: date) -> Span:
    month, day = _NAMED_DAYS[match["name"]]
    return _one(_existing(int(match["year"]), month, day) if match["year"] else _next_yearless(month, day, today))


def _read_easter(match: re.Match[str], today: date) -> Span:
    if match["year"]:
        return _one(_easter(int(match["year"])))
    return _one(next(day for year in (today.year, today.year + 1) if (day := _easter(year)) >= today))


def _easter(year: int) -> date:
    """Find Easter Sunday by the Gregorian calendar (Butcher's algorithm)."""
    golden, century, within = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (within // 4) - epact - within % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def _coming(weekday: Weekday, after: date) -> date:
    """Find the first such weekday after `after`."""
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def _read_weekday(match: re.Match[str], today: date) -> Span:
    """Read “friday”, “this friday”, “next friday”. The next one is next week's; on a weekend it's the coming one."""
    weekday = _WEEKDAYS[match["day"]]
    if match["which"] == "next" and today.weekday() < Weekday.SATURDAY:
        return _read_weekday_of_week(match, today)
    after = {"this": today - _DAY, "last": today - timedelta(weeks=1) - _DAY}.get(match["which"] or "", today)
    return _one(_coming(weekday, after))


def _read_weekday_of_week(match: re.Match[str], today: date) -> Span:
    monday = _period(match["which"], "week", today).first
    return _one(monday + timedelta(days=int(_WEEKDAYS[match["day"]])))


def _read_weeks_after_weekday(match: re.Match[str], today: date) -> Span:
    """Read “two weeks from monday”, “a week on friday”, “friday week”."""
    if match["later"]:
        return _one(_coming(_WEEKDAYS[match["later"]], today) + timedelta(weeks=1))
    return _one(_coming(_WEEKDAYS[match["day"]], today) + timedelta(weeks=_number(match["count"])))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else _NUMBERS[text]


def _read_ahead(match: re.Match[str], today: date) -> Span:
    """Read an amount of time from today: “in 2 weeks”, “10d”, “two weeks ago”."""
    unit = {"d": "day", "w": "week", "mo": "month", "y": "year"}.get(match["unit"], match["unit"])
    return _one(_ahead(today, _number(match["count"]) * (-1 if match["ago"] else 1), unit))


def _ahead(day: date, count: int, unit: str) -> date:
    if unit in _MONTHS_PER_UNIT:
        return _add_months(day, count * _MONTHS_PER_UNIT[unit])
    return day + timedelta(days=count * _DAYS_PER_UNIT[unit])


def _read_length(match: re.Match[str], today: date) -> Span | None:
    """Read a first day and how long it lasts: “tomorrow for 10 days”, “two weeks from the 10th”, “the 10th, then two weeks”."""
    start = _read_whole(match["from"], today)
    if start is None:
        return None
    count, unit = _number(match["count"]), match["unit"]
    if unit in _MONTHS_PER_UNIT:
        after = _add_months(start.first, count * _MONTHS_PER_UNIT[unit])
    else:
        after = start.first + timedelta(days=count * _DAYS_PER_UNIT[unit])
    return Span(start.first, after - _DAY, listed=True) if count else None


def _read_half_year(_: re.Match[str], today: date) -> Span:
    return _one(_add_months(today, 6))


def _add_months(day: date, count: int) -> date:
    """Add months. A month after 31 January is the last day of February."""
    if not -12_000 < count < 12_000:
        raise OverflowError
    month = _month_of(day.year, day.month + count)
    return month.first.replace(day=min(day.day, month.last.day))


def _period(which: str, unit: str, today: date) -> Span:
    """Return this, the next or the last week, month, quarter or year."""
    step = {"this": 0, "the": 0, "next": 1, "coming": 1, "after next": 2, "last": -1}[which]
    if unit == "week":
        return _week_of(today + timedelta(weeks=step))
    if unit == "weekend":
        week = _week_of(today + timedelta(weeks=step))
        return Span(week.last - _DAY, week.last)
    if unit == "month":
        return _month_of(today.year, today.month + step)
    if unit == "quarter":
        return _months(today.year, (today.month - 1) // 3 * 3 + 1 + 3 * step, 3)
    return _months(today.year + step, 1, 12)


def _read_period(match: re.Match[str], today: date) -> Span:
    return _period((match["which"] or "this").strip(), match["unit"], today)


def _read_part(match: re.Match[str], today: date) -> Span | None:
    """Read “end of june”, “the last day of next month”, “mid january”, “start of 2027”."""
    whole = _read_one(match["whole"], today)
    return _part(match["part"], whole) if whole and whole.first != whole.last else None


def _read_after(match: re.Match[str], today: date) -> Span | None:
    """Read “after christmas”: the next day."""
    whole = _read_whole(match["whole"], today)
    return _one(whole.last + _DAY) if whole else None


def _read_rest(match: re.Match[str], today: date) -> Span:
    """Read “the rest of the year”: all of it from today."""
    last = _period("this", match["unit"], today).last
    return Span(today, last, listed=today != last)


def _read_day_end(match: re.Match[str], today: date) -> Span | None:
    """Read “eob friday” and “friday, end of day”, which are that day."""
    span = _read_one(match["whole"], today)
    return span if span is not None and span.days == 1 else None


def _read_week_of_month(match: re.Match[str], today: date) -> Span | None:
    """Read “the first week of january”: the one that its first Monday begins."""
    month = _read_one(match["whole"], today)
    if month is None or not 28 <= month.days <= 31:
        return None
    monday = month.first + timedelta(days=-month.first.weekday() % 7)
    if match["place"] == "last":
        return _week_of(month.last - timedelta(days=month.last.weekday()))
    return _week_of(monday + timedelta(weeks=_PLACES[match["place"]]))


def _read_part_of_this(match: re.Match[str], today: date) -> Span:
    """Read “end of month”, “the start of the quarter”."""
    return _part(match["part"], _period("this", match["unit"], today))


def _part(name: str, whole: Span) -> Span:
    part = name.split(maxsplit=1)[0]
    if part in ("end", "last", "close"):
        return _one(whole.last)
    if part in ("mid", "middle"):
        return _one(whole.first + timedelta(days=whole.days // 2 - (1 if whole.days in (30, 31) else 0)))
    return _one(whole.first)


def _read_end_abbreviation(match: re.Match[str], today: date) -> Span:
    unit = {"w": "week", "m": "month", "q": "quarter", "y": "year"}.get(match["letter"] or "") or match["unit"]
    return _one(_period("this", unit, today).last)


def _read_month(match: re.Match[str], today: date) -> Span:
    month, year, which = _MONTHS[match["month"]], match["year"], match["which"]
    if year or match["next_year"]:
        return _month_of(_full_year(year) if year else today.year + 1, month)
    return _next_period([_month_of(today.year + ahead, month) for ahead in range(3)], which, today)


def _next_period(periods: list[Span], which: str | None, today: date) -> Span:
    """Choose the first that isn't over; with “next”, the first that hasn't begun."""
    return next(span for span in periods if (span.first > today if which == "next" else span.last >= today))


def _read_season(match: re.Match[str], today: date) -> Span:
    month = _SEASONS[match["season"]]
    if match["year"]:
        return _months(int(match["year"]), month, 3)
    # Last year's winter may still be on.
    return _next_period([_months(today.year + ahead, month, 3) for ahead in range(-1, 3)], match["which"], today)


def _read_quarter(match: re.Match[str], today: date) -> Span:
    month, year = int(match["quarter"]) * 3 - 2, match["year"]
    if year:
        return _months(_full_year(year), month, 3)
    return _next_period([_months(today.year + ahead, month, 3) for ahead in range(3)], match["which"], today)


def _read_numbered_month(match: re.Match[str], _: date) -> Span | None:
    year, month = int(match["year"] or match["year2"]), int(match["month"] or match["month2"])
    return _month_of(year, month) if 1 <= month <= 12 else None


def _read_year(match: re.Match[str], _: date) -> Span:
    return _months(int(match[1]), 1, 12)


def _read_day_of_month(match: re.Match[str], today: date) -> Span:
    """Read “the 5th”, the next one, or “the 5th of next month”."""
    number = int(match["day"])
    if match["which"]:
        month = _period(match["which"], "month", today)
        return _one(_existing(month.first.year, month.first.month, number))
    if not 1 <= number <= 31:
        refuse(f"No month has {number} days.")
    months = (_month_of(today.year, today.month + ahead).first for ahead in range(3))
    return _one(
        next(day for month in months if (day := calendar_day(month.year, month.month, number)) and day >= today)
    )


@dataclass(frozen=True, slots=True)
class Shift:
    """The distance something moves: `count` of a unit like “week” later, or earlier if it's negative."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{abs(self.count)} {self.unit}{'' if abs(self.count) == 1 else 's'} {'later' if self.count > 0 else 'earlier'}"

    def applied_to(self, day: date) -> date:
        """Return the day that's so much later or earlier.

        Raises:
            Impossible: the calendar has no such day.
        """
        try:
            return _ahead(day, self.count, self.unit)
        except (OverflowError, ValueError):
            refuse(f"I can't move anything {self}.")


def read_shift(text: str) -> Shift | None:
    """Read how far something moves: “by two weeks”, “a month later”, “back 3 days”; None if it's no such text."""
    match = _SHIFT.fullmatch(fold(text[:_MAX_SHIFT_LENGTH]).lower().strip(" ,;!."))
    if match is None or not (match["lead"] or match["way"]) or not (count := _number(match["count"])):
        return None
    is_earlier = {"earlier", "sooner", "forward"} & {match["way"] or "", *(match["lead"] or "").split()}
    return Shift(-count if is_earlier else count, match["unit"])


_IN_YEAR = rf"(?:(?:,? |-)(?P<year>{_YEAR}))?"
_PART = r"(?:the )?(?P<part>end|last day|close|mid|middle|start|beginning|first day|first)(?: of| in)?(?: the)?[ -]"
_Reader = Callable[[re.Match[str], date], Span | None]
_WHICH = r"(?:(?P<which>this|next|coming|the coming) )?"
_PATTERNS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        ("|".join(sorted(map(re.escape, _RELATIVE), key=len, reverse=True)), _read_relative_word),
        (r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", _read_iso),
        (r"(\d{1,2})\. ?(\d{1,2})\.(?: ?(\d{4}|\d{2}))?", _read_dotted),
        (r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?", _read_slashed),
        (r"(\d{1,2})-(\d{1,2})-(\d{4})", _read_slashed),
        (
            rf"(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of |[ -]|(?<=\.)|)(?P<month>{_MONTH})\.?{_IN_YEAR}",
            _read_day_and_month,
        ),
        (
            rf"(?P<month>{_MONTH})\.?[ -](?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:(?:, ?| )(?P<year>\d{{4}}|'\d\d))?",
            _read_day_and_month,
        ),
        (
            rf"(?:this )?(?P<weekday>{_WEEKDAY})\.?,? (?:the )?(?P<date>[^a-z]*\d.*|(?:{_MONTH})\b.*\d.*)",
            _read_with_weekday,
        ),
        (rf"(?P<date>.*\d.*?),? (?P<weekday>{_WEEKDAY})", _read_with_weekday),
        (rf"(?:the )?(?:(?P<which>this|next|coming|last|on) )?(?P<day>{_WEEKDAY})\.?", _read_weekday),
        (rf"(?P<day>{_WEEKDAY})(?: of)? (?P<which>this|next) week", _read_weekday_of_week),
        (rf"(?P<which>this|next) week,?(?: on)? (?P<day>{_WEEKDAY})", _read_weekday_of_week),
        (rf"(?P<day>{_WEEKDAY})(?: of)? (?:the )?week (?P<which>after next)", _read_weekday_of_week),
        (
            rf"(?:in )?(?P<count>{_COUNT}) weeks? (?:from|on|after) (?P<day>{_WEEKDAY})|(?P<later>{_WEEKDAY}) week",
            _read_weeks_after_weekday,
        ),
        (
            rf"(?:in |within )?(?P<count>{_COUNT}) (?P<unit>{_UNIT})s?'?(?: time| from now| from today|(?P<ago> ago))?",
            _read_ahead,
        ),
        (r"(?:in )?(?P<count>\d{1,4}) ?(?P<unit>d|w|mo|y)(?P<ago> ago)?", _read_ahead),
        (r"(?:in )?half an? year(?:'s time)?", _read_half_year),
        (
            rf"(?P<from>.+?),?(?: and)? (?:then|for|off for) (?P<count>{_COUNT}) (?P<unit>{_UNIT})s?(?: off| of [a-z]+)?",
            _read_length,
        ),
        (
            rf"for (?P<count>{_COUNT}) (?P<unit>{_UNIT})s?,? (?:from|starting(?: on| from)?|as of) (?P<from>.+)",
            _read_length,
        ),
        (r"(?:(?:the )?(?P<which>this|next|coming|last) (?P<unit>week|weekend|month|quarter|year))", _read_period),
        (r"(?:the )?(?P<unit>week|weekend|month|quarter|year) (?P<which>after next)", _read_period),
        (r"(?P<which>the )?(?P<unit>weekend)", _read_period),
        (r"eo(?P<letter>[wmqy])|(?P<unit>week|month|quarter|year)[ -]end", _read_end_abbreviation),
        (rf"{_DAY_ENDS}(?: on)?,? (?P<whole>.+)", _read_day_end),
        (rf"(?P<whole>.+?),? {_DAY_ENDS}", _read_day_end),
        (rf"(?:the )?(?P<place>last|{'|'.join(_PLACES)}) (?:full )?week (?:of|in) (?P<whole>.+)", _read_week_of_month),
        (r"(?:for )?(?:the )?rest of (?:the |this )?(?P<unit>week|month|quarter|year)", _read_rest),
        (r"after (?P<whole>.+)", _read_after),
        (rf"{_PART}(?P<unit>week|month|quarter|year)", _read_part_of_this),
        (rf"{_PART}(?P<whole>.+)", _read_part),
        (
            rf"(?:in )?{_WHICH}(?P<month>{_MONTH})\.?(?:,? (?P<year>\d{{4}}|'\d\d)| (?P<next_year>next year))?",
            _read_month,
        ),
        (
            rf"(?:in )?(?:the )?{_WHICH}(?P<season>spring|summer|autumn|fall|winter)(?: (?:of )?(?P<year>\d{{4}}))?",
            _read_season,
        ),
        (rf"{_WHICH}q(?P<quarter>[1-4])(?:[ /-]?(?P<year>{_YEAR}))?", _read_quarter),
        (r"(?P<which>\b\B)?(?P<year>\d{4})[ /-]?q(?P<quarter>[1-4])", _read_quarter),
        (r"(?P<year>20\d\d)-(?P<month>\d{1,2})|(?P<month2>\d{1,2})/(?P<year2>20\d\d)", _read_numbered_month),
        (r"(?:in )?(20\d\d)", _read_year),
        (r"(?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)(?: of (?P<which>this|next|the) month)?", _read_day_of_month),
        (r"easter(?: sunday)?(?: (?P<year>20\d\d))?", _read_easter),
        (rf"(?P<name>{'|'.join(sorted(_NAMED_DAYS, key=len, reverse=True))})(?: (?P<year>20\d\d))?", _read_named_day),
    )
)
