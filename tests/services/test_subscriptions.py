"""Changes to a schedule's timing, applied over the timing it had."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from mentorbot.clock import Weekday
from mentorbot.domain.recurrence import Recurrence
from mentorbot.errors import BadValue
from mentorbot.services.subscriptions import Timing

BERLIN, AUCKLAND = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FRIDAYS = Recurrence.weekly(Weekday.FRIDAY, time(9), BERLIN)


def test_an_empty_timing_changes_nothing_but_ends_a_pause() -> None:
    paused = Recurrence((Weekday.FRIDAY,), time(9), BERLIN, pause_until=date(2026, 12, 24))
    assert Timing().is_empty
    assert Timing().recurrence(paused, NOW) == FRIDAYS


def test_a_fortnight_is_counted_from_the_local_day_of_its_first_message() -> None:
    changed = Timing(every=2, zone=AUCKLAND).recurrence(FRIDAYS, NOW)
    assert (changed.every, changed.starts_on) == (2, date(2026, 11, 27))  # a Thursday in UTC


def test_weeks_are_counted_from_a_given_first_day() -> None:
    changed = Timing(every=2, starts_on=date(2026, 12, 7)).recurrence(FRIDAYS, NOW)
    assert changed.starts_on == date(2026, 12, 7)


def test_a_schedule_that_never_fires_is_refused() -> None:
    with pytest.raises(BadValue, match="Nothing would come by Thursday, 26 Nov 2026") as caught:
        Timing(ends_on=date(2026, 11, 26)).recurrence(FRIDAYS, NOW)
    assert caught.value.option == "until"
