"""A week's part of a plan: cards about the week come out as they do from the whole plan, and nothing else is read."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.domain.plan import WEEK, Plan, PlanStep, StepState, WeekAllocation, monday
from mentorbot.domain.plan_layout import lay_out
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.services.learners import LearnerSession, week_snapshot
from mentorbot.storage import Store, UnitOfWork
from mentorbot.storage.tables import PlanRow
from mentorbot.views.checkin import question_card
from mentorbot.views.plan import plan_card

from .conftest import NOW, OURS, THEIRS, TODAY

THIS_WEEK = monday(TODAY)
UTC = ZoneInfo("UTC")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return Library.open(None, "ai-architect").default


def random_plan(random: Random) -> Plan:
    """A plan as one may stand after some weeks: steps under way, stuck, done or dropped, and weeks off."""
    steps = tuple(random_step(random, number) for number in range(1, random.randrange(1, 16)))
    weeks_off = frozenset(THIS_WEEK + number * WEEK for number in range(12) if random.random() < 0.1)
    plan = Plan(hours_per_week=random.randrange(1, 9), weeks_off=weeks_off, next_number=len(steps) + 1, steps=steps)
    return lay_out(plan, THIS_WEEK)


def random_step(random: Random, number: int) -> PlanStep:
    state = random.choice(
        [StepState.OPEN] * 5 + [StepState.DOING, StepState.BLOCKED, StepState.DONE, StepState.DROPPED]
    )
    worked = THIS_WEEK - random.randrange(3) * WEEK
    return PlanStep(
        number,
        f"step {number}",
        hours=random.randrange(1, 30),
        state=state,
        status_since=None if state is StepState.OPEN else TODAY,
        blocker="no access" if state is StepState.BLOCKED else "",
        due=TODAY + timedelta(days=random.randrange(90)) if random.random() < 0.2 else None,
        start=THIS_WEEK + 3 * WEEK if random.random() < 0.2 else None,
        requires=(number - 1,) if number > 1 and random.random() < 0.5 else (),
        logged=(WeekAllocation(worked, 2),) if random.random() < 0.2 else (),
        weeks=random.choice((1, 1, 4)),
    )


async def save(store: Store, user_id: str, plan: Plan) -> None:
    async with store.unit_of_work(OURS) as uow:
        await uow.people.ensure(user_id, user_id)
        plans = uow.learner(user_id, "ai-architect").plans
        await plans.save(await plans.get(), plan, "a plan")


async def both(uow: UnitOfWork, pack: Pack, user_id: str) -> tuple[LearnerSnapshot, LearnerSnapshot | None]:
    """Read a learner with their whole plan, and with the week's part of it."""
    whole = await LearnerSession.open(uow, pack, user_id=user_id, name="Ada", now=NOW, zone=UTC)
    return whole.snapshot, await week_snapshot(uow, pack, user_id=user_id, name="Ada", now=NOW, zone=UTC)


async def test_a_week_s_cards_are_those_of_the_whole_plan(store: Store, pack: Pack) -> None:
    in_part = 0
    for seed in range(40):
        await save(store, f"U{seed}", random_plan(Random(seed)))
        async with store.unit_of_work(OURS) as uow:
            whole, part = await both(uow, pack, f"U{seed}")
        if part is None:
            continue
        in_part += len(part.plan.steps) < len(whole.plan.steps)
        assert plan_card(part) == plan_card(whole), seed
        assert question_card(pack, part, THIS_WEEK) == question_card(pack, whole, THIS_WEEK), seed
        assert part.version == whole.version
    assert in_part > 15


async def test_a_change_shows_in_the_next_reading_of_the_week(store: Store, pack: Pack) -> None:
    plan = lay_out(
        Plan(hours_per_week=4, next_number=3, steps=(PlanStep(1, "one", 4), PlanStep(2, "two", 4))), THIS_WEEK
    )
    await save(store, "U1", plan)
    done = plan.with_step(PlanStep(1, "one", 4, StepState.DONE, status_since=TODAY))
    async with store.unit_of_work(OURS) as reading:
        _, before = await both(reading, pack, "U1")
        await save(store, "U1", lay_out(done, THIS_WEEK))
    async with store.unit_of_work(OURS) as uow:
        _, after = await both(uow, pack, "U1")
    assert before is not None
    assert after is not None
    assert [step.text for step in before.plan.steps_in_week(THIS_WEEK)] == ["one"]
    assert [step.text for step in after.plan.steps_in_week(THIS_WEEK)] == ["two"]


async def test_a_plan_that_takes_more_than_a_week_s_part_is_read_whole(store: Store, pack: Pack) -> None:
    step = PlanStep(1, "one", 4)
    laid_out_long_ago = lay_out(Plan(next_number=2, steps=(step,)), THIS_WEEK - WEEK)
    nothing_this_week = lay_out(Plan(next_number=2, steps=(PlanStep(1, "one", 4, start=THIS_WEEK + WEEK),)), THIS_WEEK)
    crowded = tuple(PlanStep(number, "an hour", 1) for number in range(1, 21))
    many = lay_out(Plan(hours_per_week=20, next_number=21, steps=crowded), THIS_WEEK)
    for number, plan in enumerate((laid_out_long_ago, nothing_this_week, many)):
        await save(store, f"U{number}", plan)
        async with store.unit_of_work(OURS) as uow:
            assert await uow.learner(f"U{number}", "ai-architect").plans.of_week(THIS_WEEK) is None
    async with store.unit_of_work(OURS) as uow:
        assert await uow.learner("nobody", "ai-architect").plans.of_week(THIS_WEEK) is None


async def test_a_plan_saved_by_an_earlier_release_is_read_whole(store: Store, pack: Pack) -> None:
    await save(store, "U1", lay_out(Plan(next_number=2, steps=(PlanStep(1, "one", 4),)), THIS_WEEK))
    async with store.unit_of_work(OURS) as uow:
        assert await uow.learner("U1", "ai-architect").plans.of_week(THIS_WEEK) is not None
        # That release changes steps and the version, and doesn't know what a week's card is made of.
        await uow._scope.session.execute(update(PlanRow).values(version=PlanRow.version + 1))
        assert await uow.learner("U1", "ai-architect").plans.of_week(THIS_WEEK) is None


async def test_a_week_is_its_learner_s_own(store: Store, pack: Pack) -> None:
    await save(store, "U1", lay_out(Plan(next_number=2, steps=(PlanStep(1, "mine", 4),)), THIS_WEEK))
    await save(store, "U2", lay_out(Plan(next_number=2, steps=(PlanStep(1, "theirs", 4),)), THIS_WEEK))
    async with store.unit_of_work(OURS) as uow:
        _, part = await both(uow, pack, "U1")
    assert part is not None
    assert [step.text for step in part.plan.steps] == ["mine"]
    async with store.unit_of_work(THEIRS) as uow:
        assert await uow.learner("U1", "ai-architect").plans.of_week(THIS_WEEK) is None
