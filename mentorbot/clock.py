"""The one source of "now". Everything else is handed a `Clock`, so that the playground and the tests can travel in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import IntEnum


class Clock:
    """The system's time, in UTC, moved by `offset` (zero but in the playground and in tests)."""

    def __init__(self) -> None:
        self._offset = timedelta(0)

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def time_until(self, until: datetime) -> timedelta:
        """How long it really takes until this clock shows `until`; zero when it is past."""
        return max(until - self.now(), timedelta(0))

    @property
    def offset(self) -> timedelta:
        """How far this clock stands from the system's."""
        return self._offset

    def travel_to(self, instant: datetime) -> None:
        """Move to an aware `instant`; time goes on from there.

        Raises:
            ValueError: `instant` has no zone.
        """
        if instant.tzinfo is None:
            raise ValueError("an instant needs a zone")
        self._offset = instant - datetime.now(UTC)


class FrozenClock(Clock):
    """A clock that stands still until it is moved: for `--at` on the command line and for tests."""

    def __init__(self, instant: datetime) -> None:
        super().__init__()
        self.travel_to(instant)

    def now(self) -> datetime:
        """The instant it was last set to."""
        return self._instant

    def time_until(self, until: datetime) -> timedelta:  # noqa: ARG002  as Clock has it
        """Nothing to wait for: it does not move by itself."""
        return timedelta(0)

    def travel_to(self, instant: datetime) -> None:
        """Stand at `instant` from now on."""
        super().travel_to(instant)
        self._instant = instant.astimezone(UTC)


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


WORKDAYS = tuple(Weekday)[:5]
