"""Whom a message goes to: what is found of many people at once, and nothing of anybody else."""

from __future__ import annotations

import asyncio
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from mentorbot.domain.records import MessageSettings

from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Weekday
from mentorbot.domain.recurrence import Recurrence
from mentorbot.domain.work_calendar import EVERY_DAY, WorkCalendar
from mentorbot.storage import Recipient, Store
from mentorbot.storage.deliveries import ScheduledDelivery
from mentorbot.storage.planning import Planned
from mentorbot.storage.schedules import CHECKIN, OWN_TIP, TIP, direct_to

from .conftest import NOW, OURS, THEIRS

ROLE = "ai-architect"
MINUTE, DAY, WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(weeks=1)
SOON = NOW + 15 * MINUTE
MONDAY = Recurrence.weekly(Weekday.MONDAY, time(9), ZoneInfo("UTC"))
BUDGET = MessageSettings(time(22), time(7), 3, reminders=False)


async def due(store: Store, person: str, workspace: Workspace = OURS) -> ScheduledDelivery:
    """A check-in that is due now for somebody with a budget."""
    async with store.unit_of_work(workspace) as uow:
        await uow.people.ensure(person, f"{person} of {workspace.id}")
        await uow.people.set_messages(person, BUDGET)
        place = direct_to(workspace, person)
        schedule = await uow.schedules.start(place, MONDAY, ROLE, person, NOW - WEEK, CHECKIN)
    async with store.queue.planning() as planning:
        await planning.add([Planned(schedule.id, NOW, "")], NOW)
        await planning.advance({schedule.id: NOW + WEEK})
    return next(one for one in await store.deliveries.list(("pending",), 9) if one[1].id == schedule.id)


async def notice(store: Store, person: str, number: int, minutes: int, workspace: Workspace = OURS) -> int:
    """A single message for somebody, so many minutes from now; its id."""
    async with store.unit_of_work(workspace) as uow:
        await uow.notices.add(person, ROLE, f"pair:{number}", NOW + minutes * MINUTE, key=f"k{number}")
    return next(one.id for one, _ in await store.deliveries.list((), 9) if one.item == f"pair:{number}")


async def look(store: Store, receipt: ScheduledDelivery) -> Recipient:
    """Who a delivery is for."""
    found = await store.queue.addressee(*receipt, NOW, SOON)
    assert found is not None
    return found


async def test_a_person_with_all_that_is_due_for_them(store: Store) -> None:
    receipt = await due(store, "U1")
    now, later = await notice(store, "U1", 1, -1), await notice(store, "U1", 2, 10)
    await notice(store, "U1", 3, 16)
    found = await look(store, receipt)
    assert (found.person.name, found.settings) == ("U1 of T1", BUDGET)
    assert [one.id for one, _ in found.others] == [now]
    assert found.coming(SOON, EVERY_DAY) == [NOW + 10 * MINUTE]
    assert found.number_since(NOW - WEEK) == 0
    assert later not in [one.id for one, _ in found.others]


async def test_what_repeats_soon_counts_with_its_turn(store: Store) -> None:
    receipt = await due(store, "U1")
    async with store.unit_of_work(OURS) as uow:
        tip = await uow.schedules.start(direct_to(OURS, "U1"), MONDAY, ROLE, "U1", NOW, OWN_TIP)
    async with store.queue.planning() as planning:
        await planning.advance({tip.id: NOW + 5 * MINUTE, receipt[1].id: NOW + 6 * MINUTE})
    found = await look(store, receipt)
    assert sorted(found.coming(SOON, EVERY_DAY)) == [NOW + 5 * MINUTE, NOW + 6 * MINUTE]
    spread = found.coming(SOON, WorkCalendar(spread_minutes=60))
    assert NOW + 5 * MINUTE in spread  # only check-ins are spread
    assert all(at <= SOON for at in spread)


async def test_messages_that_were_had_are_counted(store: Store) -> None:
    receipt = await due(store, "U1")
    for number, ago in enumerate((1, 3, 9)):
        sent = await notice(store, "U1", number, -1)
        at = NOW - ago * DAY
        assert await store.queue.begin_attempt(sent, 0, NOW, NOW + MINUTE) is not None
        await store.queue.settle(sent, f"m{number}", at)
    found = await look(store, receipt)
    assert found.number_since(NOW - 2 * DAY) == 1
    assert found.number_since(NOW - WEEK) == 2


async def test_one_in_doubt_may_have_arrived(store: Store) -> None:
    receipt = await due(store, "U1")
    other = await notice(store, "U1", 1, -1)
    assert await store.queue.begin_attempt(other, 0, NOW, NOW + 30 * MINUTE) is not None
    found = await look(store, receipt)
    assert (found.others, found.number_since(NOW)) == ((), 1)
    assert await store.queue.begin_attempt(receipt[0].id, 0, NOW, NOW + MINUTE) is not None
    assert (await look(store, receipt)).number_since(NOW) == 1  # its own does not count


@pytest.mark.parametrize("other", [THEIRS, Workspace("discord", OURS.id)], ids=str)
async def test_the_same_person_elsewhere_is_somebody_else(store: Store, other: Workspace) -> None:
    ours = await due(store, "U1")
    theirs = await due(store, "U1", other)
    sent = await notice(store, "U1", 1, -1, other)
    assert await store.queue.begin_attempt(sent, 0, NOW, NOW + MINUTE) is not None
    await notice(store, "U1", 2, -1, other)
    await notice(store, "U1", 3, 5, other)
    found, far = await asyncio.gather(look(store, ours), look(store, theirs))
    assert (found.others, found.had, found.planned, found.ahead) == ((), (), (), ())
    assert (found.person.name, far.person.name) == ("U1 of T1", f"U1 of {other.id}")
    assert (len(far.others), len(far.had), len(far.planned)) == (1, 1, 1)


async def test_somebody_who_is_gone(store: Store) -> None:
    (delivery, schedule), kept = await due(store, "U1"), await due(store, "U2")
    async with store.unit_of_work(OURS) as uow:
        await uow.privacy.forget("U1")
    gone = store.queue.addressee(delivery, schedule, NOW, SOON)
    there = store.queue.addressee(*kept, NOW, SOON)
    nobody, somebody = await asyncio.gather(gone, there)
    assert nobody is None
    assert somebody is not None
    assert somebody.person.platform_user_id == "U2"


async def test_what_goes_to_a_person_is_of_a_kind_that_is_looked_for(store: Store) -> None:
    async with store.unit_of_work(OURS) as uow:
        with pytest.raises(ValueError, match="not sent to a person"):
            await uow.schedules.start(direct_to(OURS, "U1"), MONDAY, ROLE, "U1", NOW, TIP)
        channel = await uow.schedules.start(Channel(OURS, "C1", "general"), MONDAY, ROLE, "U1", NOW, TIP)
    assert channel.kind == TIP
