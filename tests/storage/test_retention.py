"""Old messages are forgotten; what is still needed isn't."""

from __future__ import annotations

from datetime import timedelta

from mentorbot.chat.platform import RateLimit
from mentorbot.domain.deliveries import DeliveryState, Reason, ReasonCode
from mentorbot.storage import Store

from .conftest import (
    MINUTE,
    NOW,
    add_occurrence,
    new_checkin_schedule,
    new_delivery,
    new_schedule,
    read,
)

YEAR = timedelta(days=365)


async def test_settled_messages_are_forgotten_after_their_time(store: Store) -> None:
    """A channel's tips stay, since its rounds are counted from them; so does what is pending."""
    schedules = [
        await new_schedule(store),
        await new_checkin_schedule(store, "U1"),
        await new_checkin_schedule(store, "U2"),
    ]
    async with store.queue.planning() as planning:
        for schedule in schedules:
            await add_occurrence(planning, schedule)
    tip, checkin, pending = await store.queue.ready(NOW, ["slack"], 10)
    for number in (tip, checkin):
        await store.queue.settle(number, f"m{number}", NOW)
    assert await store.maintenance.delete_deliveries(NOW, 10) == 0
    assert await store.maintenance.delete_deliveries(NOW + YEAR, 10) == 1
    assert await store.queue.get(checkin) is None
    assert (await read(store, tip)).state is DeliveryState.SENT
    assert (await read(store, pending)).state is DeliveryState.PENDING


async def test_no_more_than_asked_for_is_forgotten_at_once(store: Store) -> None:
    schedules = [await new_checkin_schedule(store, f"U{number}") for number in range(5)]
    async with store.queue.planning() as planning:
        for schedule in schedules:
            await add_occurrence(planning, schedule)
    for number in await store.queue.ready(NOW, ["slack"], 10):
        await store.queue.give_up(number, DeliveryState.CANCELLED, Reason(ReasonCode.SCHEDULE_PAUSED))
    assert [await store.maintenance.delete_deliveries(NOW + YEAR, 3) for _ in range(3)] == [3, 2, 0]


async def test_full_buckets_are_forgotten_and_begin_again(store: Store) -> None:
    deliveries = [await new_delivery(store, f"C{number}") for number in range(3)]
    for number, delivery in enumerate(deliveries):
        limit = RateLimit(f"slack/T1/C{number}", 0.001, 1)
        assert await store.queue.begin_attempt(delivery.id, 0, NOW, NOW + MINUTE, None, (limit,)) == NOW
    assert await store.maintenance.delete_buckets(NOW, 10) == 0
    assert [await store.maintenance.delete_buckets(NOW + YEAR, 2) for _ in range(3)] == [2, 1, 0]
    later, limit = await new_delivery(store, "C9"), RateLimit("slack/T1/C0", 0.001, 1)
    assert await store.queue.begin_attempt(later.id, 0, NOW, NOW + MINUTE, None, (limit,)) == NOW
