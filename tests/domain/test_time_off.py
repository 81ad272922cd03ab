"""Time off, day by day."""

from __future__ import annotations

from datetime import date

from mentorbot.domain.time_off import TimeOff

THURSDAY, TUESDAY = date(2026, 12, 10), date(2026, 12, 15)
MONDAY = date(2026, 12, 14)


def test_a_break_is_its_days_and_nothing_else() -> None:
    off = TimeOff().plus(THURSDAY, TUESDAY)
    assert [day.day for day in off.days_between(date(2026, 12, 1), date(2026, 12, 31))] == [10, 11, 12, 13, 14, 15]
    assert off.back_on(THURSDAY) == date(2026, 12, 16)
    assert off.around(MONDAY) == (THURSDAY, TUESDAY)
    assert off.around(date(2026, 12, 9)) is None


def test_seven_days_off_are_a_whole_week() -> None:
    off = TimeOff().plus(MONDAY, date(2026, 12, 18)).plus(date(2026, 12, 19), date(2026, 12, 21))
    assert off == TimeOff(frozenset({MONDAY}), frozenset({date(2026, 12, 21)}))
    assert off.minus(TUESDAY, TUESDAY) == TimeOff(days=frozenset({date(2026, 12, 21)}))


def test_a_week_keeps_the_share_of_its_workdays() -> None:
    off = TimeOff().plus(THURSDAY, TUESDAY)
    assert [off.share_of(date(2026, 12, day)) for day in (7, 14, 21)] == [0.6, 0.6, 1]
    assert off.touched_weeks == {date(2026, 12, 7), MONDAY}
