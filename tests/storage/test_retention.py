"""Old messages are forgotten; what is still needed is not."""

from __future__ import annotations

from datetime import timedelta

from mentorbot.chat.platform import Channel, RateLimit
from mentorbot.storage import Store
from mentorbot.storage.schedules import CHECKIN, direct_to

from .conftest import NOW, OURS
from .test_queue import MINUTE, MONDAY, WEEK, add, new_delivery, read

YEAR = timedelta(days=365)


async def test_settled_messages_go_after_their_time(store: Store) -> None:
    """A channel's tips stay, since its rounds are counted from them; so does what is pending."""
    async with store.unit_of_work(OURS) as uow:
        channel = await uow.schedules.start(Channel(OURS, "C1"), MONDAY, "ai-architect", "U1", NOW - WEEK)
        person = await uow.schedules.start(direct_to(OURS, "U1"), MONDAY, "ai-architect", "U1", NOW - WEEK, CHECKIN)
        other = await uow.schedules.start(direct_to(OURS, "U2"), MONDAY, "ai-architect", "U2", NOW - WEEK, CHECKIN)
    async with store.queue.planning() as planning:
        for schedule in (channel, person, other):
            await add(planning, schedule)
    tip, checkin, pending = await store.queue.ready(NOW, ["slack"], 10)
    for number in (tip, checkin):
        await store.queue.settle(number, f"m{number}", NOW)
    assert await store.maintenance.forget_deliveries(NOW, 10) == 0
    assert await store.maintenance.forget_deliveries(NOW + YEAR, 10) == 1
    assert await store.queue.get(checkin) is None
    assert ((await read(store, tip)).state, (await read(store, pending)).state) == ("sent", "pending")


async def test_no_more_than_asked_for_at_once(store: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        made = [
            await uow.schedules.start(direct_to(OURS, f"U{n}"), MONDAY, "ai-architect", "U1", NOW - WEEK, CHECKIN)
            for n in range(5)
        ]
    async with store.queue.planning() as planning:
        for schedule in made:
            await add(planning, schedule)
    for number in await store.queue.ready(NOW, ["slack"], 10):
        await store.queue.give_up(number, "cancelled", "paused")
    assert [await store.maintenance.forget_deliveries(NOW + YEAR, 3) for _ in range(3)] == [3, 2, 0]


async def test_buckets_that_are_full_go_and_begin_anew(store: Store) -> None:
    made = [await new_delivery(store, f"C{number}") for number in range(3)]
    for number, delivery in enumerate(made):
        pace = RateLimit(f"slack/T1/C{number}", 0.001, 1)
        assert await store.queue.begin_attempt(delivery.id, 0, NOW, NOW + MINUTE, None, (pace,)) == NOW
    assert await store.maintenance.forget_buckets(NOW, 10) == 0
    assert [await store.maintenance.forget_buckets(NOW + YEAR, 2) for _ in range(3)] == [2, 1, 0]
    later = await new_delivery(store, "C9")
    assert (
        await store.queue.begin_attempt(later.id, 0, NOW, NOW + MINUTE, None, (RateLimit("slack/T1/C0", 0.001, 1),))
        == NOW
    )
