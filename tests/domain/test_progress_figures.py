"""Burn-up of plans: hours done, and hours planned from where they end."""

from __future__ import annotations

from datetime import date

from mentorbot.domain.plan import WEEK, Plan, PlanStep, WeekAllocation
from mentorbot.domain.plan_layout import lay_out
from mentorbot.domain.progress_figures import burn_up

MONDAY = date(2026, 11, 23)


def plan_with(*logged: WeekAllocation) -> Plan:
    """A plan of one step of eight hours, with hours worked."""
    step = PlanStep(1, "Read", 8, logged=logged)
    return lay_out(Plan(hours_per_week=4, next_number=2, steps=(step,)), MONDAY)


def test_a_week_that_is_not_over_is_no_zero() -> None:
    totals = burn_up([plan_with(WeekAllocation(MONDAY - WEEK, 3))], MONDAY)
    assert totals.weeks[:2] == (MONDAY - WEEK, MONDAY)
    assert totals.done[:2] == (3, None)
    assert totals.planned[:2] == (3, 7)


def test_hours_of_the_current_week_count_at_once() -> None:
    totals = burn_up([plan_with(WeekAllocation(MONDAY - WEEK, 3), WeekAllocation(MONDAY, 1))], MONDAY)
    assert totals.done[:2] == (3, 4)
    assert totals.planned[:2] == (None, 7)


def test_a_plan_that_has_just_begun_starts_at_nothing() -> None:
    totals = burn_up([plan_with()], MONDAY)
    assert (totals.done[0], totals.planned[0]) == (0, 4)
