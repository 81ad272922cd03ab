"""Recurrences in every zone there is: one occurrence per due day, at its wall time unless that doesn't exist."""

from __future__ import annotations

import itertools
import zoneinfo
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mentorbot.clock import Weekday
from mentorbot.domain.recurrence import (
    MAX_WEEK_INTERVAL,
    Recurrence,
    instant_of,
    jitter,
    next_after,
)

ZONES = sorted(zoneinfo.available_timezones())
FIRST, LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)

weekly_recurrences = st.builds(
    Recurrence.weekly,
    st.sampled_from(Weekday),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(ZONES).map(ZoneInfo),
)
instants = st.datetimes(datetime(1970, 1, 2), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  made aware


def exists(day: date, at: time, zone: ZoneInfo) -> bool:
    """Tell whether the clocks in `zone` ever show that time on that day."""
    wall = datetime.combine(day, at)
    return any(
        wall.replace(tzinfo=zone, fold=fold).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall
        for fold in (0, 1)
    )


def check_week(recurrence: Recurrence, after: datetime) -> datetime:
    """Find the next occurrence, and check it against the calendar rather than against the code."""
    occurrence = next_after(recurrence, after)
    assert occurrence is not None
    assert occurrence > after
    local = occurrence.astimezone(recurrence.zone)
    planned = local.date()
    while planned.weekday() != recurrence.weekdays[0]:
        planned -= timedelta(days=1)
    if exists(planned, recurrence.at, recurrence.zone):
        assert (local.date(), local.time().replace(fold=0)) == (planned, recurrence.at)
    else:
        before = (occurrence - timedelta(seconds=1)).astimezone(recurrence.zone).replace(tzinfo=None)
        assert before < datetime.combine(planned, recurrence.at) < local.replace(tzinfo=None)
    return occurrence


@settings(max_examples=400, deadline=None)
@given(weekly_recurrences, instants)
@example(Recurrence.weekly(Weekday.SUNDAY, time(2, 30), ZoneInfo("Europe/Berlin")), datetime(2026, 3, 22, tzinfo=UTC))
@example(Recurrence.weekly(Weekday.SUNDAY, time(2, 30), ZoneInfo("Europe/Berlin")), datetime(2026, 10, 18, tzinfo=UTC))
@example(Recurrence.weekly(Weekday.FRIDAY, time(9), ZoneInfo("Pacific/Apia")), datetime(2011, 12, 20, tzinfo=UTC))
@example(
    Recurrence.weekly(Weekday.SUNDAY, time(2, 15), ZoneInfo("Australia/Lord_Howe")), datetime(2026, 9, 28, tzinfo=UTC)
)
@example(Recurrence.weekly(Weekday.SUNDAY, time(0, 0), ZoneInfo("America/Santiago")), datetime(2026, 8, 31, tzinfo=UTC))
def test_each_of_ten_weeks_has_one_occurrence(recurrence: Recurrence, after: datetime) -> None:
    """Over ten weeks, each week has one occurrence."""
    occurrences = [check_week(recurrence, after)]
    for _ in range(9):
        occurrences.append(check_week(recurrence, occurrences[-1]))
    days = [occurrence.astimezone(recurrence.zone).date() for occurrence in occurrences]
    weeks = [(day - timedelta(days=(day.weekday() - recurrence.weekdays[0]) % 7)) for day in days]
    assert [later - earlier for earlier, later in itertools.pairwise(weeks)] == [timedelta(days=7)] * 9


@settings(max_examples=300, deadline=None)
@given(weekly_recurrences, instants, st.timedeltas(timedelta(microseconds=1), timedelta(days=6, hours=20)))
def test_no_occurrence_is_missed(recurrence: Recurrence, after: datetime, earlier: timedelta) -> None:
    """At any moment between two occurrences, the next one is the second."""
    occurrence = next_after(recurrence, after)
    assert occurrence is not None
    instant = max(occurrence - earlier, after)
    assert next_after(recurrence, instant) == occurrence


def clock_changes(zone: ZoneInfo) -> list[datetime]:
    """List the instants, to the day, when the clocks of `zone` change between FIRST and LAST."""
    days = (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days))
    offsets = [(day, day.astimezone(zone).utcoffset()) for day in days]
    return [day for (day, offset), (_, following) in itertools.pairwise(offsets) if offset != following]


@pytest.mark.parametrize(
    "key", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Gaza"]
)
def test_recurrences_around_every_clock_change_since_1970(key: str) -> None:
    """Around each change, each hour of each weekday occurs once."""
    zone = ZoneInfo(key)
    changes = clock_changes(zone)
    assert len(changes) > 20
    for change in changes:
        for hour in (0, 2, 3, 12, 23):
            day = change.astimezone(zone).date()
            recurrence = Recurrence.weekly(Weekday(day.weekday()), time(hour, 30), zone)
            first = check_week(recurrence, change - timedelta(days=3))
            second = check_week(recurrence, first)
            assert timedelta(days=5) < second - first < timedelta(days=9)


@pytest.mark.parametrize("key", ZONES)
def test_a_year_of_weeks_in_every_zone(key: str) -> None:
    """A year has its 53 or 54 occurrences, even at the hours when clocks change."""
    zone = ZoneInfo(key)
    for at in (time(0, 0), time(2, 30)):
        recurrence = Recurrence.weekly(Weekday.SUNDAY, at, zone)
        occurrences = [check_week(recurrence, datetime(2025, 12, 31, 12, tzinfo=UTC))]
        while occurrences[-1] < datetime(2026, 12, 31, tzinfo=UTC):
            occurrences.append(check_week(recurrence, occurrences[-1]))
        assert len(occurrences) in (53, 54)


