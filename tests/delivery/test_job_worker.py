"""Jobs on PostgreSQL: one for what is due, none for what has time; and what is due is carried, whoever put down the row."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, text

from mentorbot.clock import Weekday
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.people import MessageSettings
from mentorbot.domain.recurrence import Recurrence
from mentorbot.storage import Store
from mentorbot.storage.database import parse_url
from mentorbot.storage.jobs import MAX_ENQUEUED
from mentorbot.storage.planning import PlannedOccurrence
from tests.small_pack import ROLE
from tests.storage.conftest import NewDatabase

from .conftest import DUE, TEAM, Bot

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY = Recurrence.weekly(Weekday.MONDAY, time(9), ZoneInfo("Europe/Berlin"))


def jobs(url: str) -> int:
    """How many jobs there are."""
    engine = create_engine(parse_url(url))
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT count(*) FROM procrastinate_jobs"))
    engine.dispose()
    return int(found or 0)


pytestmark = pytest.mark.postgresql


@pytest.fixture
def empty_url(new_database: NewDatabase) -> str:
    """SQLite keeps no jobs: its rows are carried themselves."""
    return new_database()


async def notice(bot: Bot, person: str, after: timedelta) -> None:
    """A single message for somebody, so long from now."""
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.people.ensure(person, person)
        item = str((await uow.mentorships.wait(person, ROLE)).id)
        at = bot.clock.now() + after
        await uow.deliveries.enqueue(person, ROLE, MessageKind.REQUEST_WAITING, at, key="k", item=item)


async def test_what_is_due_has_a_job_and_what_is_not_has_none(bot: Bot) -> None:
    await notice(bot, "U1", timedelta(0))
    assert jobs(bot.url) == 1
    await notice(bot, "U2", HOUR)
    assert jobs(bot.url) == 1
    await bot.scheduler.tick()
    assert jobs(bot.url) == 0
    assert await bot.states() == ["sent", "pending"]


async def test_what_was_put_down_for_later_goes_at_its_time(bot: Bot) -> None:
    await notice(bot, "U1", HOUR)
    await bot.tick_at(bot.clock.now() + HOUR - MINUTE)
    assert (await bot.states(), jobs(bot.url)) == (["pending"], 0)
    await bot.tick_at(bot.clock.now() + MINUTE)
    assert (await bot.states(), jobs(bot.url)) == (["sent"], 0)
    assert len(bot.platform.posted) == 1


async def test_what_waits_for_hours_keeps_no_job(bot: Bot) -> None:
    """Its check-in waits for the end of quiet hours."""
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.people.ensure("U1", "Ada")
        await uow.people.set_zone("U1", ZoneInfo("Europe/Berlin"))
        await uow.people.set_messages("U1", MessageSettings(time(8), time(12), reminders=False))
    await bot.schedule("U1", MessageKind.CHECKIN)
    await bot.tick_at(DUE)
    assert (await bot.states(), jobs(bot.url)) == (["pending"], 0)
    await bot.tick_at(DUE + 3 * HOUR)
    assert await bot.states() == ["sent"]


async def test_two_who_look_at_once_put_down_one_job(bot: Bot) -> None:
    await notice(bot, "U1", HOUR)
    bot.clock.travel_to(bot.clock.now() + HOUR)
    other = await Store.open(bot.url, bot.clock)
    async with bot.store._session() as first, other._session() as second:  # two transactions side by side
        assert bot.store.jobs is not None
        assert other.jobs is not None
        for session, store in ((first, bot.store), (second, other)):
            assert store.jobs is not None
            assert not await store.jobs.enqueue_due(session, bot.clock.now(), ["slack"])
    await other.close()
    assert jobs(bot.url) == 1


async def test_more_than_go_at_one_time_all_go(bot: Bot) -> None:
    """Rows that an older process has put down, without jobs: twice as many as get one at one time."""
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.people.ensure("U1", "Ada")
    schedule = await bot.schedule("U1", MessageKind.CHECKIN)
    now = bot.clock.now()
    old = [PlannedOccurrence(schedule.id, now - 3 * DAY - number * MINUTE, "") for number in range(MAX_ENQUEUED + 5)]
    async with bot.store.queue.planning() as planning:
        planning._jobs = None  # as a release without jobs did it
        await planning.add(old, now)
    await bot.scheduler.tick()
    assert {*await bot.states()} == {"missed"}
    assert jobs(bot.url) == 0
