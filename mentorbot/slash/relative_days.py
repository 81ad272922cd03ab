"""Days as people correct them: “the 3rd”, “a week later” or “till the 3rd” change the days that were named before. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

from mentorbot.clock import Weekday
from mentorbot.errors import BadValue
from mentorbot.slash.date_patterns import calendar_day, read_shift
from mentorbot.slash.dates import DateRange, read_date

_DAY_OF_MONTH = re.compile(r"(?:the )?(\d{1,2})(?:st|nd|rd|th)", re.IGNORECASE)
ENDS = frozenset({"until", "till", "til", "to", "through"})
"""Words before the last of several days, or before when some hours end."""
BEGINS = frozenset({"from", "starting", "since"})
RETURNS = re.compile(
    r"\b(?:(?:come|coming|get|getting) )?(?:back|return(?:ing)?)(?: (?:to|at|in|from) (?:(?:the|my) )?\w+)?"
    r"(?: (?:on|by|from|as of))?\W*$",
    re.IGNORECASE,
)
"""Says that the day after it is the first one back: “coming back to work on”."""
_NEXT_ONE = re.compile(r"^the (day|week|month) after(?: (?:that|this))?$", re.IGNORECASE)
_DAYS_OF_WEEK = tuple(day.name[:3].lower() for day in Weekday)
_WEEKDAY_BESIDE = re.compile(
    rf"^(?:the )?(?:(?P<next>following) )?(?P<day>(?:{'|'.join(_DAYS_OF_WEEK)})[a-z]*)"
    r"(?: (?P<way>after|before)(?: (?:that|this|it))?)?$",
    re.IGNORECASE,
)
"""A day of the week next to a day that was named: “the monday after”."""
_BACK = "back"
_LED = re.compile(rf"({'|'.join(sorted(ENDS | BEGINS))}) ")
_DAY, _LONGEST_MONTH = timedelta(days=1), timedelta(days=31)


def shifted(text: str, days: DateRange) -> DateRange | None:
    """Move some days as a text like “a week later” says; None for any other text.

    Raises:
        Impossible: the calendar has no such day.
    """
    if (beside := _WEEKDAY_BESIDE.match(text)) and (beside["next"] or beside["way"]):
        day = _weekday_beside(beside["day"], days.last, is_before=(beside["way"] or "").lower() == "before")
        return DateRange(day, day)
    shift = read_shift(_NEXT_ONE.sub(r"a \1 later", text))
    return DateRange(shift.applied_to(days.first), shift.applied_to(days.last)) if shift is not None else None


def _weekday_beside(name: str, day: date, *, is_before: bool) -> date:
    """Give the nearest day of that name after a day, or before it."""
    ahead = _DAYS_OF_WEEK.index(name[:3].lower()) - day.weekday()
    return day - (-ahead % 7 or 7) * _DAY if is_before else day + (ahead % 7 or 7) * _DAY


def begins_span(text: str) -> bool:
    """Return True for a day that's said to be the first of several: “from the 3rd”."""
    led = _LED.match(text.lower())
    return led is not None and led[1] in BEGINS


def lead_of(before: str) -> str:
    """Give the word before a day that says what the day is: “till”, “from”, and “back” for any words that say it's the return."""
    words = re.findall(r"[\w'’]+", before.lower())
    return _BACK if RETURNS.search(before) else words[-1] if words else ""


def corrected_days(
    text: str, lead: str, days: DateRange, today: date, *, ranges: bool, is_start: bool = False
) -> DateRange | None:
    """Read a text as days instead of those that were named before; None if it means the same as ever.

    `lead` is the word before it, if it has none itself: “till” changes only the last day, “back” says that's the day before,
    “from” changes only the first if `ranges` are allowed, and a length like “two weeks” keeps the first. A day that `is_start` of
    several, like “from the 3rd”, gets its end.
    """
    led = _LED.match(text.lower())
    lead, text = (led[1], text[led.end() :]) if led else (lead, text)
    is_range = days.days > 1
    if is_range and (length := shifted(f"{text} later", days)) is not None:
        return DateRange(days.first, length.first - _DAY)
    is_end = (is_range or is_start) and (lead in ENDS or lead == _BACK or (is_range and lead not in BEGINS))
    near = days.first if is_end or lead in BEGINS else days.last
    day = _day_of_month(text, near, today, after=days.first if is_end else None)
    meant = day or _read(text, today)
    if meant is None:
        return None
    if is_end and meant > days.first:
        return DateRange(days.first, meant - _DAY if lead == _BACK else meant)
    if ranges and lead in BEGINS and meant < days.last:  # a single day is when they're back
        return DateRange(meant, days.last if is_range else days.last - _DAY)
    return DateRange(day, day) if day else None


def _day_of_month(text: str, near: date, today: date, *, after: date | None) -> date | None:
    """Give the day that “the 3rd” means near a day: in its month, or in the next if that has passed, or isn't `after` a day."""
    match = _DAY_OF_MONTH.fullmatch(text)
    if match is None:
        return None
    month = near.replace(day=1)
    days = [calendar_day(each.year, each.month, int(match[1])) for each in (month, month + _LONGEST_MONTH)]
    return next((day for day in days if day is not None and day >= today and (after is None or day > after)), None)


def _read(text: str, today: date) -> date | None:
    try:
        return read_date(text, today)
    except BadValue:
        return None
