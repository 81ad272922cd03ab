"""The playground's clock: every occurrence on the way happens at its own time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mentorbot.cadence import Cadence, Weekday
from mentorbot.clock import StoppedClock
from mentorbot.messenger import Channel, Workspace
from mentorbot.packs.library import Library
from mentorbot.schedule.ticker import Ticker
from mentorbot.schedule.travel import rewind, travel
from mentorbot.storage import MessageSettings, Store
from tests.fake_messenger import FakeMessenger

TUESDAY = datetime(2026, 11, 24, 12, tzinfo=UTC)
HERE = Channel(Workspace("slack", "T1"), "C1", "general")
Bot = tuple[StoppedClock, Store, FakeMessenger, Ticker]


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """A bot whose clock stands on a Tuesday."""
    clock = StoppedClock(TUESDAY)
    store = await Store.open(f"sqlite:///{tmp_path}/t.db", clock)
    fake = FakeMessenger(clock)
    yield clock, store, fake, Ticker(store, Library.open(None, "ai-architect"), clock, {"slack": fake})
    await store.close()


async def test_a_jump_shows_what_the_weeks_would_have_shown(bot: Bot) -> None:
    clock, store, fake, ticker = bot
    cadence = Cadence.weekly(Weekday.MONDAY, time(9), ZoneInfo("Europe/Berlin"))
    async with store.unit(HERE.workspace) as unit:
        await unit.schedules.start(HERE, cadence, "ai-architect", "ada", clock.now())
    await travel(TUESDAY + timedelta(weeks=3), clock, store, ticker)
    mondays = [datetime(2026, 11, 30, 8, tzinfo=UTC) + timedelta(weeks=week) for week in range(3)]
    assert [posted.at for posted in fake.posted] == mondays
    assert clock.now() == TUESDAY + timedelta(weeks=3)
    await travel(TUESDAY, clock, store, ticker)
    assert [schedule.next_run_at for schedule in await store.queue.schedules()] == [mondays[0]]
    await rewind(store, TUESDAY + timedelta(weeks=1))
    assert [schedule.next_run_at for schedule in await store.queue.schedules()] == [mondays[0]]
    await travel(TUESDAY + timedelta(weeks=2), clock, store, ticker)
    assert [posted.at for posted in fake.posted] == [*mondays, *mondays[:2]], "what is promised after going back comes"


async def test_going_back_brings_back_what_has_ended_on_the_way(bot: Bot) -> None:
    clock, store, fake, ticker = bot
    monday = Cadence.weekly(Weekday.MONDAY, time(9), ZoneInfo("Europe/Berlin"))
    async with store.unit(HERE.workspace) as unit:
        ends = replace(monday, ends_on=date(2026, 12, 7))
        await unit.schedules.start(HERE, ends, "ai-architect", "ada", clock.now())
    for _ in range(2):
        await travel(TUESDAY + timedelta(weeks=3), clock, store, ticker)
        assert await store.queue.schedules() == []
        await travel(TUESDAY, clock, store, ticker)
        assert [one.next_run_at for one in await store.queue.schedules()] == [datetime(2026, 11, 30, 8, tzinfo=UTC)]
    assert len(fake.posted) == 4


async def test_the_bots_own_tick_beside_a_journey_back_misses_nothing(bot: Bot) -> None:
    clock, store, _, ticker = bot
    async with store.unit(HERE.workspace) as unit:
        monday = Cadence.weekly(Weekday.MONDAY, time(9), ZoneInfo("Europe/Berlin"))
        await unit.schedules.start(HERE, monday, "ai-architect", "ada", clock.now())

    async def tick_on() -> None:
        while True:
            await ticker.tick()

    await travel(TUESDAY + timedelta(weeks=2), clock, store, ticker)
    async with asyncio.TaskGroup() as group:
        beside = group.create_task(tick_on())
        for _ in range(5):
            await travel(TUESDAY, clock, store, ticker)
            assert [one.state for one, _ in await store.receipts.list((), 9)] == []
            await travel(TUESDAY + timedelta(weeks=2), clock, store, ticker)
            assert {one.state for one, _ in await store.receipts.list((), 9)} == {"sent"}
        beside.cancel()


async def test_what_was_put_off_comes_at_its_own_time_on_the_way(bot: Bot) -> None:
    clock, store, fake, ticker = bot
    await _quiet_learner(store, clock.now())
    await travel(TUESDAY + timedelta(weeks=2), clock, store, ticker)
    # Due on Fridays at 23:00, in quiet hours until 07:30. Nobody answers, so that a reminder follows a day after the check-in.
    check_ins = [datetime(2026, 11, 28, 6, 30, tzinfo=UTC) + timedelta(weeks=week) for week in range(2)]
    reminders = [at + timedelta(days=1) for at in check_ins]
    assert [posted.at for posted in fake.posted] == sorted(check_ins + reminders)
    between = check_ins[0] + timedelta(hours=1)
    await travel(between, clock, store, ticker)
    assert [one.state for one, _ in await store.receipts.list((), 9)] == ["pending", "sent"]
    await travel(TUESDAY + timedelta(weeks=2), clock, store, ticker)
    assert [posted.at for posted in fake.posted[4:]] == sorted(check_ins + reminders)[1:]


async def _quiet_learner(store: Store, now: datetime) -> None:
    at_home = Channel(HERE.workspace, "@ada", "Ada", direct=True)
    cadence = Cadence.weekly(Weekday.FRIDAY, time(23), ZoneInfo("Europe/Berlin"))
    async with store.unit(HERE.workspace) as unit:
        await unit.people.ensure("ada", "Ada")
        await unit.people.set_zone("ada", ZoneInfo("Europe/Berlin"))
        await unit.people.set_messages("ada", MessageSettings(quiet_from=time(22), quiet_to=time(7, 30)))
        await unit.schedules.start(at_home, cadence, "ai-architect", "ada", now, "checkin")
