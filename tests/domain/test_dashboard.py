"""The dashboard's figures: check-in rates by week, and how far a learner has come."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from mentorbot.domain.dashboard import RATE_WEEKS, burn_up_of, checkin_rate, standing_of
from mentorbot.domain.learner import LearnerProfile, LearnerSnapshot
from mentorbot.domain.plan import WEEK, Plan, PlanStep, StepState

THIS_WEEK = date(2026, 11, 23)


def learner(*steps: PlanStep, weeks_off: frozenset[date] = frozenset()) -> LearnerSnapshot:
    """Make a learner with a plan."""
    return LearnerSnapshot(
        user_id="ben",
        name="Ben",
        zone=ZoneInfo("UTC"),
        today=THIS_WEEK,
        plan=Plan(title="ai-architect", steps=steps, next_number=len(steps) + 1, weeks_off=weeks_off),
        version=1,
        profile=LearnerProfile(),
    )


def test_weeks_off_count_for_nobody() -> None:
    off = learner(weeks_off=frozenset({THIS_WEEK}))
    earlier = {THIS_WEEK, THIS_WEEK - 3 * WEEK}
    rate = checkin_rate([(learner(), earlier), (learner(), ()), (off, ())], THIS_WEEK)
    assert len(rate.weeks) == RATE_WEEKS
    assert rate.weeks[-1] == THIS_WEEK
    assert rate.percentages[-1] == 50
    assert rate.percentages[:-1] == (None, None, None, None, 33, 0, 0)


def test_neither_the_current_week_nor_those_before_anyone_began_are_zeros() -> None:
    rate = checkin_rate([(learner(), {THIS_WEEK - WEEK})], THIS_WEEK)
    assert rate.percentages == (*(None,) * 6, 100, None)


def test_a_week_with_too_few_learners_at_work_has_no_value() -> None:
    off = learner(weeks_off=frozenset({THIS_WEEK}))
    rate = checkin_rate([(learner(), {THIS_WEEK - WEEK}), (off, ())], THIS_WEEK, smallest_group=2)
    assert rate.percentages[-2:] == (50, None)


def test_a_learner_is_at_the_step_of_this_week_or_the_next_one() -> None:
    done = PlanStep(1, "Begin", hours=2, state=StepState.DONE, status_since=THIS_WEEK)
    blocked = PlanStep(2, "Go on", hours=3, state=StepState.BLOCKED, status_since=THIS_WEEK, blocker="No GPU")
    standing = standing_of(learner(done, blocked))
    assert standing.current == blocked
    assert (standing.done, standing.open, standing.hours_done, standing.hours_total) == (1, 1, 2, 5)
    assert standing.blocked == (blocked,)


def test_burn_up_needs_a_learner() -> None:
    assert burn_up_of([]) is None
    assert burn_up_of([learner()]) is not None
