"""When something repeats: days of the week, a local time and an IANA zone. Pure: no clock, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Protocol
from zoneinfo import ZoneInfo

from mentorbot.clock import WORKDAYS, Weekday

DAY = timedelta(days=1)
UNNAMED_DAY_OFF = "day off"
"""What a day off is called that nobody has given a name."""


class DaysOff(Protocol):
    """Days on which people do not work, by their name."""

    def get(self, day: date, /) -> str | None:
        """What a day off is called; None when people work."""
        ...


@dataclass(frozen=True, slots=True)
class Recurrence:
    """On `weekdays` at local `at` (naive, to the minute) in `zone`, in every week or in each `every`-th one.

    Weeks begin on Monday and are counted from that of `starts_on`, or from the first Monday of 1970; `every` is at most
    `MAX_WEEKS`. Nothing happens before `starts_on` or after `ends_on` (local days). What falls before the day `pause_until`
    is an occurrence still, and is left out.

    Raises:
        ValueError: there is no weekday, or `every` is out of bounds.
    """

    weekdays: tuple[Weekday, ...]
    at: time
    zone: ZoneInfo
    every: int = 1
    starts_on: date | None = None
    ends_on: date | None = None
    pause_until: date | None = None

    def __post_init__(self) -> None:
        if not self.weekdays or not 1 <= self.every <= MAX_WEEKS:
            raise ValueError(f"a cadence needs a weekday, and 1 to {MAX_WEEKS} weeks")

    @classmethod
    def weekly(cls, weekday: Weekday, at: time, zone: ZoneInfo) -> Recurrence:
        """Once a week, on one day."""
        return cls((weekday,), at, zone)

    @property
    def days(self) -> str:
        """Its days in words, after “every”: “Monday”, “Monday and Thursday”, “weekday”, “day”."""
        if self.weekdays == tuple(Weekday):
            return "day"
        if self.weekdays == WORKDAYS:
            return "weekday"
        names = [day.label for day in self.weekdays]
        return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]

    def in_words(self) -> str:
        """As people say it: “every Monday and Thursday at 09:00 (Europe/Berlin)”."""
        weeks = "" if self.every == 1 else f" of each {ORDINALS[self.every]} week"
        until = f", until {self.ends_on:%-d %B %Y}" if self.ends_on else ""
        return f"every {self.days}{weeks} at {self.at:%H:%M} ({self.zone.key}){until}"

    def __str__(self) -> str:
        return f"{self.days} {self.at:%H:%M} {self.zone.key}"

    def has(self, day: date) -> bool:
        """Whether something is due on that local day, were it not left out."""
        if day.weekday() not in self.weekdays:
            return False
        if self.every == 1:
            return True
        return (_week(day) - _week(self.starts_on or FIRST_MONDAY)) % self.every == 0


FIRST_MONDAY = date(1970, 1, 5)
MAX_WEEKS = 4
ORDINALS = ("", "", "second", "third", "fourth")
MAX_SKIPPED = 1_000
"""Occurrences that are passed over in search of one that is not left out: a pause lasts a year at most."""


def _week(day: date) -> int:
    return (day.toordinal() - FIRST_MONDAY.toordinal()) // 7


def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of wall time `at` on `day` in `zone`.

    A time that does not exist (clocks go forward) becomes the first instant after the gap; one that exists twice (clocks
    go back) is the first of the two.
    """
    wall = datetime.combine(day, at, tzinfo=zone)
    instant = wall.replace(fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    return _first_after_gap(instant, zone)


def _first_after_gap(instant: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clocks jumped: fold=0 in a gap gives an instant after it, by the gap's length at most a day."""
    low, high = instant - timedelta(hours=26), instant
    offset = high.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0)


def next_after(cadence: Recurrence, instant: datetime) -> datetime | None:
    """The first occurrence strictly after `instant` (aware), in UTC; None when there is none any more.

    One that is left out counts too.
    """
    # A day that a zone has skipped is over on the next one: so the search begins a day early.
    day = instant.astimezone(cadence.zone).date() - DAY
    day = max(day, cadence.starts_on or day)
    while cadence.ends_on is None or day <= cadence.ends_on:
        if cadence.has(day) and (occurrence := instant_of(day, cadence.at, cadence.zone)) > instant:
            return occurrence
        day += DAY
    return None


def skip_reason(cadence: Recurrence, occurrence: datetime, off: DaysOff) -> str:
    """Why nothing is posted at an occurrence (aware); "" when something is. `off` names the days off."""
    day = occurrence.astimezone(cadence.zone).date()
    if cadence.pause_until is not None and day < cadence.pause_until:
        return f"paused until {cadence.pause_until:%-d %B %Y}"
    name = off.get(day)
    called = "" if name == UNNAMED_DAY_OFF else f" ({name})"
    return f"{day:%-d %B} is a day off here{called}" if name else ""


def next_not_skipped(cadence: Recurrence, occurrence: datetime | None, off: DaysOff) -> datetime | None:
    """The first occurrence from `occurrence` on, itself one, that is not left out."""
    for _ in range(MAX_SKIPPED):
        if occurrence is None or not skip_reason(cadence, occurrence, off):
            return occurrence
        occurrence = next_after(cadence, occurrence)
    return None


def jitter(schedule_id: int, minutes: int) -> timedelta:
    """How long after its time a schedule of a workspace that spreads its messages over `minutes` has its turn.

    Always the same for one schedule, and even over many.
    """
    return timedelta(minutes=int.from_bytes(sha256(str(schedule_id).encode()).digest()[:4]) % minutes if minutes else 0)


def quiet_hours_end(now: datetime, zone: ZoneInfo, start: time, end: time) -> datetime | None:
    """When the quiet hours from `start` to `end` (naive, local) that hold at `now` are over, in UTC; None outside them.

    Hours that end before they start go over midnight.
    """
    local = now.astimezone(zone)
    for days in (-1, 0):
        day = local.date() + timedelta(days=days)
        begins = instant_of(day, start, zone)
        ends = instant_of(day if end > start else day + timedelta(days=1), end, zone)
        if start != end and begins <= now < ends:
            return ends
    return None
