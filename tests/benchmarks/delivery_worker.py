"""One replica that delivers as fast as it can, once the gate file is there.

python -m tests.benchmarks.delivery_worker DATABASE_URL SLACK_API_URL GATE
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.adapters.slack.transport import SlackClient
from mentorbot.clock import Clock
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.packs.library import Library
from mentorbot.storage import Store


async def work(database: str, api: str, gate: Path) -> None:
    """Deliver until killed."""
    clock = Clock()
    store = await Store.open(database, clock)
    client = SlackClient("xoxb-a-token", api)
    await client.open()
    platforms = {"slack": SlackPlatform(client)}
    scheduler = Scheduler(store, Library.open(None, "ai-architect"), clock, platforms, plans=False)
    print("ready", flush=True)
    while not gate.exists():  # noqa: ASYNC240  nothing else runs yet
        await asyncio.sleep(0.01)
    while True:
        await scheduler.tick()
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
