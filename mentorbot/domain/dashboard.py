"""The dashboard's figures: the progress of some learners, one by one and together. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from mentorbot.domain import time_off
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.domain.plan import WEEK, PlanStep, StepState
from mentorbot.domain.progress_figures import BurnUp, burn_up

RATE_WEEKS = 8
"""Weeks of check-ins on a dashboard."""


@dataclass(frozen=True, slots=True)
class CheckInRate:
    """The percentage of learners who held their check-in, for each of `weeks` (Mondays); None where too few were working."""

    weeks: tuple[date, ...]
    percentages: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerStanding:
    """One learner's progress at a glance. `current` is the step they're on, if any, and `title` the target title's id.

    `done` and `open` count steps.
    """

    user_id: str
    name: str
    title: str
    current: PlanStep | None
    done: int
    open: int
    hours_done: int
    hours_total: int
    blocked: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardFigures:
    """Everything a dashboard shows, without words, for a mentor's learners or for the whole workspace. The latter names nobody.

    `hidden` counts the mentor's learners who share no progress. A chart with nothing to draw is None. A workspace that
    `is_too_small` shows no figures.
    """

    is_workspace: bool
    learners: tuple[LearnerStanding, ...] = ()
    hidden: int = 0
    is_too_small: bool = False
    burn_up: BurnUp | None = None
    checkin_rate: CheckInRate | None = None


def standing_of(learner: LearnerSnapshot) -> LearnerStanding:
    """Sum up how far a learner has come."""
    plan = learner.plan
    current = next(iter(plan.steps_in_week(learner.week)), None) or next(iter(plan.active), None)
    return LearnerStanding(
        user_id=learner.user_id,
        name=learner.name,
        title=plan.title,
        current=current,
        done=sum(step.state is StepState.DONE for step in plan.steps),
        open=len(plan.active),
        hours_done=plan.hours_done,
        hours_total=plan.hours_total,
        blocked=plan.blocked,
    )


def burn_up_of(learners: Sequence[LearnerSnapshot]) -> BurnUp | None:
    """Add up the plans of some learners; None if there are no learners."""
    if not learners:
        return None
    return burn_up([learner.plan for learner in learners], max(learner.week for learner in learners))


def checkin_rate(
    learners: Sequence[tuple[LearnerSnapshot, Collection[date]]], this_week: date, smallest_group: int = 1
) -> CheckInRate:
    """Rate the check-ins of some learners, each given with the weeks they held one in. Weeks off don't count.

    A week has no value if fewer than `smallest_group` of them were working, or before anyone's first check-in. Nor does the
    current one until someone has checked in: nobody's late yet.
    """
    first = min((week for _, held in learners for week in held), default=this_week)
    weeks = tuple(this_week - number * WEEK for number in reversed(range(RATE_WEEKS)))
    percentages: list[int | None] = []
    for week in weeks:
        answers = [week in held for learner, held in learners if week not in time_off.of(learner.plan).touched_weeks]
        counts = week >= first and (week != this_week or any(answers))
        enough = counts and len(answers) >= smallest_group
        percentages.append(round(100 * sum(answers) / len(answers)) if enough else None)
    return CheckInRate(weeks, tuple(percentages))
