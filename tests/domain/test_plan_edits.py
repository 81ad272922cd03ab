"""Edits of plans: undo, step numbers, merging for a new target, and the errors edits raise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorbot.domain import plan_edits
from mentorbot.domain.plan import MAX_OPEN_STEPS, Plan, PlanStep, StepState
from mentorbot.errors import PlanFull, StepNotFound, StepSettled
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
