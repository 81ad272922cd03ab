"""Burn-up of plans: hours done and hours planned, week by week. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mentorbot.domain.plan import WEEK, Plan, PlanStep, StepState, monday

MAX_PAST_WEEKS, MAX_FUTURE_WEEKS = 12, 26
"""Weeks a burn-up shows before and after the present one: more than that can't be read on a phone."""


@dataclass(frozen=True, slots=True)
class BurnUp:
    """Hours by week (Mondays), as running totals.

    `done` has a value up to the present week and `planned` from it on; both are None elsewhere.
    """

    weeks: tuple[date, ...]
    done: tuple[int | None, ...]
    planned: tuple[int | None, ...]


def burn_up(plans: Iterable[Plan], this_week: date) -> BurnUp:
    """Add up the hours of one or more plans: worked until `this_week` (a Monday), and planned from then on."""
    worked: Counter[date] = Counter()
    ahead: Counter[date] = Counter()
    for plan in plans:
        for step in plan.steps:
            worked.update(_worked_by_week(step, this_week))
            if step.active:
                ahead.update({planned.week: planned.hours for planned in step.allocations if planned.week >= this_week})
    first = max(min(worked, default=this_week), this_week - MAX_PAST_WEEKS * WEEK)
    last = min(max(ahead, default=this_week), this_week + MAX_FUTURE_WEEKS * WEEK)
    weeks = tuple(first + number * WEEK for number in range((last - first) // WEEK + 1))
    # The planned line goes on from where the line of hours done ends.
    total = sum(worked.values())
    return BurnUp(
        weeks=weeks,
        done=tuple(_total_until(week, worked) if week <= this_week else None for week in weeks),
        planned=tuple(total + _total_until(week, ahead) if week >= this_week else None for week in weeks),
    )


def _total_until(week: date, hours_by_week: Counter[date]) -> int:
    return sum(hours for other, hours in hours_by_week.items() if other <= week)


def _worked_by_week(step: PlanStep, this_week: date) -> Counter[date]:
    """Hours of a step by the week they were worked in.

    Hours of a finished step that nobody logged count in the week it was finished.
    """
    if step.state is StepState.DROPPED:
        return Counter()
    hours: Counter[date] = Counter()
    for logged in step.logged:
        # An imported file may hold hours in the future; they count as worked by now.
        hours[min(logged.week, this_week)] += logged.hours
    if step.state is StepState.DONE:
        finished = monday(step.status_since) if step.status_since else this_week
        hours[min(finished, this_week)] += max(0, step.hours - step.hours_logged)
    return hours
