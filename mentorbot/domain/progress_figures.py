"""Progress of learners: each one's figures, and the burn-up of plans, with hours done and planned week by week. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.domain.plan import WEEK, Plan, PlanStep, StepState, monday

MAX_PAST_WEEKS, MAX_FUTURE_WEEKS = 12, 26
"""Weeks in a burn-up before and after the current one. More than that can't be read on a phone."""


@dataclass(frozen=True, slots=True)
class BurnUp:
    """Hours by week (Mondays), as running totals.

    `done` has values up to the current week and `planned` from where it ends; elsewhere both are None. While nothing has been
    worked in the current week, `done` ends in the week before, because a week that isn't over doesn't count as a zero.
    """

    weeks: tuple[date, ...]
    done: tuple[int | None, ...]
    planned: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class LearnerProgress:
    """One learner's progress. Levels (0-4) are by skill id; `first_levels` are the first known ones."""

    snapshot: LearnerSnapshot
    streak: int
    first_levels: Mapping[str, int]
    levels: Mapping[str, int]
    is_assessed: bool

    @property
    def is_empty(self) -> bool:
        """True if there's nothing to show yet."""
        return not self.snapshot.plan.steps and not self.is_assessed

    @property
    def steps_done(self) -> int:
        """The number of finished steps."""
        return sum(step.state is StepState.DONE for step in self.snapshot.plan.steps)


def burn_up(plans: Iterable[Plan], this_week: date) -> BurnUp:
    """Add up the hours of one or more plans: worked up to `this_week` (a Monday), and planned from then on."""
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
    # The planned line starts where the done line ends.
    total = sum(worked.values())
    joint = this_week if worked[this_week] or first == this_week else this_week - WEEK
    return BurnUp(
        weeks=weeks,
        done=tuple(_total_until(week, worked) if week <= joint else None for week in weeks),
        planned=tuple(total + _total_until(week, ahead) if week >= joint else None for week in weeks),
    )


def _total_until(week: date, hours_by_week: Counter[date]) -> int:
    return sum(hours for other, hours in hours_by_week.items() if other <= week)


def _worked_by_week(step: PlanStep, this_week: date) -> Counter[date]:
    """Count the hours of a step by the week they were worked in.

    If a finished step has hours that nobody logged, they count in the week it was finished.
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
