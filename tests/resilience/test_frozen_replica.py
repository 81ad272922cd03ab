"""Replicas frozen during delivery for longer than their lease, then woken up."""

from __future__ import annotations

import asyncio
import random
import signal
from datetime import UTC, datetime

import pytest

from mentorbot.clock import Clock
from tests.adapters.slack_adapter.server import SlackServer
from tests.storage.conftest import NewDatabase
from tests.storm.processes import ended
from tests.storm.storm import fill, posted_keys, settled, start

MESSAGES, FREEZES = 150, 4
FREEZE_SECONDS = 4.0
"""80 seconds on the replicas' clock; a lease ends after 60."""


@pytest.mark.postgresql
async def test_a_replica_frozen_past_its_lease_sends_nothing_twice(
    slack: SlackServer, new_database: NewDatabase
) -> None:
    url, began, rng = new_database(), Clock().now().timestamp(), random.Random(3)
    await fill(url, slack, MESSAGES, datetime.fromtimestamp(began, UTC))
    # Slow enough that most freezes hit a post in progress.
    slack.fail("chat.postMessage", *("slow:0.05" for _ in range(MESSAGES * 3)))
    processes = [await start(url, slack.api_url, began) for _ in range(2)]
    async with ended(*processes):
        for number in range(FREEZES):
            await asyncio.sleep(rng.uniform(0.1, 0.5))
            frozen = processes[number % 2]
            frozen.send_signal(signal.SIGSTOP)
            await asyncio.sleep(FREEZE_SECONDS)
            frozen.send_signal(signal.SIGCONT)
        await settled(url)
    assert list(posted_keys(slack).values()) == [1] * MESSAGES
