"""A bot with a stopped clock, a database in a file, and a chat platform in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from mentorbot.domain.records import Delivery, Schedule

from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import FrozenClock, Weekday
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.delivery.sender import LEASE
from mentorbot.domain.recurrence import Recurrence
from mentorbot.packs.library import Library
from mentorbot.storage import Store
from tests.fake_platform import FakePlatform
from tests.storage.conftest import empty_url, new_database, url

from .small_pack import ROLE, small_library

__all__ = ["empty_url", "new_database", "url"]

TEAM = Workspace("slack", "T1")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY_NINE = Recurrence.weekly(Weekday.MONDAY, time(9), BERLIN)
SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Monday 09:00 in Berlin."""
WEEK = timedelta(weeks=1)


@dataclass
class Bot:
    """The whole of what is posted unasked, in one hand."""

    url: str
    clock: FrozenClock
    store: Store
    library: Library
    platform: FakePlatform
    ticker: Scheduler

    async def post_weekly(
        self, channel_id: str = "C1", cadence: Recurrence = MONDAY_NINE, workspace: Workspace = TEAM
    ) -> Schedule:
        """Start the weekly tip in a channel."""
        async with self.store.unit_of_work(workspace) as uow:
            channel = Channel(workspace, channel_id, f"name of {channel_id}")
            return await uow.schedules.start(channel, cadence, ROLE, "U1", self.clock.now())

    async def tick_at(self, instant: datetime) -> None:
        """Go to an instant, and do what is due there."""
        self.clock.travel_to(instant)
        await self.ticker.tick()

    async def restart(self) -> None:
        """Close everything, as after a crash once the dust has settled, and open it again after the lease is over."""
        await self.store.close()
        self.store = await Store.open(self.url, self.clock)
        self.ticker = new_ticker(self.store, self.library, self.platform)
        self.clock.travel_to(self.clock.now() + LEASE)

    async def deliveries(self) -> list[Delivery]:
        """Every delivery there is, oldest first."""
        found: list[Delivery] = []
        while pair := await self.store.queue.get(len(found) + 1):
            found.append(pair[0])
        return found

    async def states(self) -> list[str]:
        """The state of each delivery."""
        return [delivery.state for delivery in await self.deliveries()]

    async def tip_schedule(self, channel_id: str = "C1") -> Schedule | None:
        """The channel's schedule."""
        async with self.store.unit_of_work(TEAM) as uow:
            return await uow.schedules.get(channel_id)


def new_ticker(store: Store, library: Library, platform: FakePlatform) -> Scheduler:
    """A ticker for one platform."""
    return Scheduler(store, library, platform.clock, {platform.platform: platform})


def cut_off(store: Store) -> None:
    """From now on a worker that is cancelled does not finish what it was at: that is what a crash is like."""
    if store.jobs is not None:
        store.jobs.drain = 0.1


@pytest.fixture
async def bot(tmp_path: Path, url: str) -> AsyncIterator[Bot]:
    """A bot on the Sunday before its first Monday: carried by rows on SQLite, and by jobs on PostgreSQL."""
    clock = FrozenClock(SUNDAY)
    store = await Store.open(url, clock)
    library = small_library(tmp_path)
    platform = FakePlatform(clock)
    made = Bot(url, clock, store, library, platform, new_ticker(store, library, platform))
    yield made
    await made.store.close()
