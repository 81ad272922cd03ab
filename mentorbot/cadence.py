"""When something repeats: a weekday, a local time and an IANA zone. Pure: no clock, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo


class Weekday(IntEnum):
    """Days of the week, counted as `date.weekday()` does: Monday is 0."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6

    @property
    def label(self) -> str:
        """The English name, capitalised."""
        return self.name.capitalize()


@dataclass(frozen=True, slots=True)
class Cadence:
    """Once a week on `weekday` at local `at` (naive, to the minute) in `zone`."""

    weekday: Weekday
    at: time
    zone: ZoneInfo

    def __str__(self) -> str:
        return f"{self.weekday.label} {self.at:%H:%M} {self.zone.key}"


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


def next_after(cadence: Cadence, instant: datetime) -> datetime:
    """The first occurrence strictly after `instant` (aware), in UTC."""
    local_day = instant.astimezone(cadence.zone).date()
    day = local_day - timedelta(days=(local_day.weekday() - cadence.weekday) % 7)
    while (occurrence := instant_of(day, cadence.at, cadence.zone)) <= instant:
        day += timedelta(days=7)
    return occurrence


def quiet_until(now: datetime, zone: ZoneInfo, start: time, end: time) -> datetime | None:
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
