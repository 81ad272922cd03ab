"""The playground's clock: every occurrence on the way happens at its own time."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from mentorbot.cadence import Cadence, Weekday
from mentorbot.clock import StoppedClock
from mentorbot.messenger import Channel, Workspace
from mentorbot.packs.library import Library
from mentorbot.schedule.ticker import Ticker
from mentorbot.schedule.travel import rewind, travel
from mentorbot.storage import Store
from tests.fake_messenger import FakeMessenger

TUESDAY = datetime(2026, 11, 24, 12, tzinfo=UTC)
HERE = Channel(Workspace("slack", "T1"), "C1", "general")


async def test_a_jump_shows_what_the_weeks_would_have_shown(tmp_path: Path) -> None:
    clock = StoppedClock(TUESDAY)
    store = await Store.open(f"sqlite:///{tmp_path}/t.db", clock)
    fake = FakeMessenger(clock)
    ticker = Ticker(store, Library.open(None, "ai-architect"), clock, {"slack": fake})
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
    await store.close()
