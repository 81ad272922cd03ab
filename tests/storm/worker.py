"""One replica in a process of its own, to be killed: it ticks as fast as it can, on a clock that runs faster than ours.

    python -m tests.storm.worker DATABASE_URL SLACK_API_URL BEGAN

`BEGAN` is when the storm began, in seconds since 1970; from then on the clock runs `SPEED` times as fast. So a lease of a
minute is over in seconds, and is still far longer than a post takes.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.adapters.slack.transport import SlackClient
from mentorbot.clock import Clock
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.errors import DatabaseProblem
from mentorbot.packs.library import Library
from mentorbot.storage import Store
from tests.adapters.slack_adapter.server import BOT_TOKEN

SPEED = 20


class FastClock(Clock):
    """Every real second since `began` is `SPEED` seconds."""

    def __init__(self, began: float) -> None:
        super().__init__()
        self._began = began

    def now(self) -> datetime:
        """Read the fast clock."""
        begin = datetime.fromtimestamp(self._began, UTC)
        return begin + timedelta(seconds=(Clock().now().timestamp() - self._began) * SPEED)

    def time_until(self, until: datetime) -> timedelta:
        """Convert to real time."""
        return super().time_until(until) / SPEED


async def work(database: str, api: str, began: float) -> None:
    """Tick until killed."""
    clock = FastClock(began)
    store = await Store.open(database, clock)
    if store.jobs is not None:
        store.jobs.heartbeat, store.jobs.stalled_after = 0.2, 1.5  # so a killed worker's jobs go on soon
    client = SlackClient(BOT_TOKEN, api)
    await client.open()
    scheduler = Scheduler(store, Library.open(None, "ai-architect"), clock, {"slack": SlackPlatform(client)})
    print("ready", flush=True)  # noqa: T201  the storm waits for it
    while True:
        with suppress(DatabaseProblem):  # like `mentorbot run`, try again at the next tick
            await scheduler.tick()
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2], float(sys.argv[3])))
