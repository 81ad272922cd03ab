"""Clocks: the system's with an offset, and the frozen one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mentorbot.clock import Clock, FrozenClock, StepDetector

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_clock_goes_on_from_where_it_travelled_to() -> None:
    clock = Clock()
    clock.travel_to(MONDAY)
    first = clock.now()
    assert MONDAY <= first <= clock.now() < MONDAY + DAY
    assert timedelta(0) < clock.time_until(MONDAY + DAY) <= DAY
    assert clock.time_until(MONDAY - DAY) == timedelta(0)


def test_frozen_clock_stands_still_and_never_waits() -> None:
    clock = FrozenClock(MONDAY)
    assert clock.now() == clock.now() == MONDAY
    assert clock.time_until(MONDAY + DAY) == timedelta(0)
    clock.travel_to(MONDAY + DAY)
    assert clock.now() == MONDAY + DAY


def test_frozen_clock_converts_any_zone_to_utc() -> None:
    clock = FrozenClock(MONDAY.astimezone(ZoneInfo("Asia/Tokyo")))
    assert clock.now() == MONDAY
    assert clock.now().tzinfo is UTC


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        Clock().travel_to(MONDAY.replace(tzinfo=None))


def test_step_detector_notices_only_what_somebody_set() -> None:
    wall, monotonic = [datetime(2026, 12, 4, tzinfo=UTC)], [0.0]
    detector = StepDetector(lambda: wall[0], lambda: monotonic[0])
    wall[0] += timedelta(seconds=5)
    monotonic[0] += 5
    assert detector.step() == timedelta(0)
    wall[0] -= timedelta(minutes=10)
    monotonic[0] += 1
    assert detector.step() == timedelta(minutes=-10, seconds=-1)
    assert detector.step() == timedelta(0)
