"""A request that is delivered twice is executed once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mentorbot.clock import StoppedClock
from mentorbot.storage import AlreadyAnswered, Store

from .conftest import NOW, OURS

ROLE = "ai-architect"


async def test_an_answer_is_remembered(store: Store) -> None:
    async with store.unit(OURS) as unit:
        assert await unit.requests.answered("key") is None
        await unit.requests.remember("key", '{"title": "Grüße"}')
    async with store.unit(OURS) as unit:
        assert await unit.requests.answered("key") == '{"title": "Grüße"}'
        with pytest.raises(AlreadyAnswered):
            await unit.requests.remember("key", "{}")


async def test_of_deliveries_at_the_same_time_one_wins_and_the_others_leave_nothing(store: Store) -> None:
    all_have_looked = asyncio.Barrier(4)

    async def deliver(number: int) -> int:
        async with store.unit(OURS) as unit:
            assert await unit.requests.answered("key") is None
            await all_have_looked.wait()
            await unit.people.ensure("U1", f"by delivery {number}")
            await unit.requests.remember("key", str(number))
            return number

    async with asyncio.timeout(20):
        results = await asyncio.gather(*(deliver(number) for number in range(4)), return_exceptions=True)
    (winner,) = (result for result in results if isinstance(result, int))
    assert sum(isinstance(result, AlreadyAnswered) for result in results) == 3
    async with store.unit(OURS) as unit:
        assert await unit.requests.answered("key") == str(winner)
        person = await unit.people.get("U1")
        assert person is not None
        assert person.name == f"by delivery {winner}"


async def test_what_fails_may_be_tried_again(store: Store) -> None:
    async def fail() -> None:
        async with store.unit(OURS) as unit:
            await unit.requests.remember("key", "1")
            raise RuntimeError("after the answer was written")

    with pytest.raises(RuntimeError):
        await fail()
    async with store.unit(OURS) as unit:
        assert await unit.requests.answered("key") is None
        await unit.requests.remember("key", "2")


async def test_old_answers_are_forgotten(store: Store, clock: StoppedClock) -> None:
    async with store.unit(OURS) as unit:
        await unit.requests.remember("old", "1")
    clock.jump_to(NOW + timedelta(days=1))
    async with store.unit(OURS) as unit:
        await unit.requests.remember("young", "2")
    await store.housekeeping.forget_requests(NOW + timedelta(seconds=1))
    async with store.unit(OURS) as unit:
        assert (await unit.requests.answered("old"), await unit.requests.answered("young")) == (None, "2")
