"""Recurrences: weekdays, a local time and an IANA zone, and their next instant. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from mentorbot.chat import dates
from mentorbot.clock import WORKDAYS, Weekday

DAY = timedelta(days=1)
UNNAMED_DAY_OFF = "day off"
"""The name of a day off that nobody has named."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A weekly rule: on `weekdays` at local time `at` (naive, to the minute) in `zone`, every week or every `every`-th one.

    Weeks begin on Monday. They're counted from the week of `starts_on`, or from the first Monday of 1970. `every` is at most
    `MAX_WEEK_INTERVAL`. Nothing occurs before `starts_on` or after `ends_on` (local days). Occurrences before the day
    `pause_until` still count as occurrences, but the delivery policy drops them.

    Raises:
        ValueError: there's no weekday, or `every` is out of bounds.
    """

    weekdays: tuple[Weekday, ...]
    at: time
    zone: ZoneInfo
    every: int = 1
    starts_on: date | None = None
    ends_on: date | None = None
    pause_until: date | None = None

    def __post_init__(self) -> None:
        if not self.weekdays or not 1 <= self.every <= MAX_WEEK_INTERVAL:
            raise ValueError(f"a cadence needs a weekday, and 1 to {MAX_WEEK_INTERVAL} weeks")

    @classmethod
    def weekly(cls, weekday: Weekday, at: time, zone: ZoneInfo) -> Recurrence:
        """Make a recurrence once a week, on one day."""
        return cls((weekday,), at, zone)

    @property
    def days(self) -> str:
        """The days in words, to go after “every”: “Monday”, “Monday and Thursday”, “weekday”, “day”."""
        if self.weekdays == tuple(Weekday):
            return "day"
        if self.weekdays == WORKDAYS:
            return "weekday"
        names = [day.label for day in self.weekdays]
        return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]

    def in_words(self) -> str:
        """Describe it to people: “every Monday and Thursday at 09:00 (Europe/Berlin)”."""
        weeks = "" if self.every == 1 else f" of each {ORDINALS[self.every]} week"
        until = f", until {dates.long_day(self.ends_on, year=True)}" if self.ends_on else ""
        return f"every {self.days}{weeks} at {self.at:%H:%M} ({self.zone.key}){until}"

    def __str__(self) -> str:
        return f"{self.days} {self.at:%H:%M} {self.zone.key}"

    def falls_on(self, day: date) -> bool:
        """Check whether a local day has an occurrence, whatever `starts_on`, `ends_on` and `pause_until` say."""
        if day.weekday() not in self.weekdays:
            return False
        if self.every == 1:
            return True
        return (_week_number(day) - _week_number(self.starts_on or FIRST_MONDAY)) % self.every == 0


FIRST_MONDAY = date(1970, 1, 5)
MAX_WEEK_INTERVAL = 4
ORDINALS = ("", "", "second", "third", "fourth")


def _week_number(day: date) -> int:
    return (day.toordinal() - FIRST_MONDAY.toordinal()) // 7


def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Convert wall time `at` (naive) on `day` in `zone` to a UTC instant.

    A time that doesn't exist (clocks go forward) becomes the first instant after the gap. A time that exists twice (clocks go
    back) means the first one.
    """
    wall = datetime.combine(day, at, tzinfo=zone)
    instant = wall.replace(fold=0).astimezone(UTC)
    # A time survives the round trip unless it's in a gap.
    if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    return _first_after_gap(instant, zone)


def _first_after_gap(instant: datetime, zone: ZoneInfo) -> datetime:
    """Find by bisection the instant the clocks jumped. `instant` is after the gap, by at most its length."""
    # The longest gap so far was a whole day, when Samoa skipped one in 2011.
    low, high = instant - timedelta(hours=26), instant
    offset = high.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0)


def next_after(recurrence: Recurrence, instant: datetime) -> datetime | None:
    """Find the first occurrence strictly after `instant` (aware), in UTC, paused or not; None if there are no more."""
    # If a zone skipped a whole day, its occurrence falls on the next one, so the search begins a day early.
    day = instant.astimezone(recurrence.zone).date() - DAY
    day = max(day, recurrence.starts_on or day)
    while recurrence.ends_on is None or day <= recurrence.ends_on:
        if recurrence.falls_on(day) and (occurrence := instant_of(day, recurrence.at, recurrence.zone)) > instant:
            return occurrence
        day += DAY
    return None


def jitter(schedule_id: int, minutes: int) -> timedelta:
    """Compute a schedule's delay in a workspace that spreads its messages over `minutes`: 0 to `minutes` - 1 minutes.

    A schedule always gets the same delay, and many schedules are spread evenly.
    """
    return timedelta(minutes=int.from_bytes(sha256(str(schedule_id).encode()).digest()[:4]) % minutes if minutes else 0)


def quiet_hours_end(now: datetime, zone: ZoneInfo, start: time, end: time) -> datetime | None:
    """Find the UTC instant when the quiet hours in force at `now` (aware) end; None outside them.

    `start` and `end` are naive and local in `zone`. Quiet hours that end before they start span midnight.
    """
    local = now.astimezone(zone)
    # Quiet hours that cover `now` began today or yesterday.
    for days in (-1, 0):
        day = local.date() + timedelta(days=days)
        begins = instant_of(day, start, zone)
        ends = instant_of(day if end > start else day + timedelta(days=1), end, zone)
        if start != end and begins <= now < ends:
            return ends
    return None
