"""Drafts of plans: finished work isn't planned again, gaps without work are named, and late ones have alternatives."""

from __future__ import annotations

from datetime import date

from mentorbot.domain.plan import Plan, PlanStep, StepState, monday
from mentorbot.domain.plan_builder import Milestone, Target
from mentorbot.domain.plan_draft import PlanDraft, draft_alternatives, draft_plan

TODAY = date(2026, 11, 23)
MILESTONES = (
    Milestone(id="basics", text="Learn the basics", hours=8, raises={"mlops": 1}),
    Milestone(id="pipeline", text="Build a pipeline", hours=40, raises={"mlops": 2}, requires=("basics",)),
)


def draft(
    plan: Plan | None = None, need: int = 2, target_date: date | None = None, title: str = "architect"
) -> PlanDraft:
    target = Target(title, {}, {"mlops": need}, {"mlops": "MLOps"})
    return draft_plan(plan or Plan(), MILESTONES, target, target_date=target_date, hours_per_week=4, today=TODAY)


def test_a_draft_is_the_whole_plan_and_changes_nothing() -> None:
    own_step = PlanStep(1, "Mine", hours=2)
    result = draft(Plan(steps=(own_step,), next_number=2))
    assert [step.text for step in result.plan.active] == ["Mine", "Learn the basics", "Build a pipeline"]
    assert [step.text for step in result.steps] == ["Learn the basics", "Build a pipeline"]
    assert (result.plan.title, result.levels_to_climb, result.hours_left, result.uncovered) == ("architect", 2, 48, ())


def test_finished_work_is_not_planned_again_and_its_gap_is_named() -> None:
    done = PlanStep(1, "Learn the basics", hours=8, origin="milestone:basics", state=StepState.DONE)
    result = draft(Plan(steps=(done,), next_number=2))
    assert [step.text for step in result.steps] == ["Build a pipeline"]
    assert result.uncovered == ("mlops",)  # the finished step's level was lowered again afterwards


def test_levels_without_milestones_are_named() -> None:
    assert draft(need=3).uncovered == ("mlops",)


def test_a_late_draft_has_a_later_date_more_hours_and_the_biggest_target_that_fits() -> None:
    late = draft(target_date=date(2026, 12, 31))
    smaller = draft(need=1, target_date=date(2026, 12, 31), title="engineer")
    assert late.is_late
    assert not smaller.is_late
    alternatives = draft_alternatives(late, [smaller], TODAY)
    assert alternatives.later_date == late.plan.milestones_end
    assert alternatives.later_date is not None
    assert monday(alternatives.later_date) > date(2026, 12, 31)
    assert alternatives.more_hours == 8
    assert alternatives.smaller == smaller


def test_a_smaller_target_is_offered_even_if_it_is_late_too() -> None:
    day = date(2026, 11, 24)
    late, smaller = draft(target_date=day), draft(need=1, target_date=day)
    assert draft_alternatives(late, [smaller], TODAY).smaller == smaller
    assert draft_alternatives(smaller, [late], TODAY).smaller is None
