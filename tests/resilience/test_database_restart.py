"""PostgreSQL is killed during delivery and restarted; the bot waits and loses nothing."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.adapters.slack.transport import SlackClient
from mentorbot.clock import Clock
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.domain.deliveries import DeliveryState
from mentorbot.errors import DatabaseProblem
from mentorbot.packs.library import Library
from mentorbot.storage import Store
from tests.adapters.slack_adapter.server import BOT_TOKEN, SlackServer
from tests.postgresql import create_database, start_server
from tests.storm.storm import fill, posted_keys
from tests.storm.worker import SPEED, FastClock

MESSAGES = 150
OUTAGE_SECONDS = 30 / SPEED
"""Half a minute on the bot's clock, in real seconds."""


@pytest.mark.postgresql
@pytest.mark.usefixtures("new_database")  # it prepares the wheel's lock file, and skips without the wheel
async def test_delivery_resumes_after_the_database_restarts(tmp_path: Path, slack: SlackServer) -> None:
    with start_server(tmp_path / "pg") as server:
        url, clock = create_database(server, "away"), FastClock(Clock().now().timestamp())
        await fill(url, slack, MESSAGES, clock.now())
        store = await Store.open(url, clock)
        assert store.jobs is not None
        store.jobs.heartbeat, store.jobs.stalled_after = 0.2, 1.5
        client = SlackClient(BOT_TOKEN, slack.api_url)
        await client.open()
        scheduler = Scheduler(store, Library.open(None, "ai-architect"), clock, {"slack": SlackPlatform(client)})
        delivery = asyncio.create_task(tick_until_sent(scheduler, store))
        while len(posted_keys(slack)) < MESSAGES // 5:
            await asyncio.sleep(0.01)
        pid = server.get_pid()
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)  # PostgreSQL's immediate shutdown, like a power cut
        await asyncio.sleep(OUTAGE_SECONDS)
        with pytest.raises(DatabaseProblem):
            await store.ping()
        assert len(posted_keys(slack)) < MESSAGES
        await asyncio.to_thread(server.start)
        async with asyncio.timeout(60):
            await delivery
        await client.close()
        await store.close()
    assert list(posted_keys(slack).values()) == [1] * MESSAGES


async def tick_until_sent(scheduler: Scheduler, store: Store) -> None:
    """Tick until everything is sent. Like `mentorbot run`, skip a tick when the database is away."""
    while True:
        with suppress(DatabaseProblem):
            await scheduler.tick()
            deliveries = await store.deliveries.list((), 1_000)
            if len(deliveries) == MESSAGES and all(delivery.state is DeliveryState.SENT for delivery in deliveries):
                return
        await asyncio.sleep(0.05)
