"""The scheduler's queries, on both databases: claims by several at once, and steps that happen once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from mentorbot.domain.deliveries import DeliveryState, MessageKind, Reason, ReasonCode, ScheduleState
from mentorbot.domain.people import Asked, Silence
from mentorbot.storage import Enclosed, Store

from .conftest import (
    MINUTE,
    MONDAY,
    NOW,
    OURS,
    ROLE,
    THEIRS,
    TODAY,
    WEEK,
    add_occurrence,
    channel_of,
    new_checkin_schedule,
    new_delivery,
    new_schedule,
    plan_all,
    read,
    start,
)

BROKEN = Reason(ReasonCode.SEND_ERROR, {"error": "broken"})
REFUSED = Reason(ReasonCode.SEND_ERROR, {"error": "refused"})
TOO_LATE = Reason(ReasonCode.NOT_SENT_IN_TIME)


async def test_a_schedule_is_read_as_it_was_started(store: Store) -> None:
    destination = channel_of(OURS, direct=True)
    async with store.unit_of_work(OURS) as uow:
        schedule = await start(uow, destination)
    assert await store.queue.schedules() == [schedule]
    assert (schedule.destination, schedule.recurrence, schedule.next_run_at) == (
        destination,
        MONDAY,
        NOW - timedelta(hours=1),
    )


async def test_planners_at_once_claim_each_schedule_once(store: Store) -> None:
    for number in range(30):
        await new_schedule(store, f"C{number}")
    planned: list[int] = []
    await asyncio.gather(*(plan_all(store, planned) for _ in range(5)))
    await plan_all(store, planned)
    assert len(planned) == len(set(planned)) == 30
    assert len(await store.queue.ready(NOW, ["slack"], 100)) == 30


async def test_an_occurrence_is_written_once(store: Store) -> None:
    schedule = await new_schedule(store)
    async with store.queue.planning() as planning:
        await add_occurrence(planning, schedule)
        await add_occurrence(planning, schedule)
    async with store.queue.planning() as planning:
        await add_occurrence(planning, schedule)
    assert len(await store.queue.ready(NOW, ["slack"], 100)) == 1


async def test_one_of_many_begins_the_attempt(store: Store) -> None:
    delivery = await new_delivery(store)
    slots = await asyncio.gather(
        *(store.queue.begin_attempt(delivery.id, 0, NOW + n * MINUTE, NOW + 60 * MINUTE) for n in range(6))
    )
    assert sorted(slot is not None for slot in slots) == [False] * 5 + [True]
    assert await store.queue.ready(NOW + 59 * MINUTE, ["slack"], 100) == []
    assert await store.queue.ready(NOW + 60 * MINUTE, ["slack"], 100) == [delivery.id]


async def test_doubt_is_as_old_as_the_first_attempt_in_doubt(store: Store) -> None:
    delivery = await new_delivery(store)
    await store.queue.begin_attempt(delivery.id, 0, NOW, NOW)
    await store.queue.postpone(delivery.id, NOW, BROKEN, known_not_delivered=False)
    await store.queue.begin_attempt(delivery.id, 1, NOW + MINUTE, NOW)
    assert (await read(store, delivery.id)).begun_at == NOW
    await store.queue.postpone(delivery.id, NOW, REFUSED, known_not_delivered=True, attempts=1)
    later = await read(store, delivery.id)
    assert (later.begun_at, later.attempts, later.reason) == (None, 1, REFUSED)


async def test_a_check_in_and_its_week_of_silence_are_recorded_together(store: Store) -> None:
    schedules = [await new_checkin_schedule(store, user_id) for user_id in ("U1", "U2", "U3")]
    async with store.queue.planning() as planning:
        for schedule in schedules:
            await add_occurrence(planning, schedule)
    tip = await new_delivery(store)
    checkins = [delivery for delivery in await store.queue.read(range(1, 10)) if delivery.kind is MessageKind.CHECKIN]
    asked = [Asked(delivery.destination.person_id or 0, TODAY) for delivery in checkins]
    settle = store.queue.settle
    await asyncio.gather(
        *(settle(delivery.id, "m", NOW, who) for delivery, who in zip(checkins[:2], asked, strict=False)),
        settle(tip.id, "m4", NOW, asked[2]),  # a message without a check-in asks nothing
    )
    await settle(checkins[0].id, "m", NOW, asked[0])
    async with store.unit_of_work(OURS) as uow:
        people = [await uow.people.get(user_id) for user_id in ("U1", "U2", "U3")]
    assert [person and person.silence for person in people] == [Silence(1, TODAY), Silence(1, TODAY), Silence()]


async def test_what_is_settled_stays_settled(store: Store) -> None:
    delivery = await new_delivery(store)
    await store.queue.settle(delivery.id, "m1", NOW)
    sent = await read(store, delivery.id)
    await store.queue.give_up(delivery.id, DeliveryState.FAILED, TOO_LATE)
    await store.queue.postpone(delivery.id, NOW + WEEK, TOO_LATE, known_not_delivered=True)
    await store.queue.settle(delivery.id, "m2", NOW + WEEK)
    assert not await store.queue.begin_attempt(delivery.id, 0, NOW, NOW)
    assert await read(store, delivery.id) == sent
    assert (sent.state, sent.message_id, sent.sent_at) == (DeliveryState.SENT, "m1", NOW)


async def test_holding_a_workspace_holds_no_other(store: Store) -> None:
    ours = [await new_delivery(store, channel) for channel in ("C1", "C2")]
    theirs = await new_delivery(store, "C1", THEIRS)
    await store.queue.hold(OURS, NOW + MINUTE)
    assert await store.queue.ready(NOW, ["slack"], 100) == [theirs.id]
    later = await store.queue.ready(NOW + MINUTE, ["slack"], 100)
    assert set(later) == {theirs.id, *(delivery.id for delivery in ours)}
    await store.queue.hold(OURS, NOW)
    assert (await read(store, ours[0].id)).not_before == NOW + MINUTE


async def test_the_oldest_come_first_and_workspaces_by_turns(store: Store) -> None:
    ours = [(await new_delivery(store, f"C{number}")).id for number in range(3)]
    theirs = [(await new_delivery(store, f"C{number}", THEIRS)).id for number in range(2)]
    assert await store.queue.ready(NOW, ["slack"], 100) == [ours[0], theirs[0], ours[1], theirs[1], ours[2]]
    assert await store.queue.ready(NOW, ["slack"], 2) == [ours[0], theirs[0]]
    await store.queue.postpone(ours[0], NOW + MINUTE, BROKEN, known_not_delivered=True)
    assert (await store.queue.ready(NOW + MINUTE, ["slack"], 100))[-1] == ours[0]


async def test_a_note_merged_into_another_message_is_too_late_to_take_back(store: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        for key in ("other", "note"):
            await uow.deliveries.enqueue("U1", ROLE, MessageKind.NOTE, NOW, key=key, body="Hi", author="U2")
    other, note = await store.queue.ready(NOW, ["slack"], 100)
    assert await store.queue.begin_attempt(other, 0, NOW, NOW + MINUTE, Enclosed(others=[note])) is not None
    async with store.unit_of_work(OURS) as uow:
        assert await uow.deliveries.take_back("U1", "note", "U2") is None
    await store.queue.settle(other, "M1", NOW)
    assert (await read(store, note)).state is DeliveryState.SENT


async def test_only_open_platforms_are_served(store: Store) -> None:
    await new_delivery(store)
    assert await store.queue.ready(NOW, ["discord"], 100) == []
    assert await store.queue.ready(NOW, [], 100) == []


async def test_an_item_nobody_has_seen_is_not_used(store: Store) -> None:
    delivery = await new_delivery(store)
    assert delivery.schedule is not None
    assert await store.queue.used(delivery.schedule.id) == [delivery.item]
    other_item = Enclosed(items={delivery.id: "another"})
    assert await store.queue.begin_attempt(delivery.id, 0, NOW, NOW + MINUTE, other_item) is not None
    assert await store.queue.used(delivery.schedule.id) == ["another"]
    await store.queue.give_up(delivery.id, DeliveryState.FAILED, REFUSED)
    assert await store.queue.used(delivery.schedule.id) == []


async def test_the_schema_refuses_a_state_that_does_not_exist(store: Store) -> None:
    delivery = await new_delivery(store)
    lost = text("UPDATE deliveries SET state = 'lost' WHERE id = :id")
    with pytest.raises(IntegrityError):
        async with store.queue.planning() as planning:
            await planning._session.execute(lost, {"id": delivery.id})
    assert (await read(store, delivery.id)).state is DeliveryState.PENDING


async def test_a_paused_schedule_can_be_stopped_and_started_again(store: Store) -> None:
    schedule, channel = await new_schedule(store), channel_of(OURS)
    await store.queue.pause(schedule.id, "the channel is gone")
    async with store.unit_of_work(OURS) as uow:
        paused = await uow.schedules.get(channel, MessageKind.TIP)
        assert paused is not None
        assert (paused.state, paused.paused_reason) == (ScheduleState.PAUSED, "the channel is gone")
        assert await uow.schedules.stop(channel, MessageKind.TIP) is not None
        assert await uow.schedules.get(channel, MessageKind.TIP) is None
        assert await uow.schedules.stop(channel, MessageKind.TIP) is None
        assert await uow.schedules.was_stopped(channel, MessageKind.TIP)
    assert await store.queue.schedules() == []
    again = await new_schedule(store)
    assert (again.id, again.state, again.paused_reason) == (schedule.id, ScheduleState.ACTIVE, None)
