"""How far a plan has come, week by week. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mentorbot.domain.plan import WEEK, Plan, PlanStep, monday

PAST, AHEAD = 12, 26
"""Weeks that a burn-up shows at most, before the present one and after it."""


@dataclass(frozen=True, slots=True)
class BurnUp:
    """Hours by week (Mondays). `done` is known up to the present week, `planned` from it on; None elsewhere."""

    weeks: tuple[date, ...]
    done: tuple[int | None, ...]
    planned: tuple[int | None, ...]


def burn_up(plans: Iterable[Plan], week: date) -> BurnUp:
    """The hours of one or more plans: those worked so far, and those planned, as running totals."""
    worked: Counter[date] = Counter()
    ahead: Counter[date] = Counter()
    for plan in plans:
        for step in plan.steps:
            worked.update(_worked(step, week))
            ahead.update({share.week: share.hours for share in step.allocations if step.active and share.week >= week})
    first = max(min(worked, default=week), week - PAST * WEEK)
    last = min(max(ahead, default=week), week + AHEAD * WEEK)
    weeks = tuple(first + number * WEEK for number in range((last - first) // WEEK + 1))
    done = tuple(sum(hours for at, hours in worked.items() if at <= one) if one <= week else None for one in weeks)
    so_far = sum(worked.values())
    planned = tuple(
        so_far + sum(hours for at, hours in ahead.items() if at <= one) if one >= week else None for one in weeks
    )
    return BurnUp(weeks, done, planned)


def _worked(step: PlanStep, week: date) -> Counter[date]:
    """A step's hours by the week in which they were worked; the rest of a finished one in the week it was finished."""
    if step.state == "dropped":
        return Counter()
    hours: Counter[date] = Counter()
    for share in step.logged:
        hours[min(share.week, week)] += share.hours
    if step.state == "done":
        finished = monday(step.status_since) if step.status_since else week
        hours[min(finished, week)] += max(0, step.hours - step.hours_logged)
    return hours
