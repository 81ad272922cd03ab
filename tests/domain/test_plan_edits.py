"""Edits of plans: undo, step numbers, merging for a new target, and the errors edits raise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorbot.domain import plan_edits
from mentorbot.domain.plan import MAX_OPEN_STEPS, Plan, PlanStep, StepState, monday
from mentorbot.domain.plan_layout import lay_out
from mentorbot.errors import Conflict, PlanFull, StepNotFound, StepSettled
from tests.domain.plans import GAPS_BETWEEN_EDITS, START, Edit, apply_edits, eight_edits, plans


@given(plans(), eight_edits(), GAPS_BETWEEN_EDITS, eight_edits())
def test_undo_restores_exactly(plan: Plan, edits: list[Edit], gaps: list[int], more: list[Edit]) -> None:
    before, today = apply_edits(plan, edits, gaps)
    after = more[0](before, today)
    undone = plan_edits.undo_to(before, after)
    assert replace(undone, next_number=0) == replace(before, next_number=0)
    assert undone.next_number >= after.next_number


@given(plans(), eight_edits(), GAPS_BETWEEN_EDITS)
def test_step_numbers_are_never_reused(plan: Plan, edits: list[Edit], gaps: list[int]) -> None:
    plan, _ = apply_edits(plan, edits, gaps)
    numbers = [step.number for step in plan.steps]
    assert len(set(numbers)) == len(numbers)
    assert all(number < plan.next_number for number in numbers)


@given(plans(), plans(), st.integers(0, 40))
def test_merging_a_new_target_keeps_finished_steps_and_own_steps(plan: Plan, new: Plan, days: int) -> None:
    today = START + timedelta(days=days)
    merged = plan_edits.merge_plan(plan, new, today)
    for step in plan.steps:
        if not step.origin:
            assert merged.step(step.number).text == step.text
            assert merged.step(step.number).active == step.active
    assert {step.origin for step in merged.active if step.origin} == {step.origin for step in new.steps if step.origin}
    # A second merge changes nothing, except that steps without an origin can't be recognized and come again.
    if all(step.origin for step in new.steps):
        assert plan_edits.merge_plan(merged, new, today) == merged


@pytest.fixture
def four() -> Plan:
    """Four steps of a week each, in the order of their numbers."""
    steps = tuple(PlanStep(number, f"s{number}", hours=4) for number in range(1, 5))
    return lay_out(Plan(hours_per_week=4, next_number=5, steps=steps), monday(START))


def order(plan: Plan) -> list[int]:
    return [step.number for step in sorted(plan.active, key=lambda step: step.starts or START)]


def test_a_step_that_comes_after_another_does_not_hurry_it(four: Plan) -> None:
    assert order(plan_edits.put_after(four, 4, 2, START)) == [1, 2, 4, 3]
    assert order(plan_edits.split(four, 3, (2, 2), START)) == [1, 2, 3, 5, 4]


def test_a_step_goes_after_or_before_another_and_waits_for_it(four: Plan) -> None:
    after = plan_edits.put_after(four, 4, 1, START)
    assert order(after) == [1, 4, 2, 3]
    assert after.step(4).requires == (1,)
    assert order(plan_edits.put_before(four, 4, 2, START)) == [1, 4, 2, 3]
    assert order(plan_edits.put_before(after, 1, 4, START)) == [1, 4, 2, 3]
    assert order(plan_edits.put_after(after, 1, 4, START)) == [4, 1, 2, 3]  # the other way round
    assert order(plan_edits.put_last(four, 2, START)) == [1, 3, 4, 2]
    assert order(plan_edits.swap(four, 2, 4, START)) == [1, 4, 3, 2]


def test_after_a_finished_step_means_first(four: Plan) -> None:
    done = plan_edits.mark(four, 1, StepState.DONE, START)
    assert order(plan_edits.put_after(done, 4, 1, START)) == [4, 2, 3]
    with pytest.raises(StepSettled):
        plan_edits.put_before(done, 4, 1, START)


def test_steps_never_wait_for_each_other(four: Plan) -> None:
    chain = plan_edits.put_after(plan_edits.put_after(four, 2, 1, START), 3, 2, START)
    with pytest.raises(Conflict, match="builds on"):
        plan_edits.put_after(chain, 1, 3, START)
    with pytest.raises(Conflict):
        plan_edits.put_after(four, 1, 1, START)


def test_a_whole_plan_moves_with_its_dates(four: Plan) -> None:
    due = plan_edits.edit(four, 2, START, due=START + timedelta(days=20))
    later = plan_edits.postpone_all(due, 2, START)
    assert later.step(2).due == START + timedelta(days=34)
    assert [step.starts for step in later.active] == [
        step.starts + timedelta(weeks=2) for step in due.active if step.starts
    ]


def test_a_settled_step_opens_again(four: Plan) -> None:
    worked = plan_edits.mark(four, 1, StepState.DOING, START, hours=2)
    done = plan_edits.mark(worked, 1, StepState.DONE, START, evidence="https://example.org")
    again = plan_edits.reopen(done, 1, START)
    assert (again.step(1).state, again.step(1).hours_left, again.step(1).evidence) == (
        StepState.DOING,
        2,
        "https://example.org",
    )
    assert plan_edits.reopen(plan_edits.drop(four, 3, START), 3, START).step(3).state is StepState.OPEN
    assert plan_edits.reopen(four, 1, START) == four


def test_a_step_that_was_made_again_stays_closed(four: Plan) -> None:
    made = [replace(step, origin="milestone:one") for step in four.steps[:1]]
    dropped = plan_edits.drop(replace(four, steps=(*made, *four.steps[1:])), 1, START)
    again, _ = plan_edits.add(dropped, PlanStep(0, "s1", origin="milestone:one"), START)
    with pytest.raises(Conflict, match="as step 5"):
        plan_edits.reopen(again, 1, START)


def test_a_date_can_be_taken_away(four: Plan) -> None:
    dated = plan_edits.edit(four, 2, START, due=START + timedelta(days=20))
    assert plan_edits.edit(dated, 2, START, hours=3, undated=True).step(2).due is None
    assert plan_edits.move(dated, 2, START + timedelta(weeks=2), START, due=START + timedelta(weeks=4)).step(
        2
    ).due == START + timedelta(weeks=4)


def test_errors_name_the_conflict() -> None:
    steps = tuple(PlanStep(number, f"s{number}") for number in range(1, MAX_OPEN_STEPS + 1))
    full = Plan(next_number=MAX_OPEN_STEPS + 1, steps=steps)
    with pytest.raises(PlanFull, match="100 open steps"):
        plan_edits.add(full, PlanStep(0, "one more"), START)
    with pytest.raises(StepNotFound, match="a step 500"):
        plan_edits.drop(full, 500, START)
    done = plan_edits.mark(full, 1, StepState.DONE, START)
    with pytest.raises(StepSettled, match="Step 1 is done"):
        plan_edits.edit(done, 1, START, text="other words")
