"""Time travel in the playground: every occurrence on the way happens at its own time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import FrozenClock, Weekday
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.delivery.time_travel import rewind_to, travel_to
from mentorbot.domain.deliveries import Destination, MessageKind
from mentorbot.domain.people import MessageSettings
from mentorbot.domain.recurrence import Recurrence
from mentorbot.packs.library import Library
from mentorbot.storage import Store, UnitOfWork
from tests.fake_platform import FakePlatform

TUESDAY = datetime(2026, 11, 24, 12, tzinfo=UTC)
GENERAL = Channel(Workspace("slack", "T1"), "C1", "general")
Bot = tuple[FrozenClock, Store, FakePlatform, Scheduler]


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """A bot whose clock is frozen on a Tuesday."""
    clock = FrozenClock(TUESDAY)
    store = await Store.open(f"sqlite:///{tmp_path}/t.db", clock)
    fake = FakePlatform(clock)
    yield clock, store, fake, Scheduler(store, Library.open(None, "ai-architect"), clock, {"slack": fake})
    await store.close()


async def start_tips(uow: UnitOfWork, recurrence: Recurrence, now: datetime) -> None:
    """Start tips in #general."""
    destination = Destination(GENERAL.workspace, GENERAL)
    await uow.schedules.start(destination, MessageKind.TIP, recurrence, role="ai-architect", created_by="ada", now=now)


async def test_travelling_posts_every_tip_at_its_time_and_again_after_going_back(bot: Bot) -> None:
    clock, store, fake, scheduler = bot
    recurrence = Recurrence.weekly(Weekday.MONDAY, time(9), ZoneInfo("Europe/Berlin"))
    async with store.unit_of_work(GENERAL.workspace) as uow:
        await start_tips(uow, recurrence, clock.now())
    await travel_to(TUESDAY + timedelta(weeks=3), clock, store, scheduler)
    mondays = [datetime(2026, 11, 30, 8, tzinfo=UTC) + timedelta(weeks=week) for week in range(3)]
    assert [posted.at for posted in fake.posted] == mondays
    assert clock.now() == TUESDAY + timedelta(weeks=3)
    await travel_to(TUESDAY, clock, store, scheduler)
    assert [schedule.next_run_at for schedule in await store.queue.schedules()] == [mondays[0]]
    await rewind_to(store, TUESDAY + timedelta(weeks=1))
    assert [schedule.next_run_at for schedule in await store.queue.schedules()] == [mondays[0]]
    await travel_to(TUESDAY + timedelta(weeks=2), clock, store, scheduler)
    assert [posted.at for posted in fake.posted] == [*mondays, *mondays[:2]], (
        "tips due after going back are posted again"
    )


async def test_going_back_restarts_a_schedule_that_ended_on_the_way(bot: Bot) -> None:
    clock, store, fake, scheduler = bot
    monday = Recurrence.weekly(Weekday.MONDAY, time(9), ZoneInfo("Europe/Berlin"))
    async with store.unit_of_work(GENERAL.workspace) as uow:
        recurrence = replace(monday, ends_on=date(2026, 12, 7))
        await start_tips(uow, recurrence, clock.now())
    for _ in range(2):
        await travel_to(TUESDAY + timedelta(weeks=3), clock, store, scheduler)
        assert await store.queue.schedules() == []
        await travel_to(TUESDAY, clock, store, scheduler)
        assert [schedule.next_run_at for schedule in await store.queue.schedules()] == [
            datetime(2026, 11, 30, 8, tzinfo=UTC)
        ]
    assert len(fake.posted) == 4


async def test_ticks_during_time_travel_miss_no_occurrence(bot: Bot) -> None:
    clock, store, _, scheduler = bot
    async with store.unit_of_work(GENERAL.workspace) as uow:
        monday = Recurrence.weekly(Weekday.MONDAY, time(9), ZoneInfo("Europe/Berlin"))
        await start_tips(uow, monday, clock.now())

    async def tick_forever() -> None:
        while True:
            await scheduler.tick()

    await travel_to(TUESDAY + timedelta(weeks=2), clock, store, scheduler)
    async with asyncio.TaskGroup() as group:
        ticking = group.create_task(tick_forever())
        for _ in range(5):
            await travel_to(TUESDAY, clock, store, scheduler)
            assert [delivery.state for delivery in await store.deliveries.list((), 9)] == []
            await travel_to(TUESDAY + timedelta(weeks=2), clock, store, scheduler)
            assert {delivery.state for delivery in await store.deliveries.list((), 9)} == {"sent"}
        ticking.cancel()


async def test_deferred_messages_come_at_their_time_while_travelling(bot: Bot) -> None:
    clock, store, fake, scheduler = bot
    await _start_check_ins_with_quiet_hours(store, clock.now())
    await travel_to(TUESDAY + timedelta(weeks=2), clock, store, scheduler)
    # Check-ins are due on Fridays at 23:00, in quiet hours until 07:30. Ada doesn't answer, so a reminder follows the first.
    check_ins = [datetime(2026, 11, 28, 6, 30, tzinfo=UTC) + timedelta(weeks=week) for week in range(2)]
    reminders = [at + timedelta(days=1) for at in check_ins]
    assert [posted.at for posted in fake.posted] == sorted([*check_ins, reminders[0]])
    between = check_ins[0] + timedelta(hours=1)
    await travel_to(between, clock, store, scheduler)
    assert [delivery.state for delivery in await store.deliveries.list((), 9)] == ["pending", "sent"]
    await travel_to(TUESDAY + timedelta(weeks=2), clock, store, scheduler)
    # The silence of the future she hasn't lived through is forgotten, so the second one counts as the first.
    assert [posted.at for posted in fake.posted[3:]] == sorted(check_ins + reminders)[1:]


async def _start_check_ins_with_quiet_hours(store: Store, now: datetime) -> None:
    recurrence = Recurrence.weekly(Weekday.FRIDAY, time(23), ZoneInfo("Europe/Berlin"))
    async with store.unit_of_work(GENERAL.workspace) as uow:
        await uow.people.ensure("ada", "Ada")
        await uow.people.set_zone("ada", ZoneInfo("Europe/Berlin"))
        await uow.people.set_messages("ada", MessageSettings(quiet_from=time(22), quiet_to=time(7, 30)))
        to_ada = Destination(GENERAL.workspace, user_id="ada")
        await uow.schedules.start(
            to_ada, MessageKind.CHECKIN, recurrence, role="ai-architect", created_by="ada", now=now
        )
