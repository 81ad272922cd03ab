"""One replica that delivers as fast as it can, once the gate file is there.

python -m tests.benchmarks.delivery_worker DATABASE_URL SLACK_API_URL GATE
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from mentorbot.adapters.slack.client import SlackClient
from mentorbot.adapters.slack.messenger import SlackMessenger
from mentorbot.clock import Clock
from mentorbot.packs.library import Library
from mentorbot.schedule.ticker import Ticker
from mentorbot.storage import Store


async def work(database: str, api: str, gate: Path) -> None:
    """Deliver until killed."""
    clock = Clock()
    store = await Store.open(database, clock)
    client = SlackClient("xoxb-a-token", api)
    await client.open()
    messengers = {"slack": SlackMessenger(client)}
    ticker = Ticker(store, Library.open(None, "ai-architect"), clock, messengers, plans=False)
    print("ready", flush=True)
    while not gate.exists():  # noqa: ASYNC240  nothing else runs yet
        await asyncio.sleep(0.01)
    while True:
        await ticker.tick()
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
