"""What is true of every plan, whatever has been done to it, and on whatever day."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mentorbot.domain import plan_edits
from mentorbot.domain.plan import Plan, monday
from mentorbot.domain.plan_layout import MAX_WEEKS_LAID_OUT, lay_out, roll_forward
from tests.learning.plans import START, Change, plans, some_changes

LATER = st.lists(st.integers(0, 20), min_size=8, max_size=8)


def lived(plan: Plan, made: list[Change], days: list[int]) -> tuple[Plan, date]:
    """The plan after changes on later and later days, and the last of the days."""
    today = START
    for change, passed in zip(made, days, strict=True):
        today += timedelta(days=passed)
        plan = change(roll_forward(plan, monday(today))[0], today)
    return plan, today


@given(plans(), some_changes(), LATER)
def test_no_step_begins_before_what_it_requires_is_laid_out(plan: Plan, made: list[Change], days: list[int]) -> None:
    plan, _ = lived(plan, made, days)
    ends = {step.number: max((share.week for share in step.allocations), default=date.max) for step in plan.active}
    for step in plan.active:
        for number in step.requires:
            if number in ends and step.allocations:
                assert step.allocations[0].week >= ends[number]


@given(plans(), some_changes(), LATER)
def test_no_week_holds_more_hours_than_it_has(plan: Plan, made: list[Change], days: list[int]) -> None:
    plan, today = lived(plan, made, days)
    plan = lay_out(plan, monday(today))
    hours: Counter[date] = Counter()
    for step in plan.active:
        for share in step.allocations:
            hours[share.week] += share.hours
    for week, planned in hours.items():
        assert week >= monday(today)
        assert week not in plan.weeks_off
        assert planned <= max(0, plan.hours_per_week - plan.worked(week))


@given(plans(), some_changes(), LATER)
def test_laying_out_twice_is_the_same_as_once(plan: Plan, made: list[Change], days: list[int]) -> None:
    plan, today = lived(plan, made, days)
    once = lay_out(plan, monday(today))
    assert lay_out(once, monday(today)) == once


@given(plans(), some_changes(), LATER)
def test_all_hours_are_kept(plan: Plan, made: list[Change], days: list[int]) -> None:
    plan, today = lived(plan, made, days)
    end = monday(today) + timedelta(weeks=MAX_WEEKS_LAID_OUT - 1)
    flowed = lay_out(plan, monday(today))
    for before, after in zip(plan.steps, flowed.steps, strict=True):
        assert (before.hours, before.logged, before.state) == (after.hours, after.logged, after.state)
        planned = sum(share.hours for share in after.allocations)
        assert planned <= after.hours_left
        if after.active and (flowed.end_date or end) < end:
            assert planned == after.hours_left


@given(plans(), some_changes(), LATER, some_changes())
def test_undoing_restores_exactly(plan: Plan, made: list[Change], days: list[int], more: list[Change]) -> None:
    before, today = lived(plan, made, days)
    after = more[0](before, today)
    undone = plan_edits.undo_to(before, after)
    assert replace(undone, next_number=0, laid_out_week=None) == replace(before, next_number=0, laid_out_week=None)
    assert undone.next_number >= after.next_number


@given(plans(), some_changes(), LATER)
def test_what_is_blocked_takes_no_hours_of_the_week_that_is(plan: Plan, made: list[Change], days: list[int]) -> None:
    plan, today = lived(plan, made, days)
    plan = lay_out(plan, monday(today))
    assert not [step for step in plan.active if step.state == "blocked" and step.in_week(monday(today))]


@given(plans(), some_changes(), LATER)
def test_numbers_are_never_given_twice(plan: Plan, made: list[Change], days: list[int]) -> None:
    plan, _ = lived(plan, made, days)
    numbers = [step.number for step in plan.steps]
    assert len(set(numbers)) == len(numbers)
    assert all(number < plan.next_number for number in numbers)


@given(plans(), plans(), st.integers(0, 40))
def test_another_aim_keeps_what_was_done_and_what_is_the_learners_own(plan: Plan, new: Plan, days: int) -> None:
    today = START + timedelta(days=days)
    aimed = plan_edits.merge_plan(plan, new, today)
    for step in plan.steps:
        if not step.origin:
            assert aimed.step(step.number).text == step.text
            assert aimed.step(step.number).active == step.active
    assert {step.origin for step in aimed.active if step.origin} == {step.origin for step in new.steps if step.origin}
    # A second time changes nothing more, but for new steps without an origin, which nobody could know again.
    if all(step.origin for step in new.steps):
        assert plan_edits.merge_plan(aimed, new, today) == aimed
