"""Layout of plans: its rules after any edits on any day, and the change a learner is shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given

from mentorbot.domain.plan import Plan, PlanStep, StepState, monday
from mentorbot.domain.plan_layout import (
    MAX_LAYOUT_WEEKS,
    LayoutChange,
    first_full_week,
    lay_out,
    layout_change,
    roll_forward,
    week_to_lay_out,
)
from tests.domain.plans import GAPS_BETWEEN_EDITS, START, Edit, apply_edits, eight_edits, plans

WEEK = timedelta(weeks=1)


@given(plans(), eight_edits(), GAPS_BETWEEN_EDITS)
def test_prerequisites_are_laid_out_before_the_steps_that_require_them(
    plan: Plan, edits: list[Edit], gaps: list[int]
) -> None:
    plan, _ = apply_edits(plan, edits, gaps)
    ends = {step.number: max((planned.week for planned in step.allocations), default=date.max) for step in plan.active}
    for step in plan.active:
        for number in step.requires:
            if number in ends and step.allocations:
                assert step.allocations[0].week >= ends[number]


@given(plans(), eight_edits(), GAPS_BETWEEN_EDITS)
def test_no_week_gets_more_hours_than_its_capacity(plan: Plan, edits: list[Edit], gaps: list[int]) -> None:
    plan, today = apply_edits(plan, edits, gaps)
    plan = lay_out(plan, monday(today))
    hours_by_week: Counter[date] = Counter()
    for step in plan.active:
        for planned in step.allocations:
            hours_by_week[planned.week] += planned.hours
    for week, hours in hours_by_week.items():
        assert week >= monday(today)
        assert week not in plan.weeks_off
        assert hours <= max(0, plan.hours_per_week - plan.hours_logged_in(week))


@given(plans(), eight_edits(), GAPS_BETWEEN_EDITS)
def test_laying_out_twice_changes_nothing(plan: Plan, edits: list[Edit], gaps: list[int]) -> None:
    plan, today = apply_edits(plan, edits, gaps)
    once = lay_out(plan, monday(today))
    assert lay_out(once, monday(today)) == once


@given(plans(), eight_edits(), GAPS_BETWEEN_EDITS)
def test_layout_loses_no_hours(plan: Plan, edits: list[Edit], gaps: list[int]) -> None:
    plan, today = apply_edits(plan, edits, gaps)
    end = monday(today) + timedelta(weeks=MAX_LAYOUT_WEEKS - 1)
    laid_out = lay_out(plan, monday(today))
    for before, after in zip(plan.steps, laid_out.steps, strict=True):
        assert (before.hours, before.logged, before.state) == (after.hours, after.logged, after.state)
        hours = sum(planned.hours for planned in after.allocations)
        assert hours <= after.hours_left
        if after.active and (laid_out.end_date or end) < end:
            assert hours == after.hours_left


@given(plans(), eight_edits(), GAPS_BETWEEN_EDITS)
def test_a_step_takes_its_weeks_however_many_hours_there_are(plan: Plan, edits: list[Edit], gaps: list[int]) -> None:
    plan, today = apply_edits(plan, edits, gaps)
    for step in lay_out(plan, monday(today)).active:
        if step.allocations and step.hours_logged + step.hours_left > 1:
            begun = step.first_week_logged or step.allocations[0].week
            assert step.allocations[-1].week >= begun + (step.weeks - 1) * WEEK


def test_work_for_a_quarter_is_spread_over_it_and_leaves_room_for_the_rest() -> None:
    steps = (PlanStep(1, "run a model for a quarter", 26, weeks=13), PlanStep(2, "something else", 20))
    plan = lay_out(Plan(hours_per_week=10, steps=steps), monday(START))
    quarter, other = plan.steps
    assert [planned.hours for planned in quarter.allocations] == [2] * 13
    assert [planned.hours for planned in other.allocations] == [8, 8, 4]
    later = lay_out(plan, monday(START) + WEEK)  # nothing was logged, so it begins a week later
    assert later.steps[0].allocations[0].week == monday(START) + WEEK
    assert len(later.steps[0].allocations) == 13


@given(plans(), eight_edits(), GAPS_BETWEEN_EDITS)
def test_blocked_steps_get_no_hours_in_the_present_week(plan: Plan, edits: list[Edit], gaps: list[int]) -> None:
    plan, today = apply_edits(plan, edits, gaps)
    plan = lay_out(plan, monday(today))
    assert not [step for step in plan.active if step.state is StepState.BLOCKED and step.hours_in_week(monday(today))]


def test_a_step_is_as_urgent_as_the_steps_that_require_it() -> None:
    steps = (
        PlanStep(1, "a milestone", 4, origin="milestone:a"),
        PlanStep(2, "an own step", 4),
        PlanStep(3, "a milestone with a date", 4, due=START, origin="milestone:b", requires=(1,)),
    )
    laid_out = lay_out(Plan(hours_per_week=4, steps=steps), monday(START))
    assert [step.allocations[0].week for step in laid_out.steps] == [
        monday(START),
        monday(START) + 2 * WEEK,
        monday(START) + WEEK,
    ]


def test_steps_that_require_each_other_get_no_week_and_hold_up_no_others() -> None:
    steps = (PlanStep(1, "a", requires=(2,)), PlanStep(2, "b", requires=(1,)), PlanStep(3, "c"))
    laid_out = lay_out(Plan(steps=steps), monday(START))
    assert [bool(step.allocations) for step in laid_out.steps] == [False, False, True]


def test_a_layout_change_names_moved_steps_and_a_new_end() -> None:
    plan = lay_out(Plan(hours_per_week=4, steps=(PlanStep(1, "a", 4), PlanStep(2, "b", 4))), monday(START))
    later, change = roll_forward(plan, monday(START) + WEEK)
    assert change == LayoutChange(moved=(1, 2), end_date=later.end_date)
    assert later.end_date == monday(START) + 3 * WEEK - timedelta(days=1)
    assert roll_forward(later, monday(START)) == (later, None)
    assert layout_change(plan, lay_out(replace(plan, hours_per_week=8), monday(START))) is None
    swapped = replace(plan, steps=(replace(plan.steps[0], requires=(2,)), plan.steps[1]))
    assert layout_change(plan, lay_out(swapped, monday(START))) == LayoutChange(moved=(1,), end_date=None)


@pytest.mark.parametrize(
    ("day", "first"), [(27, date(2026, 11, 23)), (28, date(2026, 11, 30)), (29, date(2026, 11, 30))]
)
def test_a_plan_made_at_the_weekend_starts_on_monday(day: int, first: date) -> None:
    assert first_full_week(date(2026, 11, day)) == first


def test_an_edit_keeps_a_plan_that_starts_next_monday_there() -> None:
    sunday = date(2026, 11, 29)
    plan = lay_out(Plan(steps=(PlanStep(1, "one", 8),), next_number=2), first_full_week(sunday))
    assert week_to_lay_out(plan, sunday) == date(2026, 11, 30)
    assert week_to_lay_out(plan, sunday + WEEK) == date(2026, 11, 30)
    assert week_to_lay_out(plan, sunday - WEEK) == date(2026, 11, 16)  # the clock was set back: not held to a far week


def test_a_blocked_step_comes_after_the_ones_that_can_start() -> None:
    steps = (
        PlanStep(1, "blocked", 4, StepState.BLOCKED, due=date(2026, 12, 1)),
        PlanStep(2, "builds on it", 4, requires=(1,)),
        PlanStep(3, "free", 8),
    )
    plan = lay_out(Plan(hours_per_week=4, next_number=4, steps=steps), monday(START))
    weeks = {step.number: step.allocations[0].week for step in plan.steps}
    assert weeks[3] < weeks[1] < weeks[2]
