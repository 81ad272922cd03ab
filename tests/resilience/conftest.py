"""A bot on a real database with messages due in many channels; its Slack is our own server."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.adapters.slack.transport import SlackClient
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Clock, FrozenClock, Weekday
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.domain.deliveries import DeliveryState, Destination, MessageKind
from mentorbot.domain.recurrence import Recurrence
from mentorbot.packs.library import Library
from mentorbot.storage import Store
from tests.adapters.slack_adapter.conftest import slack
from tests.adapters.slack_adapter.server import BOT_TOKEN, SlackServer
from tests.storage.conftest import empty_url, new_database, url
from tests.storm.storm import posted_keys

__all__ = ["empty_url", "new_database", "slack", "url"]

DUE = datetime(2026, 11, 23, 9, tzinfo=UTC)
MONDAY_AT_NINE = Recurrence.weekly(Weekday.MONDAY, DUE.time(), ZoneInfo("UTC"))


@dataclass
class Bot:
    """One replica, with its database and its Slack."""

    clock: Clock
    store: Store
    scheduler: Scheduler
    slack: SlackServer

    async def tick_at(self, instant: datetime) -> None:
        """Move the clock to `instant`, and tick once."""
        self.clock.travel_to(instant)
        await self.scheduler.tick()

    @property
    def posted(self) -> Counter[str]:
        """Count the messages in all channels by key."""
        return posted_keys(self.slack)

    async def states(self) -> Counter[DeliveryState]:
        """Count the deliveries by state."""
        return Counter(delivery.state for delivery in await self.store.deliveries.list((), 10_000))


async def schedule_tips(store: Store, slack: SlackServer, number: int, now: datetime) -> None:
    """Schedule a tip on Mondays at nine (UTC) in so many channels of five workspaces."""
    for index in range(number):
        slack.conversations[f"C{index}"].member = True
        workspace = Workspace("slack", f"T{index % 5}")
        destination = Destination(workspace, Channel(workspace, f"C{index}"))
        async with store.unit_of_work(workspace) as uow:
            await uow.schedules.start(
                destination, MessageKind.TIP, MONDAY_AT_NINE, role="ai-architect", created_by="U1", now=now
            )


@pytest.fixture
async def bot(url: str, slack: SlackServer) -> AsyncIterator[Bot]:
    """Start a replica one hour before forty messages are due. On SQLite it works from rows, on PostgreSQL from jobs."""
    clock = FrozenClock(datetime(2026, 11, 23, 8, tzinfo=UTC))
    store = await Store.open(url, clock)
    client = SlackClient(BOT_TOKEN, slack.api_url)
    await client.open()
    await schedule_tips(store, slack, 40, clock.now())
    scheduler = Scheduler(store, Library.open(None, "ai-architect"), clock, {"slack": SlackPlatform(client)})
    yield Bot(clock, store, scheduler, slack)
    await client.close()
    await store.close()
