"""The way to a title, over random work and over the real pack."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from mentorbot.domain.curriculum import Milestone, Target, build, choose, enough_hours, gaps, too_late
from mentorbot.domain.plan import monday
from mentorbot.domain.plan_layout import lay_out

TODAY = date(2026, 11, 25)
SKILLS = ("cloud", "mlops", "strategy")
LEVELS = st.fixed_dictionaries({skill: st.integers(0, 4) for skill in SKILLS})


@st.composite
def works(draw: st.DrawFn) -> list[Milestone]:
    """Work for every skill and level, some of it twice, with prerequisites among those of lower levels."""
    made: list[Milestone] = []
    for level in range(1, 5):
        below = [one.id for one in made if max(one.raises.values()) < level]
        for skill in SKILLS:
            for copy in range(draw(st.integers(1, 2))):
                requires = tuple(draw(st.sets(st.sampled_from(below), max_size=2))) if below else ()
                name = f"{skill}-{level}-{copy}"
                made.append(Milestone(name, name, draw(st.integers(1, 60)), {skill: level}, requires, "a link"))
    return made


@given(works(), LEVELS, LEVELS)
def test_every_gap_is_filled_level_by_level_and_nothing_else(
    work: list[Milestone], have: dict[str, int], need: dict[str, int]
) -> None:
    chosen = choose(work, have, need)
    filled = {pair for one in chosen for pair in one.raises.items()}
    wanted = {(gap.skill, level) for gap in gaps(have, need) for level in range(gap.have + 1, gap.need + 1)}
    assert wanted <= filled
    required = {name for one in chosen for name in one.requires}
    for one in chosen:  # each fills a gap, or another builds on it
        assert set(one.raises.items()) & wanted or one.id in required


@given(works(), LEVELS, LEVELS)
def test_prerequisites_come_first_unless_one_has_their_level(
    work: list[Milestone], have: dict[str, int], need: dict[str, int]
) -> None:
    chosen = choose(work, have, need)
    places = {one.id: place for place, one in enumerate(chosen)}
    by_id = {one.id: one for one in work}
    for one in chosen:
        for name in one.requires:
            held = all(have.get(skill, 0) >= level for skill, level in by_id[name].raises.items())
            assert held or places[name] < places[one.id]


@given(works(), LEVELS, LEVELS)
def test_the_same_question_gives_the_same_way(
    work: list[Milestone], have: dict[str, int], need: dict[str, int]
) -> None:
    assert choose(work, have, need) == choose(list(work), dict(have), dict(need))


@given(works(), LEVELS, st.integers(1, 20), st.integers(10, 400))
def test_more_hours_help_or_nothing_does(work: list[Milestone], need: dict[str, int], pace: int, days: int) -> None:
    by = date.fromordinal(TODAY.toordinal() + days)
    plan = build(work, Target("t", {}, need), pace=pace, by=by, today=TODAY)
    if not too_late(plan):
        return
    hours = enough_hours(plan, TODAY)
    if hours is not None:
        assert hours > pace
        assert not too_late(build(work, Target("t", {}, need), pace=hours, by=by, today=TODAY))
        if hours - 1 > pace:
            assert too_late(build(work, Target("t", {}, need), pace=hours - 1, by=by, today=TODAY))


def test_each_step_says_why() -> None:
    work = [Milestone("a", "A", 5, {"cloud": 1}), Milestone("b", "B", 5, {"cloud": 2}, ("a",), "a link")]
    aim = Target("t", {"cloud": 0}, {"cloud": 2}, {"cloud": "Cloud"})
    plan = build(work, aim, pace=5, by=None, today=TODAY)
    assert [step.reason for step in plan.steps] == [
        "Cloud: you are at 0, this title needs 2; this takes you to 1",
        "Cloud: you are at 0, this title needs 2; this takes you to 2",
    ]
    assert [step.allocations[0].week for step in plan.steps] == [date(2026, 11, 23), date(2026, 11, 30)]
    assert plan.steps[1].requires == (1,)
    assert lay_out(plan, monday(TODAY)) == plan


def test_nobody_who_has_what_it_takes_gets_a_plan() -> None:
    assert choose([Milestone("a", "A", 5, {"cloud": 1})], {"cloud": 1}, {"cloud": 1}) == ()


def test_a_level_for_which_the_pack_has_nothing_is_no_trap() -> None:
    assert choose([Milestone("a", "A", 5, {"cloud": 1})], {}, {"cloud": 3}) == (Milestone("a", "A", 5, {"cloud": 1}),)
