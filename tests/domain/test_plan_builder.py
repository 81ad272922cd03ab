"""Plans for a target title, over random milestones: gaps are closed, in order, and in time."""

from __future__ import annotations

from datetime import date

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


def test_no_gap_needs_no_milestones() -> None:
    assert choose_milestones([Milestone("a", "A", 5, {"cloud": 1})], Target("t", {"cloud": 1}, {"cloud": 1})) == ()


def test_a_level_without_milestones_ends_the_search() -> None:
    milestone = Milestone("a", "A", 5, {"cloud": 1})
    assert choose_milestones([milestone], Target("t", {}, {"cloud": 3})) == (milestone,)
