"""The only source of the current time. Everything else is handed a `Clock`, so the playground and tests can travel in time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import IntEnum


class Clock:
    """The system's clock in UTC, moved by `offset` (zero except in the playground and in tests)."""

    def __init__(self) -> None:
        self._offset = timedelta(0)

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def time_until(self, until: datetime) -> timedelta:
        """Return the real time to wait until this clock shows `until`; zero if that's past."""
        return max(until - self.now(), timedelta(0))

    @property
    def offset(self) -> timedelta:
        """Difference between this clock and the system's."""
        return self._offset

    def travel_to(self, instant: datetime) -> None:
        """Jump to an aware `instant`; time goes on from there.

        Raises:
            ValueError: `instant` has no zone.
        """
        if instant.tzinfo is None:
            raise ValueError("an instant needs a zone")
        self._offset = instant - datetime.now(UTC)


def _system_now() -> datetime:
    return datetime.now(UTC)


class StepDetector:
    """Notices that someone has set the system's clock, by comparing it with the monotonic one, which nobody can set."""

    def __init__(
        self, wall: Callable[[], datetime] = _system_now, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._before = (wall(), monotonic())

    def step(self) -> timedelta:
        """Return how far the system's clock was set since the last look, backwards if it's negative."""
        wall, monotonic = self._wall(), self._monotonic()
        (wall_before, monotonic_before), self._before = self._before, (wall, monotonic)
        return (wall - wall_before) - timedelta(seconds=monotonic - monotonic_before)

    def now(self) -> datetime:
        """Return the system's own time, wherever the bot's clock may have travelled."""
        return self._wall()


class FrozenClock(Clock):
    """A clock that stands still until it's moved, for `--at` on the command line and for tests."""

    def __init__(self, instant: datetime) -> None:
        super().__init__()
        self.travel_to(instant)

    def now(self) -> datetime:
        """Return the instant it was last moved to."""
        return self._instant

    def time_until(self, _until: datetime) -> timedelta:
        """Return zero, because this clock never gets there by itself."""
        return timedelta(0)

    def travel_to(self, instant: datetime) -> None:
        """Stand still at `instant`."""
        super().travel_to(instant)
        self._instant = instant.astimezone(UTC)


class Weekday(IntEnum):
    """Days of the week, numbered like `date.weekday()`: Monday is 0."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6

    @property
    def label(self) -> str:
        """English name, capitalised."""
        return self.name.capitalize()


WORKDAYS = tuple(Weekday)[:5]
