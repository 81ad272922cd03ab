"""Processes that begin, join and hold at the same time wait for each other, and never in a circle."""

from __future__ import annotations

import asyncio

from mentorbot.messenger import Pace
from mentorbot.storage import Store

from .conftest import NOW, OURS
from .test_queue import MINUTE, new_delivery, read

TEAM = Pace("slack/T1", 1_000.0, 1_000)
ROUNDS = 30


async def test_holds_and_attempts_of_one_workspace(store: Store) -> None:
    made = [(await new_delivery(store, f"C{number}")).id for number in range(6)]
    for number in range(1, ROUNDS):
        now = NOW + 2 * number * MINUTE
        attempts = [(await read(store, one)).attempts for one in made]
        begun = [
            store.queue.begin_attempt(one, seen, now, now + MINUTE, (), (TEAM,))
            for one, seen in zip(made, attempts, strict=True)
        ]
        held = [store.queue.hold(OURS, now + MINUTE, [TEAM.name]) for _ in range(3)]
        async with asyncio.timeout(20):
            await asyncio.gather(*begun, *held)


async def test_two_that_want_to_travel_with_each_other(store: Store) -> None:
    for number in range(ROUNDS):
        one, other = [(await new_delivery(store, f"C{number}-{place}")).id for place in range(2)]
        async with asyncio.timeout(20):
            begun = await asyncio.gather(
                store.queue.begin_attempt(one, 0, NOW, NOW + MINUTE, (other,)),
                store.queue.begin_attempt(other, 0, NOW, NOW + MINUTE, (one,)),
            )
        assert sorted(at is not None for at in begun) == [False, True]


async def test_nothing_is_begun_of_a_schedule_that_was_stopped_meanwhile(store: Store) -> None:
    delivery = await new_delivery(store)
    async with store.unit(OURS) as unit:
        assert await unit.schedules.stop("C1") is not None
    assert await store.queue.begin_attempt(delivery.id, 0, NOW, NOW + MINUTE) is None
    assert (await read(store, delivery.id)).attempts == 0
