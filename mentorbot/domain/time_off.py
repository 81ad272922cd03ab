"""Time off: the days on which nothing's planned and nothing's sent. Pure.

A plan keeps whole weeks off by their Mondays, and the other days off one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from mentorbot.domain.plan import WEEK, Plan, monday

DAY = timedelta(days=1)
WORKDAYS = 5
"""Days of a week, from Monday, that its hours are meant for."""


@dataclass(frozen=True, slots=True)
class TimeOff:
    """Some days off: whole `weeks` (Mondays), and `days` of other weeks."""

    weeks: frozenset[date] = frozenset()
    days: frozenset[date] = frozenset()

    def __contains__(self, day: date) -> bool:
        """Return True for a day off."""
        return day in self.days or monday(day) in self.weeks

    @property
    def touched_weeks(self) -> frozenset[date]:
        """The weeks (Mondays) with a day off: they don't break a streak."""
        return self.weeks | {monday(day) for day in self.days}

    def share_of(self, week: date) -> float:
        """Compute the part of a week's work (0-1) that's left, by the workdays that aren't off."""
        if week in self.weeks:
            return 0
        return sum(week + DAY * number not in self.days for number in range(WORKDAYS)) / WORKDAYS

    def back_on(self, day: date) -> date:
        """Find the first day from `day` on that isn't off."""
        while day in self:
            day += DAY
        return day

    def around(self, day: date) -> tuple[date, date] | None:
        """Find the first and the last of the days off in a row that a day is among; None if it isn't off."""
        if day not in self:
            return None
        first = day
        while first - DAY in self:
            first -= DAY
        return first, self.back_on(day) - DAY

    def days_between(self, first: date, last: date) -> list[date]:
        """List the days off from `first` to `last`."""
        return [day for day in _days(first, last) if day in self]

    def plus(self, first: date, last: date) -> TimeOff:
        """Take the days from `first` to `last` off. Seven of them in one week are a whole week."""
        days = self.days | {day for day in _days(first, last) if monday(day) not in self.weeks}
        whole = {monday(day) for day in days if all(monday(day) + DAY * number in days for number in range(7))}
        return TimeOff(self.weeks | whole, frozenset(day for day in days if monday(day) not in whole))

    def minus(self, first: date, last: date) -> TimeOff:
        """Open the days from `first` to `last` again, and all of any whole week among them."""
        ended = set(_days(first, last))
        weeks = frozenset(week for week in self.weeks if ended.isdisjoint(_days(week, week + WEEK - DAY)))
        return TimeOff(weeks, self.days - ended)


NO_TIME_OFF = TimeOff()


def of(plan: Plan) -> TimeOff:
    """Give the time off of a plan."""
    return TimeOff(plan.weeks_off, plan.days_off)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + DAY * number for number in range((last - first).days + 1))
