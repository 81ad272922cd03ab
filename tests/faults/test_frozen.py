"""Replicas that are frozen in the middle of their work, longer than their lease, and wake up again."""

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
from tests.storm.storm import fill, settled, start

from .conftest import posted

MESSAGES, FREEZES = 150, 4
FROZEN = 4.0
"""Seconds: 80 on the replicas' clock, and a lease is over after 60."""


@pytest.mark.postgresql
async def test_a_frozen_replica_wakes_after_its_work_was_taken_over(
    slack: SlackServer, new_database: NewDatabase
) -> None:
    url, began, dice = new_database(), Clock().now().timestamp(), random.Random(3)  # noqa: S311  no secret
    await fill(url, slack, MESSAGES, datetime.fromtimestamp(began, UTC))
    # Slow enough that most freezes come while a post is under way.
    slack.fail("chat.postMessage", *("slow:0.05" for _ in range(MESSAGES * 3)))
    processes = [await start(url, slack.api_url, began) for _ in range(2)]
    async with ended(*processes):
        for number in range(FREEZES):
            await asyncio.sleep(dice.uniform(0.1, 0.5))
            frozen = processes[number % 2]
            frozen.send_signal(signal.SIGSTOP)
            await asyncio.sleep(FROZEN)
            frozen.send_signal(signal.SIGCONT)
        await settled(url)
    assert list(posted(slack).values()) == [1] * MESSAGES
