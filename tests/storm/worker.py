"""One replica, as a process of its own to be killed: ticks as fast as it can, on a clock that runs faster than ours.

    python -m tests.storm.worker DATABASE_URL SLACK_API_URL BEGAN

`BEGAN` is when the storm began, in seconds since 1970; from then on the clock runs `SPEED` times as fast. So a lease of a
minute is over in seconds, and is still far longer than a post takes.
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from mentorbot.adapters.slack.messenger import SlackMessenger
from mentorbot.clock import Clock
from mentorbot.packs.library import Library
from mentorbot.schedule.ticker import Ticker
from mentorbot.storage import Store
from tests.adapters.slack_door.server import BOT_TOKEN

SPEED = 20


class FastClock(Clock):
    """Every real second since `began` is `SPEED` seconds."""

    def __init__(self, began: float) -> None:
        super().__init__()
        self._began = began

    def now(self) -> datetime:
        """The instant on the fast clock."""
        begin = datetime.fromtimestamp(self._began, UTC)
        return begin + timedelta(seconds=(time.time() - self._began) * SPEED)


async def work(database: str, api: str, began: float) -> None:
    """Tick until killed."""
    clock = FastClock(began)
    store = await Store.open(database, clock)
    client = AsyncWebClient(token=BOT_TOKEN, base_url=api, timeout=5, retry_handlers=[])
    ticker = Ticker(store, Library.open(None, "ai-architect"), clock, {"slack": SlackMessenger(client)})
    print("ready", flush=True)  # noqa: T201  the storm waits for it
    while True:
        await ticker.tick()
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2], float(sys.argv[3])))
