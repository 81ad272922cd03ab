"""Processes with a store each that begin, enclose and hold at once: they wait for each other, and never in a circle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from mentorbot.chat.platform import RateLimit
from mentorbot.clock import FrozenClock
from mentorbot.domain.deliveries import Delivery, DeliveryState, MessageKind, Reason, ReasonCode
from mentorbot.domain.people import MessageSettings
from mentorbot.storage import Enclosed, OneOff, Store
from mentorbot.storage.database import parse_url

from .conftest import (
    MINUTE,
    NOW,
    OURS,
    ROLE,
    WEEK,
    channel_of,
    new_checkin_schedule,
    new_delivery,
    person_in,
    plan_all,
    read,
    start,
)

TEAM, CHANNEL = RateLimit("slack/T1", 1_000.0, 1_000), RateLimit("slack/T1/C1", 1_000.0, 1_000)
ROUNDS = 30
pytestmark = pytest.mark.slow  # thirty races each


@pytest.fixture
async def other(url: str, store: Store, clock: FrozenClock) -> AsyncIterator[Store]:
    """A second process on the same database; `store` has ids its tables."""
    opened = await Store.open(url, clock)
    yield opened
    await opened.close()


async def test_holds_and_attempts_in_one_workspace_at_once(store: Store, other: Store) -> None:
    ids = [(await new_delivery(store, f"C{number}")).id for number in range(6)]
    for number in range(1, ROUNDS):
        now = NOW + 2 * number * MINUTE
        attempts = [(await read(store, delivery_id)).attempts for delivery_id in ids]
        begun = [
            process.queue.begin_attempt(delivery_id, count, now, now + MINUTE, None, (TEAM, CHANNEL))
            for process in (store, other)
            for delivery_id, count in zip(ids[:: 1 if process is store else -1], attempts, strict=True)
        ]
        held = [process.queue.hold(OURS, now + MINUTE, [CHANNEL.name, TEAM.name]) for process in (store, other, store)]
        async with asyncio.timeout(20):
            await asyncio.gather(*begun, *held)
        # Begun or held back first, each is kept from everybody for that minute.
        assert {(await read(store, delivery_id)).not_before for delivery_id in ids} == {now + MINUTE}


async def test_each_delivery_is_begun_by_one_process(store: Store, other: Store) -> None:
    ids = [(await new_delivery(store, f"C{number}")).id for number in range(40)]
    begun = await asyncio.gather(
        *(store.queue.begin_attempt(delivery_id, 0, NOW, NOW + MINUTE, None, (TEAM,)) for delivery_id in ids),
        *(other.queue.begin_attempt(delivery_id, 0, NOW, NOW + MINUTE, None, (TEAM,)) for delivery_id in reversed(ids)),
    )
    assert sum(at is not None for at in begun) == len(ids)
    assert {(await read(store, delivery_id)).attempts for delivery_id in ids} == {1}


async def test_a_rate_limit_is_shared_by_both_processes(store: Store, other: Store) -> None:
    ids = [(await new_delivery(store, f"C{number}")).id for number in range(20)]
    slow = RateLimit("slack/T1", 10.0, 1)
    slots = await asyncio.gather(
        *(
            process.queue.begin_attempt(delivery_id, 0, NOW, NOW + MINUTE, None, (slow,))
            for delivery_id, process in zip(ids, 10 * (store, other), strict=True)
        )
    )
    now, later = (
        [at for at in slots if at is not None],
        [(await read(store, delivery_id)).slot_at for delivery_id in ids],
    )
    seconds = sorted((at - NOW).total_seconds() for at in (*now, *filter(None, later)))
    assert seconds == pytest.approx([number / 10 for number in range(20)], abs=1e-3)


async def test_of_two_that_enclose_each_other_one_begins(store: Store, other: Store) -> None:
    for number in range(ROUNDS):
        first, second = [(await new_delivery(store, f"C{number}-{index}")).id for index in range(2)]
        async with asyncio.timeout(20):
            begun = await asyncio.gather(
                store.queue.begin_attempt(first, 0, NOW, NOW + MINUTE, Enclosed((second,))),
                other.queue.begin_attempt(second, 0, NOW, NOW + MINUTE, Enclosed((first,))),
            )
        assert sorted(at is not None for at in begun) == [False, True]


async def test_of_two_in_one_process_that_enclose_each_other_one_begins(store: Store) -> None:
    first, second, third = [(await new_delivery(store, f"C{index}")).id for index in range(3)]
    begun = await asyncio.gather(
        store.queue.begin_attempt(first, 0, NOW, NOW + MINUTE, Enclosed((second,))),
        store.queue.begin_attempt(second, 0, NOW, NOW + MINUTE, Enclosed((first,))),
        store.queue.begin_attempt(third, 0, NOW, NOW + MINUTE, Enclosed((second,))),
    )
    assert [at is not None for at in begun] == [True, False, False]
    inside = await read(store, second)
    assert (inside.parent_delivery, inside.attempts) == (first, 0)
    await asyncio.gather(store.queue.settle(first, "m1", NOW), store.queue.settle(third, "m3", NOW))
    assert [(await read(store, delivery_id)).message_id for delivery_id in (first, second, third)] == ["m1", "m1", "m3"]


async def test_both_processes_settle_what_they_have_sent(store: Store, other: Store) -> None:
    for number in range(ROUNDS):
        first, second = [(await new_delivery(store, f"C{number}-{index}")).id for index in range(2)]
        await store.queue.begin_attempt(first, 0, NOW, NOW + MINUTE, Enclosed((second,)))
        async with asyncio.timeout(20):
            await asyncio.gather(store.queue.settle(first, "m1", NOW), other.queue.settle(second, "m2", NOW))
        assert {(await read(store, delivery_id)).state for delivery_id in (first, second)} == {"sent"}


async def test_a_schedule_is_paused_while_its_person_changes_it(store: Store, other: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        person = await person_in(uow, "U1", "Ada")
        await uow.people.set_messages("U1", MessageSettings(budget=5))
        schedule = await start(uow, person, MessageKind.CHECKIN, NOW)
    between, pausing = asyncio.Event(), asyncio.Event()

    async def change() -> None:
        async with store.unit_of_work(OURS) as uow:
            await uow.people.set_messages("U1", MessageSettings(budget=3))
            between.set()
            await asyncio.sleep(0.5)  # the other one waits for us by now
            await start(uow, person, MessageKind.CHECKIN, NOW)

    async def pause() -> None:
        await between.wait()
        await other.queue.pause(schedule.id, "cannot_dm")
        pausing.set()

    async with asyncio.timeout(20):
        await asyncio.gather(change(), pause())
    assert pausing.is_set()


@pytest.mark.parametrize("empty_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
async def test_old_messages_are_deleted_while_their_person_is_erased(url: str, store: Store, other: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        await uow.people.ensure("U1", "Ada")
        for number in range(300):
            await uow.deliveries.enqueue("U1", ROLE, MessageKind.NOTE, NOW - number * WEEK, key=f"{number}")
    ids = sorted(await store.queue.ready(NOW, ["slack"], 300))
    for number in ids:  # several states, so that the database finds them in an order of its own
        if number % 2:
            await store.queue.give_up(number, DeliveryState.CANCELLED, Reason(ReasonCode.ALREADY_SETTLED))
        else:
            await store.queue.settle(number, "m", NOW)

    async def forget() -> None:
        async with other.unit_of_work(OURS) as uow:
            await uow.privacy.erase("U1")

    engine = create_async_engine(parse_url(url))
    async with engine.connect() as third, asyncio.timeout(20):
        await third.execute(text("SELECT id FROM deliveries WHERE id = :middle FOR UPDATE"), {"middle": ids[150]})
        forgetting = asyncio.create_task(forget())
        await asyncio.sleep(0.5)  # it has the first half by now, and waits for the other one
        pruning = asyncio.create_task(store.maintenance.delete_deliveries(NOW + WEEK, 1_000))
        await asyncio.sleep(0.5)
        await third.rollback()
        await asyncio.gather(forgetting, pruning)
    await engine.dispose()
    assert await store.queue.read(ids) == []


async def test_nothing_begins_once_its_schedule_was_stopped(store: Store) -> None:
    delivery = await new_delivery(store)
    async with store.unit_of_work(OURS) as uow:
        assert await uow.schedules.stop(channel_of(OURS), MessageKind.TIP) is not None
    assert await store.queue.begin_attempt(delivery.id, 0, NOW, NOW + MINUTE) is None
    assert (await read(store, delivery.id)).attempts == 0


async def test_an_arrival_is_settled_while_the_workspace_is_held(store: Store, other: Store) -> None:
    slow = Reason(ReasonCode.SEND_ERROR, {"error": "slow"})
    for number in range(ROUNDS):
        ids = [(await new_delivery(store, f"C{number}-{index}")).id for index in range(6)]
        await store.queue.begin_attempt(ids[0], 0, NOW, NOW + MINUTE, Enclosed(ids[1:]))
        # Written once more, the first one is behind the others on the disk.
        await store.queue.postpone(ids[0], NOW + MINUTE, slow, known_not_delivered=False)
        async with asyncio.timeout(20):
            await asyncio.gather(
                *(other.queue.hold(OURS, NOW + 2 * MINUTE) for _ in range(2)), store.queue.settle(ids[0], "m", NOW)
            )
        assert {(await read(store, delivery_id)).state for delivery_id in ids} == {"sent"}


async def reminder_after(store: Store, checkin: Delivery) -> OneOff:
    """A one-off that is to be saved together with the attempt to send a check-in."""
    recipient = await store.queue.recipient(checkin, NOW, NOW + MINUTE)
    assert recipient is not None
    return OneOff(
        workspace_id=recipient.workspace_id,
        person_id=recipient.person.id,
        role=ROLE,
        kind=MessageKind.REMINDER,
        at=NOW + MINUTE,
        key="r1",
    )


async def test_a_person_is_erased_while_their_message_begins(store: Store, other: Store) -> None:
    for number in range(ROUNDS):
        user_id = f"U{number}"
        schedule = await new_checkin_schedule(store, user_id)
        await plan_all(store, [])
        (delivery,) = await store.queue.read(await store.queue.ready(NOW, ["slack"], 100))
        assert delivery.schedule is not None
        assert delivery.schedule.id == schedule.id
        reminder = await reminder_after(store, delivery)

        async def begin(delivery_id: int = delivery.id, reminder: OneOff = reminder, number: int = number) -> None:
            await asyncio.sleep(number / 1_000)
            enclosed = Enclosed(one_offs=(reminder,))
            await store.queue.begin_attempt(delivery_id, 0, NOW, NOW + MINUTE, enclosed)

        async def forget(user_id: str = user_id) -> None:
            async with other.unit_of_work(OURS) as uow:
                await uow.privacy.erase(user_id)

        async with asyncio.timeout(20):
            await asyncio.gather(begin(), forget())
        assert await store.deliveries.list((), 9) == []
