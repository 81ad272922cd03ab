"""An interaction that's delivered twice is processed once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mentorbot.clock import FrozenClock
from mentorbot.storage import AlreadyProcessed, Store

from .conftest import NOW, OURS


async def test_an_answer_is_remembered(store: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        assert await uow.interactions.answered("key") is None
        await uow.interactions.remember("key", '{"title": "Grüße"}')
    async with store.unit_of_work(OURS) as uow:
        assert await uow.interactions.answered("key") == '{"title": "Grüße"}'
        with pytest.raises(AlreadyProcessed):
            await uow.interactions.remember("key", "{}")


async def test_one_of_several_at_once_wins_and_the_others_leave_nothing(store: Store) -> None:
    all_have_looked = asyncio.Barrier(4)

    async def deliver(number: int) -> int:
        async with store.unit_of_work(OURS) as uow:
            assert await uow.interactions.answered("key") is None
            await all_have_looked.wait()
            await uow.people.ensure("U1", f"by delivery {number}")
            await uow.interactions.remember("key", str(number))
            return number

    async with asyncio.timeout(20):
        results = await asyncio.gather(*(deliver(number) for number in range(4)), return_exceptions=True)
    (winner,) = (result for result in results if isinstance(result, int))
    assert sum(isinstance(result, AlreadyProcessed) for result in results) == 3
    async with store.unit_of_work(OURS) as uow:
        assert await uow.interactions.answered("key") == str(winner)
        person = await uow.people.get("U1")
        assert person is not None
        assert person.name == f"by delivery {winner}"


async def test_a_failed_interaction_may_be_repeated(store: Store) -> None:
    async def fail() -> None:
        async with store.unit_of_work(OURS) as uow:
            await uow.interactions.remember("key", "1")
            raise RuntimeError("after the answer was written")

    with pytest.raises(RuntimeError):
        await fail()
    async with store.unit_of_work(OURS) as uow:
        assert await uow.interactions.answered("key") is None
        await uow.interactions.remember("key", "2")


async def test_old_answers_are_forgotten(store: Store, clock: FrozenClock) -> None:
    async with store.unit_of_work(OURS) as uow:
        await uow.interactions.remember("old", "1")
    clock.travel_to(NOW + timedelta(days=1))
    async with store.unit_of_work(OURS) as uow:
        await uow.interactions.remember("young", "2")
    await store.maintenance.delete_interactions(NOW + timedelta(seconds=1))
    async with store.unit_of_work(OURS) as uow:
        assert (await uow.interactions.answered("old"), await uow.interactions.answered("young")) == (None, "2")
