"""People, their plans, and what is kept when something goes wrong."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError

from mentorbot.clock import StoppedClock
from mentorbot.errors import DatabaseProblem, NotFound
from mentorbot.storage import Store

from .conftest import NOW, OURS

ROLE = "ai-architect"


async def test_a_person_is_made_once_and_renamed(store: Store) -> None:
    async with store.unit(OURS) as unit:
        assert await unit.people.get("U1") is None
        first = await unit.people.ensure("U1", "Ada")
    async with store.unit(OURS) as unit:
        second = await unit.people.ensure("U1", "Ada L.")
        assert await unit.people.get("U1") == second
    assert (second.id, second.name, second.zone) == (first.id, "Ada L.", None)


async def test_a_zone_is_kept(store: Store) -> None:
    async with store.unit(OURS) as unit:
        await unit.people.ensure("U1", "Ada")
        await unit.people.set_zone("U1", ZoneInfo("Asia/Kathmandu"))
        in_same_unit = await unit.people.get("U1")
    async with store.unit(OURS) as unit:
        later = await unit.people.get("U1")
    assert later is not None
    assert later.zone == ZoneInfo("Asia/Kathmandu")
    assert in_same_unit == later


async def test_names_that_no_database_takes_are_mended(store: Store) -> None:
    async with store.unit(OURS) as unit:
        person = await unit.people.ensure("U1", "A\0da \ud800" + "x" * 500)
    assert person.name.startswith("Ada ?xxx")
    assert len(person.name) == 200


async def test_steps_are_numbered_for_each_learner_and_never_again(store: Store) -> None:
    async with store.unit(OURS) as unit:
        for text in ("one", "two"):
            await unit.plans.add("U1", ROLE, text)
        await unit.plans.add("U2", ROLE, "of another person")
        await unit.plans.settle("U1", ROLE, 2, "dropped")
        step, created = await unit.plans.add("U1", ROLE, "three", due=date(2026, 12, 1))
    assert (step.number, created, step.due, step.created_at) == (3, True, date(2026, 12, 1), NOW)
    async with store.unit(OURS) as unit:
        assert [(s.number, s.state) for s in await unit.plans.steps("U1", ROLE)] == [
            (1, "open"),
            (2, "dropped"),
            (3, "open"),
        ]
        assert [s.text for s in await unit.plans.steps("U1", ROLE, state="open")] == ["one", "three"]
        assert [s.number for s in await unit.plans.steps("U2", ROLE)] == [1]
        assert await unit.plans.steps("U1", "another-role") == []


async def test_an_open_step_from_the_same_origin_is_not_doubled(store: Store) -> None:
    async with store.unit(OURS) as unit:
        first, created = await unit.plans.add("U1", ROLE, "a tip", origin="tip:x")
        again, created_again = await unit.plans.add("U1", ROLE, "a tip", origin="tip:x")
        await unit.plans.settle("U1", ROLE, first.number, "done")
        after, created_after = await unit.plans.add("U1", ROLE, "a tip", origin="tip:x")
    assert (created, created_again, created_after) == (True, False, True)
    assert again == first
    assert after.number == 2


async def test_settling_again_changes_nothing(store: Store, clock: StoppedClock) -> None:
    async with store.unit(OURS) as unit:
        await unit.plans.add("U1", ROLE, "one")
        done = await unit.plans.settle("U1", ROLE, 1, "done")
    clock.jump_to(NOW + timedelta(days=1))
    async with store.unit(OURS) as unit:
        assert await unit.plans.settle("U1", ROLE, 1, "dropped") == done
    assert (done.state, done.settled_at) == ("done", NOW)


async def test_a_step_that_is_not_there_is_not_found(store: Store) -> None:
    async with store.unit(OURS) as unit:
        with pytest.raises(NotFound):
            await unit.plans.settle("U1", ROLE, 1, "done")


async def test_an_error_undoes_the_whole_unit(store: Store) -> None:
    async def fail_halfway() -> None:
        async with store.unit(OURS) as unit:
            await unit.people.ensure("U1", "Ada")
            await unit.plans.add("U1", ROLE, "one")
            await unit.plans.settle("U1", ROLE, 7, "done")

    with pytest.raises(NotFound):
        await fail_halfway()
    async with store.unit(OURS) as unit:
        assert await unit.people.get("U1") is None
        assert await unit.plans.steps("U1", ROLE) == []


@pytest.mark.parametrize("text", ["", "x" * 1001])
async def test_the_schema_refuses_a_text_of_the_wrong_length(store: Store, text: str) -> None:
    async def add() -> None:
        async with store.unit(OURS) as unit:
            await unit.plans.add("U1", ROLE, text)

    with pytest.raises((IntegrityError, DatabaseProblem), match=r"constraint|too long"):
        await add()
    async with store.unit(OURS) as unit:
        assert await unit.plans.steps("U1", ROLE) == []


async def test_many_tasks_at_once_lose_nothing(store: Store) -> None:
    async def add(number: int) -> None:
        async with store.unit(OURS) as unit:
            await unit.people.ensure(f"U{number % 3}", "somebody")
            await unit.plans.add(f"U{number % 3}", ROLE, f"step {number}")

    await asyncio.gather(*(add(number) for number in range(60)))
    async with store.unit(OURS) as unit:
        plans = [await unit.plans.steps(f"U{person}", ROLE) for person in range(3)]
    assert [[step.number for step in plan] for plan in plans] == [list(range(1, 21))] * 3
    assert sorted(step.text for plan in plans for step in plan) == sorted(f"step {number}" for number in range(60))


async def test_a_unit_that_has_only_read_holds_up_no_writer(store: Store) -> None:
    async with store.unit(OURS) as reader:
        assert await reader.people.get("U1") is None
        async with asyncio.timeout(5), store.unit(OURS) as writer:
            await writer.people.ensure("U1", "Ada")
        assert await reader.people.get("U1") is not None


async def test_a_cancelled_writer_leaves_no_lock(store: Store) -> None:
    begun = asyncio.Event()

    async def write_and_hang() -> None:
        async with store.unit(OURS) as unit:
            await unit.people.ensure("U1", "Ada")
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_and_hang())
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5), store.unit(OURS) as unit:
        assert await unit.people.get("U1") is None
        await unit.people.ensure("U2", "Ben")