def test_a_time_in_a_gap_becomes_the_end_of_the_gap() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert instant_of(date(2026, 3, 29), time(2, 30), berlin) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert instant_of(date(2026, 3, 29), time(3, 0), berlin) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_an_ambiguous_time_is_the_first_of_the_two() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert instant_of(date(2026, 10, 25), time(2, 30), berlin) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_recurrence_in_words() -> None:
    assert str(Recurrence.weekly(Weekday.MONDAY, time(9), BERLIN)) == "Monday 09:00 Europe/Berlin"
    assert DAYS.in_words() == "every Monday, Wednesday and Friday at 09:00 (Europe/Berlin)"
    biweekly = replace(DAYS, weekdays=(Weekday.MONDAY,), every=2, ends_on=date(2027, 3, 1))
    assert biweekly.in_words() == "every Monday of each second week at 09:00 (Europe/Berlin), until 1 March 2027"


BERLIN = ZoneInfo("Europe/Berlin")
DAYS = Recurrence((Weekday.MONDAY, Weekday.WEDNESDAY, Weekday.FRIDAY), time(9), BERLIN)
START, END = date(2024, 1, 1), date(2036, 12, 31)

days = st.dates(START, END)
any_recurrences = st.builds(
    Recurrence,
    st.sets(st.sampled_from(Weekday), min_size=1).map(lambda weekdays: tuple(sorted(weekdays))),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(ZONES).map(ZoneInfo),
    st.integers(1, MAX_WEEK_INTERVAL),
    days,
    st.none() | days,
)


def due_days(recurrence: Recurrence, first: date, last: date) -> list[date]:
    """List the days due according to the calendar, counting from the Monday of the first week."""
    began = recurrence.starts_on or START
    monday = began - timedelta(days=began.weekday())
    every_day = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [
        day
        for day in every_day
        if day.weekday() in recurrence.weekdays
        and began <= day <= (recurrence.ends_on or END)
        and (day - monday).days // 7 % recurrence.every == 0
    ]


def occurrences(recurrence: Recurrence, first: date, last: date) -> list[datetime]:
    """List the occurrences whose local day is from `first` to `last`."""
    after = datetime.combine(first, time(), tzinfo=recurrence.zone) - timedelta(seconds=1)
    actual = []
    while (occurrence := next_after(recurrence, after)) and occurrence.astimezone(recurrence.zone).date() <= last:
        actual.append(occurrence)
        after = occurrence
    return actual


def check_against_calendar(recurrence: Recurrence, first: date, last: date) -> None:
    """Check that each due day has its occurrence, in order, at its wall time unless that night has no such time."""
    actual, expected_days = occurrences(recurrence, first, last), due_days(recurrence, first, last)
    assert [instant.astimezone(recurrence.zone).date() for instant in actual] == expected_days
    assert actual == sorted(set(actual))
    for instant, day in zip(actual, expected_days, strict=True):
        wall = instant.astimezone(recurrence.zone).time().replace(fold=0)
        assert wall == recurrence.at or (wall > recurrence.at and not exists(day, recurrence.at, recurrence.zone))


@settings(max_examples=300, deadline=None)
@given(any_recurrences, days)
def test_every_due_day_of_any_recurrence_has_one_occurrence(recurrence: Recurrence, first: date) -> None:
    check_against_calendar(recurrence, first, min(first + timedelta(days=400), END))


@pytest.mark.slow
@pytest.mark.parametrize("offset", range(8))
def test_every_zone_from_2024_to_2036(offset: int) -> None:
    """All zones and all thirteen years: Sundays at the hours when clocks change, and other days in turn."""
    for number, key in enumerate(ZONES[offset::8]):
        zone, at = ZoneInfo(key), (time(2, 30), time(0, 0), time(3, 15), time(23, 45))[number % 4]
        recurrence = Recurrence((Weekday(number % 6), Weekday.SUNDAY), at, zone, 1 + number % 3, START)
        check_against_calendar(recurrence, START, END)


def test_no_occurrence_before_the_start_or_after_the_end() -> None:
    recurrence = replace(DAYS, starts_on=date(2026, 12, 2), ends_on=date(2026, 12, 7))
    due = occurrences(recurrence, date(2026, 11, 1), END)
    assert [occurrence.day for occurrence in due] == [2, 4, 7]
    assert next_after(recurrence, due[-1]) is None


def test_week_intervals_count_from_the_week_of_the_start() -> None:
    recurrence = replace(DAYS, every=2, starts_on=date(2026, 12, 4))  # a Friday
    due = occurrences(recurrence, date(2026, 12, 1), date(2026, 12, 31))
    assert [occurrence.day for occurrence in due] == [4, 14, 16, 18, 28, 30]


def test_jitter_is_stable_and_evenly_spread() -> None:
    delays = [jitter(number, 60) for number in range(6_000)]
    assert delays == [jitter(number, 60) for number in range(6_000)]
    counts = Counter(delays)
    assert set(counts) == {timedelta(minutes=minute) for minute in range(60)}
    assert max(counts.values()) < 2 * min(counts.values())
    assert jitter(7, 0) == timedelta(0)


@pytest.mark.parametrize(("weekdays", "every"), [((), 1), ((Weekday.MONDAY,), 0), ((Weekday.MONDAY,), 5)])
def test_a_recurrence_that_never_occurs_is_rejected(weekdays: tuple[Weekday, ...], every: int) -> None:
    with pytest.raises(ValueError, match="needs a weekday"):
        Recurrence(weekdays, time(9), BERLIN, every)
