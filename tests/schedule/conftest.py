"""A bot with a stopped clock, a database in a file, and a chat platform in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mentorbot.cadence import Cadence, Weekday
from mentorbot.clock import StoppedClock
from mentorbot.messenger import Channel, Workspace
from mentorbot.packs.library import Library
from mentorbot.schedule.sender import LEASE
from mentorbot.schedule.ticker import Ticker
from mentorbot.storage import Delivery, Schedule, Store
from tests.fake_messenger import FakeMessenger
from tests.storage.conftest import empty_url, new_database, url

from .small_pack import ROLE, small_library

__all__ = ["empty_url", "new_database", "url"]

TEAM = Workspace("slack", "T1")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY_NINE = Cadence.weekly(Weekday.MONDAY, time(9), BERLIN)
SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Monday 09:00 in Berlin."""
WEEK = timedelta(weeks=1)


@dataclass
class Bot:
    """The whole of what is posted unasked, in one hand."""

    url: str
    clock: StoppedClock
    store: Store
    library: Library
    messenger: FakeMessenger
    ticker: Ticker

    async def post_weekly(
        self, channel_id: str = "C1", cadence: Cadence = MONDAY_NINE, workspace: Workspace = TEAM
    ) -> Schedule:
        """Start the weekly tip in a channel."""
        async with self.store.unit(workspace) as unit:
            channel = Channel(workspace, channel_id, f"name of {channel_id}")
            return await unit.schedules.start(channel, cadence, ROLE, "U1", self.clock.now())

    async def tick_at(self, instant: datetime) -> None:
        """Go to an instant, and do what is due there."""
        self.clock.jump_to(instant)
        await self.ticker.tick()

    async def restart(self) -> None:
        """Close everything, as after a crash once the dust has settled, and open it again after the lease is over."""
        await self.store.close()
        self.store = await Store.open(self.url, self.clock)
        self.ticker = new_ticker(self.store, self.library, self.messenger)
        self.clock.jump_to(self.clock.now() + LEASE)

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
        async with self.store.unit(TEAM) as unit:
            return await unit.schedules.get(channel_id)


def new_ticker(store: Store, library: Library, messenger: FakeMessenger) -> Ticker:
    """A ticker for one platform."""
    return Ticker(store, library, messenger.clock, {messenger.platform: messenger})


def cut_off(store: Store) -> None:
    """From now on a worker that is cancelled does not finish what it was at: that is what a crash is like."""
    if store.jobs is not None:
        store.jobs.drain = 0.1


@pytest.fixture
async def bot(tmp_path: Path, url: str) -> AsyncIterator[Bot]:
    """A bot on the Sunday before its first Monday: carried by rows on SQLite, and by jobs on PostgreSQL."""
    clock = StoppedClock(SUNDAY)
    store = await Store.open(url, clock)
    library = small_library(tmp_path)
    messenger = FakeMessenger(clock)
    made = Bot(url, clock, store, library, messenger, new_ticker(store, library, messenger))
    yield made
    await made.store.close()
