"""Plans a coach would sign: planner and packs are held to what was written down for three people in each role."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from mentorbot.domain.plan import MAX_HOURS_PER_WEEK, MILESTONE_PREFIX, Plan, PlanStep
from mentorbot.domain.plan_builder import build_plan, choose_milestones
from mentorbot.domain.plan_draft import PlanDraft, draft_plan, is_far_away, nearer_title
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack

TODAY = date(2026, 11, 30)
YEAR = timedelta(days=365)
COACH_PLANS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "coach_plans.yaml").read_text("utf-8"))


ROLES = ("ai-architect", "engineering-manager")


@cache
def pack_of(role: str) -> Pack:
    return Library.open(None, role).default


@pytest.fixture(params=ROLES)
def pack(request: pytest.FixtureRequest) -> Pack:
    return pack_of(request.param)


def draft(pack: Pack, title: str, levels: dict[str, int], hours: int) -> PlanDraft:
    """Draft a plan for someone who has none."""
    target = pack.target(title, levels)
    return draft_plan(Plan(), pack.plan_milestones, target, target_date=None, hours_per_week=hours, today=TODAY)


def plan_for(pack: Pack, title: str, levels: dict[str, int], hours: int) -> Plan:
    target = pack.target(title, levels)
    return build_plan(pack.plan_milestones, target, hours_per_week=hours, target_date=None, today=TODAY)


def ids(plan: Plan) -> list[str]:
    """List the milestones of a plan, in the order of work."""
    return [step.origin.removeprefix(MILESTONE_PREFIX) for step in plan.steps]


def weeks_of(step: PlanStep) -> int:
    """Count the weeks from a step's first hour to its last."""
    return (step.allocations[-1].week - step.allocations[0].week).days // 7 + 1


@dataclass(frozen=True)
class Case:
    """A person, as the coach sees them, and the plan they get."""

    coach: dict[str, Any]
    pack: Pack
    plan: Plan
    draft: PlanDraft

    def step(self, id_: str) -> PlanStep:
        return next(step for step in self.plan.steps if step.origin == f"{MILESTONE_PREFIX}{id_}")


@pytest.fixture(params=COACH_PLANS, ids=[coach["id"] for coach in COACH_PLANS])
def case(request: pytest.FixtureRequest) -> Case:
    coach = request.param
    pack = pack_of(coach["role"])
    drafted = draft(pack, coach["aims_for"], coach["levels"], coach["hours_per_week"])
    return Case(coach, pack, drafted.plan, drafted)


def test_it_has_what_the_coach_would_plan_and_nothing_they_would_not(case: Case) -> None:
    planned = ids(case.plan)
    assert [id_ for id_ in case.coach["has"] if id_ not in planned] == []
    assert [id_ for id_ in case.coach["has_not"] if id_ in planned] == []


def test_it_comes_in_the_order_the_coach_insists_on(case: Case) -> None:
    for first, then in case.coach["before"]:
        assert case.step(first).number < case.step(then).number, (first, then)
        assert case.step(first).allocations[0].week <= case.step(then).allocations[0].week, (first, then)


def test_work_that_takes_its_time_is_given_it(case: Case) -> None:
    for id_, weeks in case.coach["lasts"].items():
        assert weeks_of(case.step(id_)) >= weeks, id_


def test_it_ends_when_the_coach_would_expect(case: Case) -> None:
    shortest, longest = case.coach["years"]
    end = case.plan.milestones_end
    assert end is not None
    assert TODAY + shortest * YEAR <= end <= TODAY + longest * YEAR


def test_a_nearer_title_comes_first_if_the_coach_would_say_so(case: Case) -> None:
    pack = case.pack
    titles = [title.id for title in pack.titles.titles if title.id != case.coach["aims_for"]]
    others = [draft(pack, title, case.coach["levels"], case.coach["hours_per_week"]) for title in titles]
    nearer = nearer_title(case.draft, others, TODAY) if is_far_away(case.draft, TODAY) else None
    assert (nearer.draft.target.title if nearer else None) in case.coach["nearer"]


def test_work_that_needs_a_job_is_marked_and_has_a_substitute(case: Case) -> None:
    for id_ in case.coach["needs_a_job"]:
        guide = case.pack.step_guide(case.step(id_))
        assert guide is not None
        assert guide.without_job, id_


EXAMS = {"pos-certificate"}
"""Work at the levels of a job that anyone may sit."""


def test_what_leads_to_the_levels_of_a_job_can_be_done_without_one(pack: Pack) -> None:
    works = [milestone for milestone in pack.milestones.values() if max(milestone.raises.values(), default=0) >= 3]
    assert {milestone.id for milestone in works if not milestone.without_job} <= EXAMS


@pytest.mark.parametrize("hours", [10, 20, MAX_HOURS_PER_WEEK])
def test_no_plan_promises_a_title_from_zero_in_less_than_the_packs_own_years(pack: Pack, hours: int) -> None:
    for title in pack.titles.titles:
        drafted = draft(pack, title.id, {}, hours)
        end = drafted.plan.milestones_end
        assert end is None or drafted.exceeds_layout or end >= TODAY + title.years * YEAR, title.id
        assert any(step.reason.endswith(pack.target(title.id, {}).first_job) for step in drafted.steps), title.id


@pytest.mark.parametrize("role", ROLES)
def test_no_senior_title_takes_less_than_five_years(role: str) -> None:
    senior = [title for title in pack_of(role).titles.titles if title.level in ("senior", "lead")]
    assert senior
    assert [title.id for title in senior if title.years < 5] == []


def starts(pack: Pack) -> list[dict[str, int]]:
    """List many starts: every combination of three bands, for the skills one codes in and for those one talks in."""
    skills = [skill.id for skill in pack.skills]
    same = [dict.fromkeys(skills, level) for level in range(5)]
    mixed = [dict(zip(skills, levels, strict=True)) for levels in product((0, 1, 3), repeat=len(skills))]
    return same + mixed[::13] + [dict(persona.levels) for persona in pack.personas]


def test_every_milestone_is_in_some_plan(pack: Pack) -> None:
    counts: Counter[str] = Counter()
    for title in pack.titles.titles:
        for levels in starts(pack):
            target = pack.target(title.id, levels)
            counts.update(milestone.id for milestone in choose_milestones(pack.plan_milestones, target))
    assert [id_ for id_ in pack.milestones if not counts[id_]] == []


def test_every_reason_is_true(pack: Pack) -> None:
    for title in pack.titles.titles:
        plan = plan_for(pack, title.id, {}, 6)
        texts = {step.text for step in plan.steps}
        levels: dict[str, int] = {}
        for step in plan.steps:
            milestone = pack.milestones[step.origin.removeprefix(MILESTONE_PREFIX)]
            if step.reason.startswith("Takes "):
                skill = next(id_ for id_, name in pack.skill_names.items() if step.reason.startswith(f"Takes {name} "))
                assert step.reason.startswith(
                    f"Takes {pack.skill_names[skill]} from {levels.get(skill, 0)} to {milestone.raises[skill]}"
                )
            elif step.reason.startswith("Comes before"):
                assert step.reason.removeprefix("Comes before “").removesuffix("”") in texts
            else:
                assert title.id in milestone.in_every_plan([title.id])
            for skill, level in milestone.raises.items():
                levels[skill] = max(level, levels.get(skill, 0))
        assert all(levels.get(skill, 0) >= need for skill, need in title.needs.items())
