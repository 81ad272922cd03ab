"""Jobs on PostgreSQL: each delivery has one once it's due and none before, no matter which process added the row."""

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
from mentorbot.storage.delivery_jobs import MAX_ENQUEUED
from mentorbot.storage.delivery_planning import PlannedOccurrence
from tests.small_pack import ROLE
from tests.storage.conftest import NewDatabase

from .conftest import DUE, TEAM, Bot

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY = Recurrence.weekly(Weekday.MONDAY, time(9), ZoneInfo("Europe/Berlin"))


def count_jobs(url: str) -> int:
    """Count the jobs in the database."""
    engine = create_engine(parse_url(url))
    with engine.connect() as connection:
        count = connection.scalar(text("SELECT count(*) FROM procrastinate_jobs"))
    engine.dispose()
    return int(count or 0)


pytestmark = pytest.mark.postgresql


@pytest.fixture
def empty_url(new_database: NewDatabase) -> str:
    """An empty PostgreSQL database; on SQLite there are no jobs."""
    return new_database()


async def enqueue_message(bot: Bot, person: str, after: timedelta) -> None:
    """Enqueue a single message that's due `after` from now."""
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.people.ensure(person, person)
        item = str((await uow.mentorships.wait(person, ROLE)).id)
        at = bot.clock.now() + after
        await uow.deliveries.enqueue(person, ROLE, MessageKind.REQUEST_WAITING, at, key="k", item=item)


async def test_only_due_messages_have_a_job(bot: Bot) -> None:
    await enqueue_message(bot, "U1", timedelta(0))
    assert count_jobs(bot.url) == 1
    await enqueue_message(bot, "U2", HOUR)
    assert count_jobs(bot.url) == 1
    await bot.scheduler.tick()
    assert count_jobs(bot.url) == 0
    assert await bot.states() == ["sent", "pending"]


async def test_message_enqueued_for_later_is_sent_at_its_time(bot: Bot) -> None:
    await enqueue_message(bot, "U1", HOUR)
    await bot.tick_at(bot.clock.now() + HOUR - MINUTE)
    assert (await bot.states(), count_jobs(bot.url)) == (["pending"], 0)
    await bot.tick_at(bot.clock.now() + MINUTE)
    assert (await bot.states(), count_jobs(bot.url)) == (["sent"], 0)
    assert len(bot.platform.posted) == 1


async def test_message_deferred_for_hours_has_no_job(bot: Bot) -> None:
    """A check-in is deferred to the end of quiet hours."""
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.people.ensure("U1", "Ada")
        await uow.people.set_zone("U1", ZoneInfo("Europe/Berlin"))
        await uow.people.set_messages("U1", MessageSettings(time(8), time(12), reminders=False))
    await bot.schedule("U1", MessageKind.CHECKIN)
    await bot.tick_at(DUE)
    assert (await bot.states(), count_jobs(bot.url)) == (["pending"], 0)
    await bot.tick_at(DUE + 3 * HOUR)
    assert await bot.states() == ["sent"]


async def test_two_processes_enqueue_one_job_for_a_message(bot: Bot) -> None:
    await enqueue_message(bot, "U1", HOUR)
    bot.clock.travel_to(bot.clock.now() + HOUR)
    other = await Store.open(bot.url, bot.clock)
    async with bot.store._session() as first, other._session() as second:  # two transactions side by side
        assert bot.store.jobs is not None
        assert other.jobs is not None
        for session, store in ((first, bot.store), (second, other)):
            assert store.jobs is not None
            assert not await store.jobs.enqueue_due(session, bot.clock.now(), ["slack"])
    await other.close()
    assert count_jobs(bot.url) == 1


async def test_more_messages_than_one_batch_of_jobs_are_all_handled(bot: Bot) -> None:
    """An older release planned them without jobs."""
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.people.ensure("U1", "Ada")
    schedule = await bot.schedule("U1", MessageKind.CHECKIN)
    now = bot.clock.now()
    occurrences = [
        PlannedOccurrence(schedule.id, now - 3 * DAY - number * MINUTE, "") for number in range(MAX_ENQUEUED + 5)
    ]
    async with bot.store.queue.planning() as planning:
        planning._jobs = None  # as in a release without jobs
        await planning.add(occurrences, now)
    await bot.scheduler.tick()
    assert {*await bot.states()} == {"missed"}
    assert count_jobs(bot.url) == 0
