"""The person a message goes to: what is read of many people at once, and nothing of anyone else."""

from __future__ import annotations

import asyncio
from datetime import time, timedelta

import pytest

from mentorbot.chat.platform import Workspace
from mentorbot.domain.deliveries import Delivery, DeliveryState, MessageKind
from mentorbot.domain.people import MessageSettings
from mentorbot.domain.work_calendar import EVERY_DAY, WorkCalendar
from mentorbot.storage import Recipient, Store
from mentorbot.storage.delivery_planning import PlannedOccurrence

from .conftest import MINUTE, NOW, OURS, ROLE, THEIRS, WEEK, channel_of, person_in, start

DAY = timedelta(days=1)
SOON = NOW + 15 * MINUTE
BUDGET = MessageSettings(time(22), time(7), 3, reminders=False)


async def due_checkin(store: Store, user_id: str, workspace: Workspace = OURS) -> Delivery:
    """A check-in that is due now for a person with a budget."""
    async with store.unit_of_work(workspace) as uow:
        person = await person_in(uow, user_id, f"{user_id} of {workspace.id}")
        await uow.people.set_messages(user_id, BUDGET)
        schedule = await start(uow, person, MessageKind.CHECKIN)
    async with store.queue.planning() as planning:
        await planning.add([PlannedOccurrence(schedule.id, NOW)], NOW)
        await planning.advance({schedule.id: NOW + WEEK})
    pending = await store.deliveries.list((DeliveryState.PENDING,), 9)
    return next(delivery for delivery in pending if delivery.schedule and delivery.schedule.id == schedule.id)


async def one_off(store: Store, user_id: str, number: int, minutes: int, workspace: Workspace = OURS) -> int:
    """A one-off message to a person, so many minutes from now; its id."""
    async with store.unit_of_work(workspace) as uow:
        at, key, item = NOW + minutes * MINUTE, f"k{number}", str(number)
        assert await uow.deliveries.enqueue(user_id, ROLE, MessageKind.MENTOR_REQUEST, at, key=key, item=item)
    return next(delivery.id for delivery in await store.deliveries.list((), 9) if delivery.item == str(number))


async def recipient_of(store: Store, delivery: Delivery) -> Recipient:
    """The person a delivery is for."""
    recipient = await store.queue.recipient(delivery, NOW, SOON)
    assert recipient is not None
    return recipient


def ids(recipient: Recipient) -> list[int]:
    """List what else is due for a person."""
    return [delivery.id for delivery in recipient.others]


async def test_a_person_is_read_with_everything_due_for_them(store: Store) -> None:
    checkin = await due_checkin(store, "U1")
    now, later = await one_off(store, "U1", 1, -1), await one_off(store, "U1", 2, 10)
    await one_off(store, "U1", 3, 16)
    recipient = await recipient_of(store, checkin)
    assert (recipient.person.name, recipient.settings) == ("U1 of T1", BUDGET)
    assert ids(recipient) == [now]
    assert recipient.others_due(SOON, EVERY_DAY) == [NOW + 10 * MINUTE]
    assert recipient.count_since(NOW - WEEK) == 0
    assert later not in ids(recipient)


async def test_schedules_that_run_soon_count_with_their_jitter(store: Store) -> None:
    checkin = await due_checkin(store, "U1")
    assert checkin.schedule is not None
    async with store.unit_of_work(OURS) as uow:
        tip = await start(uow, await person_in(uow, "U1"), MessageKind.PERSONAL_TIP, NOW)
    async with store.queue.planning() as planning:
        await planning.advance({tip.id: NOW + 5 * MINUTE, checkin.schedule.id: NOW + 6 * MINUTE})
    recipient = await recipient_of(store, checkin)
    assert sorted(recipient.others_due(SOON, EVERY_DAY)) == [NOW + 5 * MINUTE, NOW + 6 * MINUTE]
    spread = recipient.others_due(SOON, WorkCalendar(spread_minutes=60))
    assert NOW + 5 * MINUTE in spread  # only check-ins are spread
    assert all(at <= SOON for at in spread)


async def test_sent_messages_are_counted(store: Store) -> None:
    checkin = await due_checkin(store, "U1")
    for number, days in enumerate((1, 3, 9)):
        sent = await one_off(store, "U1", number, -1)
        assert await store.queue.begin_attempt(sent, 0, NOW, NOW + MINUTE) is not None
        await store.queue.settle(sent, f"m{number}", NOW - days * DAY)
    recipient = await recipient_of(store, checkin)
    assert recipient.count_since(NOW - 2 * DAY) == 1
    assert recipient.count_since(NOW - WEEK) == 2


async def test_a_message_in_doubt_counts_as_sent(store: Store) -> None:
    checkin = await due_checkin(store, "U1")
    other = await one_off(store, "U1", 1, -1)
    assert await store.queue.begin_attempt(other, 0, NOW, NOW + 30 * MINUTE) is not None
    recipient = await recipient_of(store, checkin)
    assert (recipient.others, recipient.count_since(NOW)) == ((), 1)
    assert await store.queue.begin_attempt(checkin.id, 0, NOW, NOW + MINUTE) is not None
    assert (await recipient_of(store, checkin)).count_since(NOW) == 1  # its own doesn't count


@pytest.mark.parametrize("other", [THEIRS, Workspace("discord", OURS.id)], ids=str)
async def test_the_same_user_id_elsewhere_is_someone_else(store: Store, other: Workspace) -> None:
    our_checkin = await due_checkin(store, "U1")
    their_checkin = await due_checkin(store, "U1", other)
    sent = await one_off(store, "U1", 1, -1, other)
    assert await store.queue.begin_attempt(sent, 0, NOW, NOW + MINUTE) is not None
    await one_off(store, "U1", 2, -1, other)
    await one_off(store, "U1", 3, 5, other)
    ours, theirs = await asyncio.gather(recipient_of(store, our_checkin), recipient_of(store, their_checkin))
    assert (ours.others, ours.sent, ours.planned, ours.upcoming) == ((), (), (), ())
    assert (ours.person.name, theirs.person.name) == ("U1 of T1", f"U1 of {other.id}")
    assert (len(theirs.others), len(theirs.sent), len(theirs.planned)) == (1, 1, 1)


async def test_a_person_who_is_gone_is_no_recipient(store: Store) -> None:
    theirs, ours = await due_checkin(store, "U1"), await due_checkin(store, "U2")
    async with store.unit_of_work(OURS) as uow:
        await uow.privacy.erase("U1")
    nobody, someone = await asyncio.gather(
        store.queue.recipient(theirs, NOW, SOON), store.queue.recipient(ours, NOW, SOON)
    )
    assert nobody is None
    assert someone is not None
    assert someone.person.platform_user_id == "U2"


async def test_people_get_personal_kinds_and_channels_the_others(store: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        person = await person_in(uow, "U1")
        with pytest.raises(ValueError, match="doesn't go there"):
            await start(uow, person, MessageKind.TIP)
        with pytest.raises(ValueError, match="doesn't go there"):
            await start(uow, channel_of(OURS), MessageKind.CHECKIN)
        schedule = await start(uow, channel_of(OURS), MessageKind.TIP)
    assert schedule.kind is MessageKind.TIP
