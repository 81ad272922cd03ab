"""What the scheduler asks of the database, on both of them: claims by several at once, and steps that happen once."""

from __future__ import annotations

import asyncio
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from mentorbot.domain.records import Delivery, Schedule
from sqlalchemy.exc import IntegrityError

from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Weekday
from mentorbot.domain.recurrence import Recurrence
from mentorbot.storage import Enclosed, Store
from mentorbot.storage.planning import Planned, Planning

from .conftest import NOW, OURS, THEIRS

WEEK, MINUTE = timedelta(weeks=1), timedelta(minutes=1)
MONDAY = Recurrence.weekly(Weekday.MONDAY, time(9), ZoneInfo("Europe/Berlin"))


async def new_schedule(store: Store, channel: str = "C1", workspace: Workspace = OURS) -> Schedule:
    """A schedule whose time came an hour ago."""
    async with store.unit_of_work(workspace) as uow:
        place = Channel(workspace, channel, "general", direct=True)
        return await uow.schedules.start(place, MONDAY, "ai-architect", "U1", NOW - WEEK)


async def plan_all(store: Store, seen: list[int]) -> None:
    """What the planner does."""
    async with store.queue.planning() as planning:
        for schedule in await planning.due(NOW, 100):
            seen.append(schedule.id)
            await add(planning, schedule)
            await planning.advance({schedule.id: schedule.next_run_at + WEEK})


async def add(planning: Planning, schedule: Schedule) -> None:
    """One delivery of a schedule."""
    await planning.add([Planned(schedule.id, schedule.next_run_at, f"tip-{schedule.id}")], NOW)


async def new_delivery(store: Store, channel: str = "C1", workspace: Workspace = OURS) -> Delivery:
    """A pending delivery."""
    schedule = await new_schedule(store, channel, workspace)
    async with store.queue.planning() as planning:
        await add(planning, schedule)
    (number,) = [
        number
        for number in await store.queue.ready(NOW, [workspace.platform], 100)
        if (await read(store, number)).schedule_id == schedule.id
    ]
    return await read(store, number)


async def read(store: Store, number: int) -> Delivery:
    """The delivery as it stands."""
    found = await store.queue.get(number)
    assert found is not None
    return found[0]


async def test_a_schedule_comes_back_as_it_was_set(store: Store) -> None:
    made = await new_schedule(store)
    assert await store.queue.schedules() == [made]
    assert (made.channel, made.cadence, made.next_run_at) == (
        Channel(OURS, "C1", "general", direct=True),
        MONDAY,
        NOW - timedelta(hours=1),
    )


async def test_planners_at_once_claim_each_schedule_once(store: Store) -> None:
    for number in range(30):
        await new_schedule(store, f"C{number}")
    seen: list[int] = []
    await asyncio.gather(*(plan_all(store, seen) for _ in range(5)))
    await plan_all(store, seen)
    assert len(seen) == len(set(seen)) == 30
    assert len(await store.queue.ready(NOW, ["slack"], 100)) == 30


async def test_an_occurrence_is_put_down_once(store: Store) -> None:
    schedule = await new_schedule(store)
    async with store.queue.planning() as planning:
        await add(planning, schedule)
        await add(planning, schedule)
    async with store.queue.planning() as planning:
        await add(planning, schedule)
    assert len(await store.queue.ready(NOW, ["slack"], 100)) == 1


async def test_one_of_many_begins_the_attempt(store: Store) -> None:
    delivery = await new_delivery(store)
    begun = await asyncio.gather(
        *(store.queue.begin_attempt(delivery.id, 0, NOW + n * MINUTE, NOW + 60 * MINUTE) for n in range(6))
    )
    assert sorted(at is not None for at in begun) == [False] * 5 + [True]
    assert await store.queue.ready(NOW + 59 * MINUTE, ["slack"], 100) == []
    assert await store.queue.ready(NOW + 60 * MINUTE, ["slack"], 100) == [delivery.id]


