"""People, their plans, and what is saved when something goes wrong."""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError

from mentorbot.domain import plan_edits
from mentorbot.domain.learner import SavedPlan
from mentorbot.domain.plan import WEEK, Plan, PlanStep, StepState, WeekAllocation, monday
from mentorbot.errors import DatabaseProblem, NotFound
from mentorbot.services.plans import take_back_last_change
from mentorbot.storage import StalePlan, Store

from .conftest import OURS, ROLE, TODAY, active_texts, add_step, mark_step


async def test_a_person_is_made_once_and_renamed(store: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        assert await uow.people.get("U1") is None
        first = await uow.people.ensure("U1", "Ada")
    async with store.unit_of_work(OURS) as uow:
        second = await uow.people.ensure("U1", "Ada L.")
        assert await uow.people.get("U1") == second
    assert (second.id, second.name, second.zone) == (first.id, "Ada L.", None)


async def test_a_zone_is_saved(store: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        await uow.people.ensure("U1", "Ada")
        await uow.people.set_zone("U1", ZoneInfo("Asia/Kathmandu"))
        in_same_unit = await uow.people.get("U1")
    async with store.unit_of_work(OURS) as uow:
        later = await uow.people.get("U1")
    assert later is not None
    assert later.zone == ZoneInfo("Asia/Kathmandu")
    assert in_same_unit == later


async def test_a_name_no_database_takes_is_mended(store: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        person = await uow.people.ensure("U1", "A\0da \ud800\u202e" + "x" * 500)
    assert person.name.startswith("Ada xxx")
    assert len(person.name) == 200


async def test_step_numbers_are_per_learner_and_never_reused(store: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        for text in ("one", "two"):
            await add_step(uow, "U1", ROLE, text)
        await add_step(uow, "U2", ROLE, "of another person")
        await mark_step(uow, "U1", ROLE, 2, StepState.DONE)
        assert (await add_step(uow, "U1", ROLE, "three")).number == 3
    async with store.unit_of_work(OURS) as uow:
        plan = (await uow.learner("U1", ROLE).plans.get()).plan
        assert [(step.number, step.state) for step in plan.steps] == [(1, "open"), (2, "done"), (3, "open")]
        assert await active_texts(uow, "U2", ROLE) == ["of another person"]
        assert await active_texts(uow, "U1", "another-role") == []


async def test_a_plan_is_read_as_it_was_saved(store: Store) -> None:
    week = monday(TODAY)
    step = PlanStep(
        number=1,
        text="text",
        hours=12,
        state=StepState.BLOCKED,
        origin="milestone:x",
        reason="reason",
        done_when="proof",
        evidence="evidence",
        blocker="blocker",
        due=TODAY,
        start=week,
        requires=(2, 3),
        logged=(WeekAllocation(week, 2),),
        allocations=(WeekAllocation(week + WEEK, 3), WeekAllocation(week + 2 * WEEK, 7)),
        status_since=TODAY,
    )
    off, hours = frozenset({week + WEEK}), (WeekAllocation(week, 4),)
    plan = Plan("ai-architect", 7, TODAY, frozenset({week}), off, hours, week, 2, (step,))
    async with store.unit_of_work(OURS) as uow:
        saved = await uow.learner("U1", ROLE).plans.save(SavedPlan(Plan(), 0), plan, "new")
    async with store.unit_of_work(OURS) as uow:
        assert await uow.learner("U1", ROLE).plans.get() == saved == SavedPlan(plan, 1)


async def test_saving_needs_the_newest_plan(store: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        await add_step(uow, "U1", ROLE, "one")
        old = await uow.learner("U1", ROLE).plans.get()
        await add_step(uow, "U1", ROLE, "two")

    async def save_over_the_old_one() -> None:
        async with store.unit_of_work(OURS) as uow:
            await uow.learner("U1", ROLE).plans.save(old, plan_edits.set_hours_per_week(old.plan, 9, TODAY), "pace")

    with pytest.raises(StalePlan):
        await save_over_the_old_one()
    async with store.unit_of_work(OURS) as uow:
        assert await active_texts(uow, "U1", ROLE) == ["one", "two"]
        assert (await uow.learner("U1", ROLE).plans.get()).plan.hours_per_week == 4


async def test_changes_are_undone_one_after_the_other(store: Store) -> None:
    plans = []
    async with store.unit_of_work(OURS) as uow:
        for text in ("one", "two"):
            await add_step(uow, "U1", ROLE, text, f"tip:{text}")
            plans.append((await uow.learner("U1", ROLE).plans.get()).plan)
        await mark_step(uow, "U1", ROLE, 1, StepState.DONE)
    for before, what in zip(reversed(plans), ("done 1", "add two"), strict=True):
        async with store.unit_of_work(OURS) as uow:
            undone = await take_back_last_change(uow.learner("U1", ROLE))
            assert undone is not None
            assert undone[1] == what
            now = (await uow.learner("U1", ROLE).plans.get()).plan
            assert undone[0].plan == now
            assert now.steps == before.steps
            assert now.next_number == 3  # a number is never given twice
    async with store.unit_of_work(OURS) as uow:
        assert await take_back_last_change(uow.learner("U1", ROLE)) is not None
        assert await take_back_last_change(uow.learner("U1", ROLE)) is None
        assert await active_texts(uow, "U1", ROLE) == []


async def test_an_error_rolls_back_the_whole_unit_of_work(store: Store) -> None:
    async def fail_halfway() -> None:
        async with store.unit_of_work(OURS) as uow:
            await uow.people.ensure("U1", "Ada")
            await add_step(uow, "U1", ROLE, "one")
            await mark_step(uow, "U1", ROLE, 7, StepState.DONE)

    with pytest.raises(NotFound):
        await fail_halfway()
    async with store.unit_of_work(OURS) as uow:
        assert await uow.people.get("U1") is None
        assert await active_texts(uow, "U1", ROLE) == []


@pytest.mark.parametrize("text", ["", "x" * 1001])
async def test_the_schema_refuses_a_text_of_the_wrong_length(store: Store, text: str) -> None:
    async def add_one() -> None:
        async with store.unit_of_work(OURS) as uow:
            await add_step(uow, "U1", ROLE, text)

    with pytest.raises((IntegrityError, DatabaseProblem), match=r"constraint|too long"):
        await add_one()
    async with store.unit_of_work(OURS) as uow:
        assert await active_texts(uow, "U1", ROLE) == []


async def test_many_tasks_at_once_lose_nothing(store: Store) -> None:
    """Each tries again when another was first, as the commands do."""

    async def add_one(number: int) -> None:
        while True:
            try:
                async with store.unit_of_work(OURS) as uow:
                    await uow.people.ensure(f"U{number % 3}", "somebody")
                    await add_step(uow, f"U{number % 3}", ROLE, f"step {number}")
                    return
            except StalePlan:
                await asyncio.sleep(0)

    await asyncio.gather(*(add_one(number) for number in range(30)))
    async with store.unit_of_work(OURS) as uow:
        plans = [(await uow.learner(f"U{person}", ROLE).plans.get()).plan.steps for person in range(3)]
    assert [[step.number for step in plan] for plan in plans] == [list(range(1, 11))] * 3
    assert sorted(step.text for plan in plans for step in plan) == sorted(f"step {number}" for number in range(30))


async def test_a_unit_of_work_that_only_reads_blocks_no_writer(store: Store) -> None:
    async with store.unit_of_work(OURS) as reader:
        assert await reader.people.get("U1") is None
        async with asyncio.timeout(5), store.unit_of_work(OURS) as writer:
            await writer.people.ensure("U1", "Ada")
        assert await reader.people.get("U1") is not None


async def test_a_cancelled_writer_leaves_no_lock(store: Store) -> None:
    begun = asyncio.Event()

    async def write_and_hang() -> None:
        async with store.unit_of_work(OURS) as uow:
            await uow.people.ensure("U1", "Ada")
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_and_hang())
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5), store.unit_of_work(OURS) as uow:
        assert await uow.people.get("U1") is None
        await uow.people.ensure("U2", "Ben")
