"""Cadences in every zone there is: one occurrence for each due week, at the right wall time unless that does not exist."""

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
    MAX_WEEKS,
    Recurrence,
    instant_of,
    jitter,
    next_after,
    next_not_skipped,
    skip_reason,
)

ZONES = sorted(zoneinfo.available_timezones())
FIRST, LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)

cadences = st.builds(
    Recurrence.weekly,
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


def check_week(cadence: Recurrence, after: datetime) -> datetime:
    """The next occurrence, checked against the calendar rather than against the code."""
    found = next_after(cadence, after)
    assert found is not None
    assert found > after
    local = found.astimezone(cadence.zone)
    planned = local.date()
    while planned.weekday() != cadence.weekdays[0]:
        planned -= timedelta(days=1)
    if exists(planned, cadence.at, cadence.zone):
        assert (local.date(), local.time().replace(fold=0)) == (planned, cadence.at)
    else:
        before = (found - timedelta(seconds=1)).astimezone(cadence.zone).replace(tzinfo=None)
        assert before < datetime.combine(planned, cadence.at) < local.replace(tzinfo=None)
    return found


@settings(max_examples=400, deadline=None)
@given(cadences, instants)
@example(Recurrence.weekly(Weekday.SUNDAY, time(2, 30), ZoneInfo("Europe/Berlin")), datetime(2026, 3, 22, tzinfo=UTC))
@example(Recurrence.weekly(Weekday.SUNDAY, time(2, 30), ZoneInfo("Europe/Berlin")), datetime(2026, 10, 18, tzinfo=UTC))
@example(Recurrence.weekly(Weekday.FRIDAY, time(9), ZoneInfo("Pacific/Apia")), datetime(2011, 12, 20, tzinfo=UTC))
@example(
    Recurrence.weekly(Weekday.SUNDAY, time(2, 15), ZoneInfo("Australia/Lord_Howe")), datetime(2026, 9, 28, tzinfo=UTC)
)
@example(Recurrence.weekly(Weekday.SUNDAY, time(0, 0), ZoneInfo("America/Santiago")), datetime(2026, 8, 31, tzinfo=UTC))
def test_weeks_in_a_row(cadence: Recurrence, after: datetime) -> None:
    """Ten weeks: each has its occurrence, and none has two."""
    occurrences = [check_week(cadence, after)]
    for _ in range(9):
        occurrences.append(check_week(cadence, occurrences[-1]))
    days = [found.astimezone(cadence.zone).date() for found in occurrences]
    weeks = [(day - timedelta(days=(day.weekday() - cadence.weekdays[0]) % 7)) for day in days]
    assert [later - earlier for earlier, later in itertools.pairwise(weeks)] == [timedelta(days=7)] * 9


@settings(max_examples=300, deadline=None)
@given(cadences, instants, st.timedeltas(timedelta(microseconds=1), timedelta(days=6, hours=20)))
def test_nothing_lies_between(cadence: Recurrence, after: datetime, earlier: timedelta) -> None:
    """Asked at any moment before an occurrence, and after the one before it, the answer is that occurrence."""
    found = next_after(cadence, after)
    assert found is not None
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
            cadence = Recurrence.weekly(Weekday(day.weekday()), time(hour, 30), zone)
            first = check_week(cadence, change - timedelta(days=3))
            second = check_week(cadence, first)
            assert timedelta(days=5) < second - first < timedelta(days=9)


@pytest.mark.parametrize("key", ZONES)
def test_every_zone_in_the_weeks_of_its_changes(key: str) -> None:
    """A year of weeks in every zone, at the hours when clocks are changed."""
    zone = ZoneInfo(key)
    for at in (time(0, 0), time(2, 30)):
        cadence = Recurrence.weekly(Weekday.SUNDAY, at, zone)
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
    assert str(Recurrence.weekly(Weekday.MONDAY, time(9), BERLIN)) == "Monday 09:00 Europe/Berlin"
    assert DAYS.in_words() == "every Monday, Wednesday and Friday at 09:00 (Europe/Berlin)"
    rare = replace(DAYS, weekdays=(Weekday.MONDAY,), every=2, ends_on=date(2027, 3, 1))
    assert rare.in_words() == "every Monday of each second week at 09:00 (Europe/Berlin), until 1 March 2027"


BERLIN = ZoneInfo("Europe/Berlin")
DAYS = Recurrence((Weekday.MONDAY, Weekday.WEDNESDAY, Weekday.FRIDAY), time(9), BERLIN)
START, END = date(2024, 1, 1), date(2036, 12, 31)

days = st.dates(START, END)
any_cadences = st.builds(
    Recurrence,
    st.sets(st.sampled_from(Weekday), min_size=1).map(lambda some: tuple(sorted(some))),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(ZONES).map(ZoneInfo),
    st.integers(1, MAX_WEEKS),
    days,
    st.none() | days,
)


def due_days(cadence: Recurrence, first: date, last: date) -> list[date]:
    """What the calendar says: counted from the Monday of its first week, without the code."""
    began = cadence.starts_on or START
    monday = began - timedelta(days=began.weekday())
    every_day = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [
        day
        for day in every_day
        if day.weekday() in cadence.weekdays
        and began <= day <= (cadence.ends_on or END)
        and (day - monday).days // 7 % cadence.every == 0
    ]


def occurrences(cadence: Recurrence, first: date, last: date) -> list[datetime]:
    """All of them whose local day is from `first` to `last`."""
    after = datetime.combine(first, time(), tzinfo=cadence.zone) - timedelta(seconds=1)
    found = []
    while (one := next_after(cadence, after)) and one.astimezone(cadence.zone).date() <= last:
        found.append(one)
        after = one
    return found


def check_against_calendar(cadence: Recurrence, first: date, last: date) -> None:
    """Each due day has its occurrence, in order, at its wall time unless that night has no such time."""
    found, due = occurrences(cadence, first, last), due_days(cadence, first, last)
    assert [one.astimezone(cadence.zone).date() for one in found] == due
    assert found == sorted(set(found))
    for one, day in zip(found, due, strict=True):
        wall = one.astimezone(cadence.zone).time().replace(fold=0)
        assert wall == cadence.at or (wall > cadence.at and not exists(day, cadence.at, cadence.zone))


@settings(max_examples=300, deadline=None)
@given(any_cadences, days)
def test_every_due_day_of_any_cadence_has_one_occurrence(cadence: Recurrence, first: date) -> None:
    check_against_calendar(cadence, first, min(first + timedelta(days=400), END))


@pytest.mark.slow
@pytest.mark.parametrize("place", range(8))
def test_every_zone_from_2024_to_2036(place: int) -> None:
    """All zones, all thirteen years: Sundays in the hours when clocks are changed, and days by turns."""
    for number, key in enumerate(ZONES[place::8]):
        zone, at = ZoneInfo(key), (time(2, 30), time(0, 0), time(3, 15), time(23, 45))[number % 4]
        cadence = Recurrence((Weekday(number % 6), Weekday.SUNDAY), at, zone, 1 + number % 3, START)
        check_against_calendar(cadence, START, END)


def test_it_begins_and_ends_on_its_days() -> None:
    cadence = replace(DAYS, starts_on=date(2026, 12, 2), ends_on=date(2026, 12, 7))
    found = occurrences(cadence, date(2026, 11, 1), END)
    assert [one.day for one in found] == [2, 4, 7]
    assert next_after(cadence, found[-1]) is None


def test_weeks_are_counted_from_the_one_in_which_it_starts() -> None:
    cadence = replace(DAYS, every=2, starts_on=date(2026, 12, 4))  # a Friday
    found = occurrences(cadence, date(2026, 12, 1), date(2026, 12, 31))
    assert [one.day for one in found] == [4, 14, 16, 18, 28, 30]


def test_days_off_and_pauses_are_left_out_and_say_why() -> None:
    cadence = replace(DAYS, pause_until=date(2026, 12, 23))
    off = {date(2026, 12, 25): "Christmas Day"}
    found = occurrences(cadence, date(2026, 12, 21), date(2026, 12, 28))
    assert [skip_reason(cadence, one, off) for one in found] == [
        "paused until 23 December 2026",
        "",
        "25 December is a day off here (Christmas Day)",
        "",
    ]
    assert next_not_skipped(cadence, found[0], off) == found[1]
    assert next_not_skipped(cadence, found[2], off) == found[3]
    assert next_not_skipped(replace(cadence, ends_on=date(2026, 12, 25)), found[2], off) is None


def test_a_spread_is_the_same_each_time_and_even_over_many() -> None:
    late = [jitter(number, 60) for number in range(6_000)]
    assert late == [jitter(number, 60) for number in range(6_000)]
    counts = Counter(late)
    assert set(counts) == {timedelta(minutes=minute) for minute in range(60)}
    assert max(counts.values()) < 2 * min(counts.values())
    assert jitter(7, 0) == timedelta(0)


@pytest.mark.parametrize(("weekdays", "every"), [((), 1), ((Weekday.MONDAY,), 0), ((Weekday.MONDAY,), 5)])
def test_what_never_comes_is_no_cadence(weekdays: tuple[Weekday, ...], every: int) -> None:
    with pytest.raises(ValueError, match="needs a weekday"):
        Recurrence(weekdays, time(9), BERLIN, every)
