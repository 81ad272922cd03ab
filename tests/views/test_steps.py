"""A step as a card: every milestone of the packs fits, and work that needs a job says what to do without one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mentorbot.chat.plain_text import plain_text
from mentorbot.domain.checkins import StuckReason
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.domain.plan import MILESTONE_PREFIX, Plan, PlanStep, StepState
from mentorbot.domain.plan_builder import build_plan
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Milestone, Pack
from mentorbot.views.checkin import StuckHelp, help_card
from mentorbot.views.steps import step_card
from tests.conftest import line_count


@pytest.fixture(scope="module", params=["ai-architect", "engineering-manager"])
def role_pack(request: pytest.FixtureRequest) -> Pack:
    return Library.open(None, request.param).default


def planned(learner: LearnerSnapshot, milestone: Milestone, state: StepState) -> tuple[LearnerSnapshot, PlanStep]:
    """Plan one milestone, due soon and under way, in the busiest shape its card can have."""
    step = PlanStep(
        1,
        milestone.title,
        hours=milestone.hours,
        state=state,
        origin=f"{MILESTONE_PREFIX}{milestone.id}",
        reason="Part of every plan for this role",
        blocker="No GPU quota" if state is StepState.BLOCKED else "",
        status_since=learner.today,
        due=learner.today,
        weeks=milestone.calendar,
    )
    return replace(learner, plan=Plan(steps=(step,))), step


@pytest.mark.parametrize("state", [StepState.OPEN, StepState.BLOCKED])
def test_every_milestone_fits_a_card(role_pack: Pack, learner: LearnerSnapshot, state: StepState) -> None:
    for milestone in role_pack.milestones.values():
        with_step, step = planned(learner, milestone, state)
        card = step_card(role_pack, with_step, step, {})
        assert line_count(card) <= 8, milestone.id
        if milestone.without_job:
            assert f"Not possible at work? {milestone.without_job.rstrip('.')}." in plain_text(card)
        if not milestone.raises:
            assert "Part of every plan for this role." in plain_text(card)


def test_a_job_of_years_is_no_matter_of_a_few_weeks(learner: LearnerSnapshot) -> None:
    pack = Library.open(None, "ai-architect").default
    plan = build_plan(
        pack.plan_milestones, pack.target("ai-architect", {}), hours_per_week=15, target_date=None, today=learner.today
    )
    job = next(step for step in plan.steps if step.origin == f"{MILESTONE_PREFIX}exp-years")
    text = plain_text(step_card(pack, replace(learner, plan=plan), job, {}))
    assert "Spread over about 60 months. " in text
    assert "Week 1 of" not in text


def test_someone_without_the_job_is_told_what_counts_just_the_same(role_pack: Pack, learner: LearnerSnapshot) -> None:
    needs_job = [milestone for milestone in role_pack.milestones.values() if milestone.without_job]
    for milestone in needs_job:
        with_step, step = planned(learner, milestone, StepState.BLOCKED)
        guide = role_pack.step_guide(step)
        assert guide is not None
        card = help_card(with_step, step, StuckReason.NO_ACCESS, StuckHelp(guide), learner.week)
        assert card.title == "Not possible at work? There's a way around it"
        assert f"{milestone.without_job.rstrip('.')}. It counts just the same." in plain_text(card)