async def test_the_doubt_is_as_old_as_the_first_attempt_in_doubt(store: Store) -> None:
    delivery = await new_delivery(store)
    await store.queue.begin_attempt(delivery.id, 0, NOW, NOW)
    await store.queue.postpone(delivery.id, NOW, "broken", arrived_never=False)
    await store.queue.begin_attempt(delivery.id, 1, NOW + MINUTE, NOW)
    assert (await read(store, delivery.id)).begun_at == NOW
    await store.queue.postpone(delivery.id, NOW, "refused", arrived_never=True, attempts=1)
    after = await read(store, delivery.id)
    assert (after.begun_at, after.attempts, after.last_error) == (None, 1, "refused")


async def test_what_is_settled_stays_settled(store: Store) -> None:
    delivery = await new_delivery(store)
    await store.queue.settle(delivery.id, "m1", NOW)
    sent = await read(store, delivery.id)
    await store.queue.give_up(delivery.id, "failed", "too late")
    await store.queue.postpone(delivery.id, NOW + WEEK, "too late", arrived_never=True)
    await store.queue.settle(delivery.id, "m2", NOW + WEEK)
    assert not await store.queue.begin_attempt(delivery.id, 0, NOW, NOW)
    assert await read(store, delivery.id) == sent
    assert (sent.state, sent.message_id, sent.sent_at) == ("sent", "m1", NOW)


async def test_holding_a_workspace_holds_no_other(store: Store) -> None:
    ours = [await new_delivery(store, channel) for channel in ("C1", "C2")]
    theirs = await new_delivery(store, "C1", THEIRS)
    await store.queue.hold(OURS, NOW + MINUTE)
    assert await store.queue.ready(NOW, ["slack"], 100) == [theirs.id]
    assert set(await store.queue.ready(NOW + MINUTE, ["slack"], 100)) == {theirs.id, *(one.id for one in ours)}
    await store.queue.hold(OURS, NOW)
    assert (await read(store, ours[0].id)).not_before == NOW + MINUTE


async def test_oldest_first_and_the_workspaces_by_turns(store: Store) -> None:
    ours = [(await new_delivery(store, f"C{number}")).id for number in range(3)]
    theirs = [(await new_delivery(store, f"C{number}", THEIRS)).id for number in range(2)]
    assert await store.queue.ready(NOW, ["slack"], 100) == [ours[0], theirs[0], ours[1], theirs[1], ours[2]]
    assert await store.queue.ready(NOW, ["slack"], 2) == [ours[0], theirs[0]]
    await store.queue.postpone(ours[0], NOW + MINUTE, "later", arrived_never=True)
    assert (await store.queue.ready(NOW + MINUTE, ["slack"], 100))[-1] == ours[0]


async def test_only_the_platforms_that_are_open(store: Store) -> None:
    await new_delivery(store)
    assert await store.queue.ready(NOW, ["discord"], 100) == []
    assert await store.queue.ready(NOW, [], 100) == []


async def test_what_nobody_has_seen_is_not_used(store: Store) -> None:
    delivery = await new_delivery(store)
    assert await store.queue.used(delivery.schedule_id) == [delivery.item]
    another = Enclosed(items={delivery.id: "another"})
    assert await store.queue.begin_attempt(delivery.id, 0, NOW, NOW + MINUTE, another) is not None
    assert await store.queue.used(delivery.schedule_id) == ["another"]
    await store.queue.give_up(delivery.id, "failed", "gone")
    assert await store.queue.used(delivery.schedule_id) == []


async def test_a_state_that_does_not_exist_is_refused(store: Store) -> None:
    delivery = await new_delivery(store)
    with pytest.raises(IntegrityError):
        await store.queue.give_up(delivery.id, "lost", "no such state")


async def test_pausing_and_starting_again(store: Store) -> None:
    schedule = await new_schedule(store)
    await store.queue.pause(schedule.id, "the channel is gone")
    async with store.unit_of_work(OURS) as uow:
        paused = await uow.schedules.get("C1")
        assert paused is not None
        assert (paused.state, paused.paused_reason) == ("paused", "the channel is gone")
        assert await uow.schedules.stop("C1") is not None
        assert await uow.schedules.get("C1") is None
        assert await uow.schedules.stop("C1") is None
    assert await store.queue.schedules() == []
    again = await new_schedule(store)
    assert (again.id, again.state, again.paused_reason) == (schedule.id, "active", None)
