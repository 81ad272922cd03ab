"""Cadences in every zone there is: one occurrence for each due week, at the right wall time unless that does not exist."""

from __future__ import annotations

import itertools
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mentorbot.cadence import Cadence, Weekday, instant_of, next_after

ZONES = sorted(zoneinfo.available_timezones())
FIRST, LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)

cadences = st.builds(
    Cadence,
    st.sampled_from(Weekday),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(ZONES).map(ZoneInfo),
)
instants = st.datetimes(datetime(1970, 1, 2), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  made aware


def exists(day: date, at: time, zone: ZoneInfo) -> bool:
    """Whether the clocks in `zone` ever show that time on that day."""
    wall = datetime.combine(day, at)
    return any(
        wall.replace(tzinfo=zone, fold=fold).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall
        for fold in (0, 1)
    )


def check_week(cadence: Cadence, after: datetime) -> datetime:
    """The next occurrence, checked against the calendar rather than against the code."""
    found = next_after(cadence, after)
    assert found > after
    local = found.astimezone(cadence.zone)
    planned = local.date()
    while planned.weekday() != cadence.weekday:
        planned -= timedelta(days=1)
    if exists(planned, cadence.at, cadence.zone):
        assert (local.date(), local.time().replace(fold=0)) == (planned, cadence.at)
    else:
        before = (found - timedelta(seconds=1)).astimezone(cadence.zone).replace(tzinfo=None)
        assert before < datetime.combine(planned, cadence.at) < local.replace(tzinfo=None)
    return found


@settings(max_examples=400, deadline=None)
@given(cadences, instants)
@example(Cadence(Weekday.SUNDAY, time(2, 30), ZoneInfo("Europe/Berlin")), datetime(2026, 3, 22, tzinfo=UTC))
@example(Cadence(Weekday.SUNDAY, time(2, 30), ZoneInfo("Europe/Berlin")), datetime(2026, 10, 18, tzinfo=UTC))
@example(Cadence(Weekday.FRIDAY, time(9), ZoneInfo("Pacific/Apia")), datetime(2011, 12, 20, tzinfo=UTC))
@example(Cadence(Weekday.SUNDAY, time(2, 15), ZoneInfo("Australia/Lord_Howe")), datetime(2026, 9, 28, tzinfo=UTC))
@example(Cadence(Weekday.SUNDAY, time(0, 0), ZoneInfo("America/Santiago")), datetime(2026, 8, 31, tzinfo=UTC))
def test_weeks_in_a_row(cadence: Cadence, after: datetime) -> None:
    """Ten weeks: each has its occurrence, and none has two."""
    occurrences = [check_week(cadence, after)]
    for _ in range(9):
        occurrences.append(check_week(cadence, occurrences[-1]))
    days = [found.astimezone(cadence.zone).date() for found in occurrences]
    weeks = [(day - timedelta(days=(day.weekday() - cadence.weekday) % 7)) for day in days]
    assert [later - earlier for earlier, later in itertools.pairwise(weeks)] == [timedelta(days=7)] * 9


@settings(max_examples=300, deadline=None)
@given(cadences, instants, st.timedeltas(timedelta(microseconds=1), timedelta(days=6, hours=20)))
def test_nothing_lies_between(cadence: Cadence, after: datetime, earlier: timedelta) -> None:
    """Asked at any moment before an occurrence, and after the one before it, the answer is that occurrence."""
    found = next_after(cadence, after)
    asked = max(found - earlier, after)
    assert next_after(cadence, asked) == found


def every_change(zone: ZoneInfo) -> list[datetime]:
    """The instants, to the day, at which the clocks of `zone` change between FIRST and LAST."""
    days = (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days))
    offsets = [(day, day.astimezone(zone).utcoffset()) for day in days]
    return [day for (day, offset), (_, following) in itertools.pairwise(offsets) if offset != following]


@pytest.mark.parametrize(
    "key", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Gaza"]
)
def test_every_change_of_the_clocks(key: str) -> None:
    """At each change since 1970: each hour of each weekday around it happens once."""
    zone = ZoneInfo(key)
    changes = every_change(zone)
    assert len(changes) > 20
    for change in changes:
        for hour in (0, 2, 3, 12, 23):
            day = change.astimezone(zone).date()
            cadence = Cadence(Weekday(day.weekday()), time(hour, 30), zone)
            first = check_week(cadence, change - timedelta(days=3))
            second = check_week(cadence, first)
            assert timedelta(days=5) < second - first < timedelta(days=9)


@pytest.mark.parametrize("key", ZONES)
def test_every_zone_in_the_weeks_of_its_changes(key: str) -> None:
    """A year of weeks in every zone, at the hours when clocks are changed."""
    zone = ZoneInfo(key)
    for at in (time(0, 0), time(2, 30)):
        cadence = Cadence(Weekday.SUNDAY, at, zone)
        occurrences = [check_week(cadence, datetime(2025, 12, 31, 12, tzinfo=UTC))]
        while occurrences[-1] < datetime(2026, 12, 31, tzinfo=UTC):
            occurrences.append(check_week(cadence, occurrences[-1]))
        assert len(occurrences) in (53, 54)


def test_a_time_that_does_not_exist_becomes_the_first_that_does() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert instant_of(date(2026, 3, 29), time(2, 30), berlin) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert instant_of(date(2026, 3, 29), time(3, 0), berlin) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_time_that_exists_twice_is_the_first_of_the_two() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert instant_of(date(2026, 10, 25), time(2, 30), berlin) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_it_reads_as_people_say_it() -> None:
    assert str(Cadence(Weekday.MONDAY, time(9), ZoneInfo("Europe/Berlin"))) == "Monday 09:00 Europe/Berlin"
