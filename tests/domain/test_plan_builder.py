"""Plans for a target title, over random milestones: gaps are closed, in order, and in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mentorbot.domain.plan import Plan, monday
from mentorbot.domain.plan_builder import (
    Milestone,
    Target,
    build_plan,
    choose_milestones,
    gaps,
    hours_to_meet_target_date,
    misses_target_date,
)
from mentorbot.domain.plan_layout import lay_out

TODAY = date(2026, 11, 25)
SKILLS = ("cloud", "mlops", "strategy")
LEVELS = st.fixed_dictionaries({skill: st.integers(0, 4) for skill in SKILLS})


@st.composite
def all_milestones(draw: st.DrawFn) -> list[Milestone]:
    """Draw one or two milestones for every skill and level, with prerequisites among those of lower levels."""
    milestones: list[Milestone] = []
    for level in range(1, 5):
        below = [milestone.id for milestone in milestones if max(milestone.raises.values()) < level]
        for skill in SKILLS:
            for copy in range(draw(st.integers(1, 2))):
                requires = tuple(draw(st.sets(st.sampled_from(below), max_size=2))) if below else ()
                name = f"{skill}-{level}-{copy}"
                milestones.append(Milestone(name, name, draw(st.integers(1, 60)), {skill: level}, requires))
    return milestones


@given(all_milestones(), LEVELS, LEVELS)
def test_every_gap_is_closed_level_by_level_and_nothing_is_superfluous(
    milestones: list[Milestone], have: dict[str, int], need: dict[str, int]
) -> None:
    chosen = choose_milestones(milestones, Target("t", have, need))
    closed = {pair for milestone in chosen for pair in milestone.raises.items()}
    needed = {(gap.skill, level) for gap in gaps(have, need) for level in range(gap.have + 1, gap.need + 1)}
    assert needed <= closed
    required = {id_ for milestone in chosen for id_ in milestone.requires}
    for milestone in chosen:  # each milestone closes a gap, or another one requires it
        assert set(milestone.raises.items()) & needed or milestone.id in required


@given(all_milestones(), LEVELS, LEVELS)
def test_prerequisites_come_first_unless_their_level_is_reached_already(
    milestones: list[Milestone], have: dict[str, int], need: dict[str, int]
) -> None:
    chosen = choose_milestones(milestones, Target("t", have, need))
    indexes = {milestone.id: index for index, milestone in enumerate(chosen)}
    by_id = {milestone.id: milestone for milestone in milestones}
    for milestone in chosen:
        for id_ in milestone.requires:
            reached = all(have.get(skill, 0) >= level for skill, level in by_id[id_].raises.items())
            assert reached or indexes[id_] < indexes[milestone.id]


@given(all_milestones(), LEVELS, LEVELS)
def test_the_choice_of_milestones_is_deterministic(
    milestones: list[Milestone], have: dict[str, int], need: dict[str, int]
) -> None:
    chosen = choose_milestones(milestones, Target("t", have, need))
    assert chosen == choose_milestones(list(milestones), Target("t", dict(have), dict(need)))


@given(all_milestones(), LEVELS, st.integers(1, 20), st.integers(10, 400))
def test_hours_to_meet_the_target_date_are_enough_and_the_fewest(
    milestones: list[Milestone], need: dict[str, int], hours_per_week: int, days: int
) -> None:
    target_date = date.fromordinal(TODAY.toordinal() + days)

    def plan_with(hours: int) -> Plan:
        target = Target("t", {}, need)
        return build_plan(milestones, target, hours_per_week=hours, target_date=target_date, today=TODAY)

    plan = plan_with(hours_per_week)
    if not misses_target_date(plan):
        return
    hours = hours_to_meet_target_date(plan, TODAY)
    if hours is not None:
        assert hours > hours_per_week
        assert not misses_target_date(plan_with(hours))
        if hours - 1 > hours_per_week:
            assert misses_target_date(plan_with(hours - 1))


def test_each_step_gives_its_reason() -> None:
    milestones = [Milestone("a", "A", 5, {"cloud": 1}), Milestone("b", "B", 5, {"cloud": 2}, ("a",))]
    target = Target("t", {"cloud": 0}, {"cloud": 2}, {"cloud": "Cloud"})
    plan = build_plan(milestones, target, hours_per_week=5, target_date=None, today=TODAY)
    assert [step.reason for step in plan.steps] == [
        "Takes Cloud from 0 to 1 (target 2)",
        "Takes Cloud from 1 to 2",
    ]
    assert [step.allocations[0].week for step in plan.steps] == [date(2026, 11, 23), date(2026, 11, 30)]
    assert plan.steps[1].requires == (1,)
    assert lay_out(plan, monday(TODAY)) == plan


def ids(milestones: Sequence[Milestone], target: Target) -> list[str]:
    return [milestone.id for milestone in choose_milestones(milestones, target)]


ONE = frozenset({"t"})


def test_what_always_belongs_comes_last_unless_its_levels_are_reached_or_the_title_is_held() -> None:
    milestones = [
        Milestone("cv", "CV", 5, {}, ("base",), always=ONE),
        Milestone("base", "Base", 5, {"cloud": 1}),
        Milestone("exam", "Exam", 50, {"cloud": 2}, always=ONE),
        Milestone("lab", "Lab", 5, {"cloud": 2}),
        Milestone("target", "Target", 2, {}, always=ONE),
        Milestone("other", "Other", 2, {}, always=frozenset({"u"})),
    ]
    assert ids(milestones, Target("t", {}, {"cloud": 2})) == ["base", "target", "exam", "cv"]
    assert ids(milestones, Target("t", {"cloud": 2}, {"cloud": 2})) == ["target", "cv"]
    assert ids(milestones, Target("t", {"cloud": 2}, {"cloud": 2}, is_held=True)) == []
    assert ids(milestones, Target("u", {}, {"cloud": 2})) == ["base", "other", "lab"]


def test_an_alternative_stands_in_whether_planned_or_finished() -> None:
    milestones = [
        Milestone("course", "Course", 90, {"cloud": 2}, always=ONE, alternatives=("lab",)),
        Milestone("lab", "Lab", 5, {"cloud": 2}),
        Milestone("lead", "Lead", 9, {"cloud": 3}, ("lab",)),
    ]
    target = Target("t", {}, {"cloud": 3}, finished=frozenset())
    assert ids(milestones, target) == ["course", "lead"]
    plan = build_plan(milestones, target, hours_per_week=5, target_date=None, today=TODAY)
    assert plan.steps[1].requires == (1,)  # the course comes where the lab would
    assert ids(milestones[:1] + milestones[2:], replace(target, finished=frozenset({"lab"}))) == ["lead"]


def test_those_who_began_further_on_do_not_need_it() -> None:
    milestones = [
        Milestone("apply", "Apply", 9, {}, always=ONE, skip_at={"cloud": 2}),
        Milestone("lead", "Lead", 9, {"cloud": 3}, ("apply",)),
    ]
    beginner = Target("t", {"cloud": 2}, {"cloud": 3}, began={"cloud": 1})  # has learned since, and still needs a job
    assert ids(milestones, beginner) == ["apply", "lead"]
    assert ids(milestones, replace(beginner, began={"cloud": 2})) == ["lead"]


def test_a_job_lasts_as_long_as_the_title_still_takes() -> None:
    milestones = [
        Milestone("base", "Base", 5, {"cloud": 1}),
        Milestone("job", "Job", 10, {}, ("base",), always=ONE, is_job=True),
        Milestone("lab", "Lab", 5, {"cloud": 2}, ("base",)),
        Milestone("cv", "CV", 5, {}, ("base",), after=("lab", "gone"), always=ONE),
    ]
    target = Target("t", {}, {"cloud": 2}, years=2, first_job="a smith", name="Master")
    plan = build_plan(milestones, target, hours_per_week=40, target_date=None, today=TODAY)
    assert [(step.text, step.weeks, step.requires) for step in plan.steps] == [
        ("Base", 1, ()),
        ("Job", 104, (1,)),
        ("Lab", 1, (1,)),
        ("CV", 1, (1, 3)),
    ]
    assert plan.steps[1].reason == "Master takes at least 2 years of work from scratch, starting as a smith"
    assert plan.milestones_end
    assert plan.milestones_end >= TODAY + timedelta(weeks=103)
    assert replace(target, have={"cloud": 1}).weeks_left == 52
    near = Target("t", {"cloud": 3}, {"cloud": 4}, years=1)
    assert "job" not in ids(milestones, near)  # a quarter isn't worth a step


def test_no_gap_needs_no_milestones() -> None:
    assert choose_milestones([Milestone("a", "A", 5, {"cloud": 1})], Target("t", {"cloud": 1}, {"cloud": 1})) == ()


def test_a_level_without_milestones_ends_the_search() -> None:
    milestone = Milestone("a", "A", 5, {"cloud": 1})
    assert choose_milestones([milestone], Target("t", {}, {"cloud": 3})) == (milestone,)
